import { getEventListeners } from 'node:events';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import { manualClock, recordEvents, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { hedge, retry } from '../src/index.ts';
import { watch } from './watch.ts';

const reason = { why: 'the caller has left' };

describe('a caller’s abort of a retry', () => {
  const phases = [
    ['before the first attempt', 0, 0, 0],
    ['during the first attempt', 30, 1, 0],
    ['during the backoff', 100, 1, 1],
    ['during the second attempt', 170, 2, 1],
    ['during the second backoff', 250, 2, 2],
  ] as const;

  it.each(phases)(
    '%s settles the call in the same instant with the caller’s reason',
    async (_, atMs, attempts, scheduled) => {
      const clock = manualClock();
      const strategy = retry({ maxAttempts: 5, backoff: 'constant', baseDelayMs: 100, clock });
      const recorder = recordEvents(strategy);
      const operation = script(clock, { error: new Error('down'), afterMs: 60 });
      const abort = new AbortController();
      if (atMs === 0) abort.abort(reason);
      else clock.setTimer(() => abort.abort(reason), atMs);
      const call = watch(strategy.execute(operation, { signal: abort.signal }), clock);
      await clock.run();
      expect(call).toEqual({ settled: true, error: reason, atMs });
      expect(operation.calls).toHaveLength(attempts);
      expect(recorder.types).toEqual(Array.from({ length: scheduled }, () => 'retry.scheduled'));
      expect(strategy.stats()).toMatchObject({ exhausted: 0, recovered: 0 });
    },
  );

  it('reaches the running attempt', async () => {
    const clock = manualClock();
    const strategy = retry({ maxAttempts: 2, backoff: 'constant', baseDelayMs: 100, clock });
    const operation = script(clock, { error: new Error('down') }, { value: 1, afterMs: 1_000 });
    const abort = new AbortController();
    watch(strategy.execute(operation, { signal: abort.signal }));
    await clock.advance(150);
    const signal = operation.calls[1]?.signal;
    abort.abort(reason);
    expect(signal?.reason).toBe(reason);
  });

  it('leaves no timer behind', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const strategy = retry({ baseDelayMs: 10_000, backoff: 'constant', clock });
    watch(strategy.execute(() => Promise.reject(new Error('down')), { signal: abort.signal }));
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(1);
    abort.abort(reason);
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('after the success changes nothing', async () => {
    const abort = new AbortController();
    const call = retry().execute(({ signal }) => signal, { signal: abort.signal });
    const signal = await call;
    abort.abort(reason);
    expect(signal.aborted).toBe(false);
  });
});

describe('a long-lived signal', () => {
  async function listenersAfter(calls: number, strategy: Strategy<unknown>, fail: (i: number) => boolean) {
    const { signal } = new AbortController();
    let most = 0;
    for (let i = 0; i < calls; i++) {
      let attempts = 0;
      const operation = () => {
        if (fail(i) && attempts++ === 0) throw new Error('once');
        return i;
      };
      await strategy.execute(operation, { signal });
      if (i % 1_000 === 0) most = Math.max(most, getEventListeners(signal, 'abort').length);
    }
    return Math.max(most, getEventListeners(signal, 'abort').length);
  }

  it('keeps no listener of 100,000 calls', async () => {
    expect(await listenersAfter(100_000, retry(), () => false)).toBe(0);
  });

  it('keeps no listener of calls that were retried', async () => {
    const strategy = retry({ baseDelayMs: 0, maxDelayMs: 0 });
    expect(await listenersAfter(200, strategy, () => true)).toBe(0);
  });

  it('keeps no listener of hedged calls', async () => {
    expect(await listenersAfter(2_000, pipeline(retry(), hedge({ delayMs: 1_000 })), () => false)).toBe(0);
  });
});
