import { defineStrategy, type ExecutionContext } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from '../again.ts';
import { watch } from '../watch.ts';
import { hang, setUp } from './set-up.ts';
import { collect, items, source, type Pull } from './source.ts';

/** Opens a stream and keeps the context that its operation got. */
function opened(pulls: readonly Pull<number>[], options: object) {
  const { clock, guarded, gate } = setUp();
  const contexts: ExecutionContext[] = [];
  const operation = (ctx: ExecutionContext) => {
    contexts.push(ctx);
    return source(clock, pulls);
  };
  return { clock, gate, contexts, stream: guarded.stream(operation, options) };
}

describe('the context of a source', () => {
  it.each([
    ['the first item', [hang], { firstItemMs: 50 }],
    ['the next item', [...items(1), hang], { idleMs: 50 }],
  ])('aborts with the error of the caller when %s is late', async (_, pulls, options) => {
    const { clock, contexts, stream } = opened(pulls, options);
    const all = watch(collect(stream));
    const signal = () => contexts[0]?.signal;
    await clock.advance(49);
    expect(signal()?.aborted).toBe(false);
    await clock.advance(1);
    expect(all.error).toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 50 });
    expect(signal()?.reason).toBe(all.error);
  });

  it('aborts in the turn in which the caller does', async () => {
    const abort = new AbortController();
    const { clock, contexts, stream } = opened([hang], { signal: abort.signal });
    const first = watch(stream.next());
    const signal = contexts[0]?.signal;
    abort.abort('left');
    expect(signal?.reason).toBe('left');
    await clock.advance(0);
    expect(first.error).toBe('left');
  });

  it('tells the reason also to who reads the signal for the first time after the end', async () => {
    const { clock, contexts, stream } = opened([hang], { firstItemMs: 50 });
    const all = watch(collect(stream));
    await clock.advance(50);
    expect(contexts[0]?.signal.reason).toBe(all.error);
  });

  it('does not abort when the source ends', async () => {
    const { clock, contexts, stream } = opened(items(1, 2), { firstItemMs: 50, idleMs: 50, timeoutMs: 90 });
    await collect(stream);
    await clock.advance(100);
    expect(contexts[0]?.signal.aborted).toBe(false);
  });

  it('tells the time that is left of the call, not that until the first item is due', async () => {
    const { clock, contexts, stream } = opened(items(1, 2), { firstItemMs: 50, timeoutMs: 200 });
    const first = stream.next();
    expect(contexts[0]?.remainingMs()).toBe(200);
    await first;
    await clock.advance(30);
    expect(contexts[0]?.remainingMs()).toBe(170);
  });

  it('tells no time without a limit', async () => {
    const { contexts, stream } = opened(items(1), {});
    await stream.next();
    expect(contexts[0]?.remainingMs()).toBeUndefined();
  });

  it('tells the attempt and the attributes', async () => {
    const clock = manualClock();
    const seen: unknown[] = [];
    const stream = defineStrategy('again', again(2)).stream(
      ({ attempt, attributes }) => {
        seen.push([attempt, attributes]);
        return source<number>(clock, attempt === 1 ? [{ error: 'down' }] : items(1));
      },
      { attributes: { tenant: 'a' } },
    );
    await collect(stream);
    expect(seen).toEqual([
      [1, { tenant: 'a' }],
      [2, { tenant: 'a' }],
    ]);
  });

  it('hands its end on to calls within', async () => {
    const { clock, guarded } = setUp();
    const inner = setUp();
    const nested: ReturnType<typeof watch>[] = [];
    const stream = guarded.stream(
      (within) => {
        nested.push(watch(inner.guarded.execute(() => new Promise<never>(() => undefined), { within })));
        return source<number>(clock, [hang]);
      },
      { firstItemMs: 50 },
    );
    const all = watch(collect(stream));
    await clock.advance(50);
    expect(nested[0]?.error).toBe(all.error);
    expect(inner.gate.outcomes).toEqual(['ignored']);
  });
});
