import { describe, expect, it } from 'vitest';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';
import { hang, setUp } from './set-up.ts';
import { collect, items, source } from './source.ts';

expectNoUnhandledRejections();

describe('an abort', () => {
  it.each([
    ['before the first item', 0],
    ['in the middle', 1],
  ])('%s settles the request at once with the caller’s reason, and counts as nothing', async (_, before) => {
    const { clock, guarded, gate } = setUp();
    const abort = new AbortController();
    const from = source<number>(clock, [...items(1).slice(0, before), hang]);
    const stream = guarded.stream(() => from, { signal: abort.signal });
    for (let i = 0; i < before; i++) await stream.next();
    const pending = watch(stream.next(), clock);
    await clock.advance(5);
    abort.abort('left');
    await clock.advance(0);
    expect(pending).toEqual({ settled: 1, error: 'left', atMs: 5 });
    expect(gate.outcomes).toEqual(['ignored']);
    expect(from.returned).toBe(1);
  });

  it('before the first request starts nothing', async () => {
    const { clock, guarded, gate } = setUp();
    const stream = guarded.stream(() => source(clock, items(1)), { signal: AbortSignal.abort('left') });
    await expect(stream.next()).rejects.toBe('left');
    expect(gate.admitted).toEqual([]);
  });

  it('closes a source that is still being opened as soon as it arrives', async () => {
    const { clock, guarded } = setUp();
    const abort = new AbortController();
    const from = source(clock, items(1));
    const opening = () => new Promise<typeof from>((resolve) => clock.setTimer(() => resolve(from), 50));
    const pending = watch(guarded.stream(opening, { signal: abort.signal }).next(), clock);
    await clock.advance(10);
    abort.abort('left');
    await clock.advance(0);
    expect(pending).toMatchObject({ error: 'left', atMs: 10 });
    expect(from.returned).toBe(0);
    await clock.advance(40);
    expect([from.pulled, from.returned]).toEqual([0, 1]);
  });

  it('is not followed any more once the stream has ended', async () => {
    const { clock, guarded, gate } = setUp();
    const abort = new AbortController();
    const signals: AbortSignal[] = [];
    const stream = guarded.stream(
      (ctx) => {
        signals.push(ctx.signal);
        return source(clock, items(1));
      },
      { signal: abort.signal },
    );
    await collect(stream);
    abort.abort();
    expect(signals[0]?.aborted).toBe(false);
    expect(gate.outcomes).toEqual(['success']);
  });
});
