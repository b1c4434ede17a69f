import { describe, expect, it } from 'vitest';
import type { RefreshLock } from '@holdfast/credential-broker';

/** What every lock does; two of them are of two processes. */
export function refreshLockContract(
  where: string,
  open: () => Promise<readonly [RefreshLock, RefreshLock]>,
): void {
  describe(`a lock in ${where}`, () => {
    it('is one process’s until it is given back', async () => {
      const [mine, other] = await open();
      const release = await mine.take('a');
      expect(release).toBeDefined();
      expect(await other.take('a')).toBeUndefined();
      await release?.();
      const next = await other.take('a');
      expect(next).toBeDefined();
      await next?.();
    });

    it('has nothing to do with another name', async () => {
      const [mine, other] = await open();
      const taken = [await mine.take('a'), await other.take('b')];
      expect(taken).not.toContain(undefined);
      for (const release of taken) await release?.();
    });

    it('is given to one of many who ask', async () => {
      const [mine, other] = await open();
      const asked = Array.from({ length: 10 }, (_, at) => (at % 2 ? mine : other).take('a'));
      const taken = (await Promise.all(asked)).filter((release) => release !== undefined);
      expect(taken).toHaveLength(1);
      await taken[0]?.();
    });
  });
}
