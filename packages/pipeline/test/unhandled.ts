import { afterAll, beforeAll, expect } from 'vitest';

/** Makes every unhandled rejection of this file a failure of the file; they are reported a turn late. */
export function expectNoUnhandledRejections(): void {
  const unhandled: unknown[] = [];
  const listener = (reason: unknown) => unhandled.push(reason);
  const others = process.listeners('unhandledRejection');
  beforeAll(() => {
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', listener);
  });
  afterAll(async () => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    process.off('unhandledRejection', listener);
    for (const other of others) process.on('unhandledRejection', other);
    expect(unhandled).toEqual([]);
  });
}
