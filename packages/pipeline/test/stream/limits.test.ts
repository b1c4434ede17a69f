import { describe, expect, it } from 'vitest';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';
import { hang, setUp } from './set-up.ts';
import { collect, items, source } from './source.ts';

expectNoUnhandledRejections();

describe('the limits of a stream', () => {
  it.each([
    [49, undefined],
    [50, undefined],
    [51, { code: 'ERR_TIMEOUT', strategy: 'stream (first item)', timeoutMs: 50 }],
  ])('firstItemMs: 50 ms, with the first item after %i ms', async (afterMs, error) => {
    const { clock, guarded, gate } = setUp();
    const stream = guarded.stream(() => source(clock, [{ item: 1, afterMs }]), { firstItemMs: 50 });
    const first = watch(stream.next(), clock);
    await clock.advance(50);
    if (error === undefined) expect(first).toMatchObject({ value: { value: 1 }, atMs: afterMs });
    else expect(first).toMatchObject({ error, atMs: 50 });
    expect(gate.outcomes).toEqual(error === undefined ? [] : ['failure']);
  });

  it('firstItemMs covers the time it takes to open the stream', async () => {
    const { clock, guarded } = setUp();
    const from = source(clock, [{ item: 1, afterMs: 30 }]);
    const opening = () => new Promise<typeof from>((resolve) => clock.setTimer(() => resolve(from), 30));
    const first = watch(guarded.stream(opening, { firstItemMs: 50 }).next(), clock);
    await clock.run();
    expect(first).toMatchObject({ error: { timeoutMs: 50 }, atMs: 50 });
    expect(from.returned).toBe(1);
  });

  it('firstItemMs: 0 gives no time at all', async () => {
    const { clock, guarded } = setUp();
    const first = watch(
      guarded.stream(() => source<number>(clock, [hang]), { firstItemMs: 0 }).next(),
      clock,
    );
    await clock.advance(0);
    expect(first).toMatchObject({ error: { timeoutMs: 0 }, atMs: 0 });
  });

  it.each([
    [50, undefined],
    [51, { code: 'ERR_TIMEOUT', strategy: 'stream (next item)', timeoutMs: 50 }],
  ])('idleMs: 50 ms, with %i ms between two items', async (afterMs, error) => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, [
      { item: 1, afterMs: 200 },
      { item: 2, afterMs },
    ]);
    const all = watch(collect(guarded.stream(() => from, { idleMs: 50 })), clock);
    await clock.run();
    if (error === undefined) expect(all.value).toEqual([1, 2]);
    else expect(all).toMatchObject({ error, atMs: 250 });
    expect(gate.outcomes).toEqual([error === undefined ? 'success' : 'failure']);
    expect(from.returned).toBe(error === undefined ? 0 : 1);
  });

  it('idleMs does not count the time that the consumer takes', async () => {
    const { clock, guarded } = setUp();
    const stream = guarded.stream(() => source(clock, items(1, 2)), { idleMs: 50 });
    await stream.next();
    await clock.advance(5_000);
    expect(await stream.next()).toEqual({ done: false, value: 2 });
  });

  it.each([
    ['that breaks', { error: new Error('broken') }],
    ['that is left', hang],
  ])('leave no timer behind a stream %s', async (_, pull) => {
    const { clock, guarded } = setUp();
    const stream = guarded.stream(() => source<number>(clock, [...items(1), pull]), {
      firstItemMs: 50,
      idleMs: 50,
    });
    await stream.next();
    watch(stream.next());
    await clock.advance(10);
    await stream.return?.();
    expect(clock.pendingTimers).toBe(0);
  });

  it('leave no timer behind', async () => {
    const { clock, guarded } = setUp();
    await collect(
      guarded.stream(() => source(clock, items(1, 2)), { firstItemMs: 50, idleMs: 50, timeoutMs: 90 }),
    );
    expect(clock.pendingTimers).toBe(0);
  });
});
