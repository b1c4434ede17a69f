import { defineStrategy, isTimeout, type ExecutionContext } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';

const clock = manualClock();
const plain = defineStrategy('plain', {
  kind: 'scope',
  name: 'plain',
  clock,
  strict: false,
  enter: () => undefined,
  exit: () => undefined,
});

/** A generator that hangs between two items, where `return()` does not reach it, until its signal aborts. */
async function* hangAfter(items: number, { signal }: ExecutionContext) {
  for (let i = 0; i < items; i++) yield i;
  await new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

describe('a source whose item is late', () => {
  it.each([
    ['the first', 0, { firstItemMs: 100 }],
    ['a later', 2, { idleMs: 100 }],
  ])('%s: hears of it by its signal', async (_, items, limits) => {
    const contexts: ExecutionContext[] = [];
    const stream = plain.stream((ctx) => {
      contexts.push(ctx);
      return hangAfter(items, ctx);
    }, limits);
    for (let i = 0; i < items; i++) await stream.next();
    const late = stream.next().catch((error: unknown) => error);
    await clock.advance(100);
    expect(isTimeout(await late)).toBe(true);
    expect(contexts[0]?.signal.aborted).toBe(true);
    expect(isTimeout(contexts[0]?.signal.reason)).toBe(true);
  });
});
