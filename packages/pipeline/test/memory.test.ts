import { defineStrategy, pipeline, systemClock, type Strategy } from '@holdfast/pipeline';
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { collect } from './stream/source.ts';
import { timeLimit } from './time-limit.ts';

/** Lets finished work go, then counts what is still reachable. */
async function alive(refs: readonly WeakRef<object>[]): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await new Promise(setImmediate);
    globalThis.gc?.();
  }
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

const make = () =>
  pipeline(
    defineStrategy('outer', timeLimit(systemClock, 600_000)),
    defineStrategy('again', again(2)),
    defineStrategy('gate', recordingGate()),
    defineStrategy('inner', timeLimit(systemClock, 300_000, false)),
  );

async function useAndDrop(count: number): Promise<WeakRef<Strategy>[]> {
  const refs: WeakRef<Strategy>[] = [];
  for (let i = 0; i < count; i++) {
    const guarded = make();
    refs.push(new WeakRef(guarded));
    if (i % 100 === 0)
      await guarded.try(({ signal }) => (i % 200 === 0 ? signal : Promise.reject(new Error())));
  }
  return refs;
}

describe('what is dropped', () => {
  it('is collected: 10,000 pipelines', async () => {
    const refs = await useAndDrop(10_000);
    // The last ones may still be on the stack; those that were used wait for a timer that holds no process.
    expect(await alive(refs)).toBeLessThan(10);
  });

  it('is collected: the contexts of settled calls, although the strategy lives on', async () => {
    const guarded = make();
    const contexts: WeakRef<object>[] = [];
    for (let i = 0; i < 1_000; i++) {
      await guarded.try((ctx) => {
        contexts.push(new WeakRef(ctx));
        return ctx.signal.aborted;
      });
    }
    expect(await alive(contexts)).toBeLessThan(10);
  });

  it('is collected: the contexts of calls that timed out while their operation hangs on', async () => {
    const guarded = defineStrategy('limit', timeLimit(systemClock, 1));
    const contexts: WeakRef<object>[] = [];
    const calls = Array.from({ length: 100 }, () =>
      guarded.try((ctx) => {
        contexts.push(new WeakRef(ctx));
        return new Promise<never>(() => undefined);
      }),
    );
    await Promise.all(calls);
    calls.length = 0;
    expect(await alive(contexts)).toBeLessThan(10);
  });
});

describe('one signal for a whole life', () => {
  it('keeps no listener after 100,000 calls', async () => {
    const guarded = defineStrategy('chain', [again(2), recordingGate('gate', [])]);
    const bare = defineStrategy('bare', []);
    const { signal } = new AbortController();
    for (let i = 0; i < 100_000; i++) await bare.execute(() => i, { signal });
    for (let i = 0; i < 1_000; i++) {
      await guarded.try(() => (i % 2 ? i : Promise.reject(new Error())), { signal, timeoutMs: 60_000 });
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('keeps no listener after streams that ended, broke or were left', async () => {
    const { signal } = new AbortController();
    async function* source(fails: boolean) {
      yield 1;
      if (fails) throw new Error('broken');
      yield 2;
    }
    const guarded = defineStrategy('gate', recordingGate());
    for (let i = 0; i < 50; i++) {
      await collect(guarded.stream(() => source(false), { signal }));
      await collect(guarded.stream(() => source(true), { signal })).catch(Boolean);
      for await (const _ of guarded.stream(() => source(false), { signal })) break;
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that a call listens to while it runs is heard by that call', async () => {
    const abort = new AbortController();
    const call = defineStrategy('gate', recordingGate()).execute(() => new Promise<never>(() => undefined), {
      signal: abort.signal,
    });
    expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
    abort.abort('left');
    await expect(call).rejects.toBe('left');
    expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
  });
});
