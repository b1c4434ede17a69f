import { createExpiryQueue, defineStrategy, pipeline, TimeoutError, type Clock } from '@holdfast/pipeline';
import { manualClock, recordEvents, script, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retry } from '../src/index.ts';
import { watch } from './watch.ts';

const down = { error: new Error('down') };

/** A strict timeout of a few lines. */
function limit(timeoutMs: number, clock: Clock) {
  const queue = createExpiryQueue(clock, timeoutMs, ({ call, scope }) =>
    call.end(scope, new TimeoutError(timeoutMs, { strategy: 'limit' }), true),
  );
  return defineStrategy('limit', {
    kind: 'scope',
    name: 'limit',
    strict: true,
    clock,
    enter: (call, scope) => queue.add(call, scope),
    exit: (handle) => queue.remove(handle as Parameters<typeof queue.remove>[0]),
  });
}

describe('a retry under a deadline', () => {
  it.each([
    [99, 1],
    [100, 1],
    [101, 2],
  ])('of %i ms with delays of 100 ms makes %i attempts', async (timeoutMs, attempts) => {
    const clock = manualClock();
    const strategy = retry({ maxAttempts: 2, backoff: 'constant', baseDelayMs: 100, clock });
    const operation = script(clock, down);
    const call = watch(strategy.execute(operation, { timeoutMs }), clock);
    await clock.run();
    expect(operation.calls).toHaveLength(attempts);
    expect(call.error).toBe(down.error);
    expect(call.atMs).toBe(attempts === 1 ? 0 : 100);
  });

  it('says so instead of waiting in vain', async () => {
    const clock = manualClock();
    const strategy = retry({ backoff: 'constant', baseDelayMs: 600, clock });
    const recorder = recordEvents(strategy);
    const call = watch(strategy.execute(script(clock, down), { timeoutMs: 1_000 }), clock);
    await clock.run();
    expect(call).toMatchObject({ error: down.error, atMs: 600 });
    expect(recorder.types).toEqual(['retry.scheduled', 'retry.deadline_exhausted']);
    expect(strategy.stats()).toMatchObject({ deadlineExhausted: 1, exhausted: 0 });
  });

  it('leaves each attempt at least minAttemptMs', async () => {
    const clock = manualClock();
    const strategy = retry({
      maxAttempts: 9,
      backoff: 'constant',
      baseDelayMs: 100,
      minAttemptMs: 250,
      clock,
    });
    const left: (number | undefined)[] = [];
    const call = watch(
      strategy.execute(
        (ctx) => {
          left.push(ctx.remainingMs());
          throw down.error;
        },
        { timeoutMs: 500 },
      ),
    );
    await clock.run();
    expect(call.error).toBe(down.error);
    expect(left).toEqual([500, 400, 300]);
  });

  it('ends a running attempt when time is up', async () => {
    const clock = manualClock();
    const strategy = retry({ backoff: 'constant', baseDelayMs: 100, clock });
    const operation = script(clock, down, { value: 1, afterMs: 10_000 });
    const call = watch(pipeline(limit(500, clock), strategy).execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ error: { code: 'ERR_TIMEOUT', strategy: 'limit' }, atMs: 500 });
    expect(operation.calls).toHaveLength(2);
  });

  it('retries an attempt that ran out of the time of its own', async () => {
    const clock = manualClock();
    const strategy = retry({ backoff: 'constant', baseDelayMs: 100, clock });
    const operation = script(clock, { value: 1, afterMs: 10_000 }, { value: 2, afterMs: 10 });
    const call = watch(pipeline(strategy, limit(500, clock)).execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ value: 2, atMs: 610 });
  });

  it('starts nothing when the wait was late', async () => {
    const clock = manualClock();
    // A process that was stopped: the timer of the backoff fires long after its time, before that of the deadline.
    const stalled: Clock = {
      now: () => clock.now(),
      wallNow: () => clock.wallNow(),
      sharedTimers: true,
      setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs === 100 ? 900 : 5_000),
    };
    const strategy = retry({ backoff: 'constant', baseDelayMs: 100, clock: stalled });
    const operation = script(clock, down);
    const call = watch(strategy.execute(operation, { timeoutMs: 500 }), clock);
    await clock.run();
    expect(operation.calls).toHaveLength(1);
    expect(call).toMatchObject({ error: down.error, atMs: 900 });
  });

  it('never starts an attempt at or past it, whatever the delays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.constantFrom('full-jitter', 'decorrelated-jitter', 'exponential', 'constant'),
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer(),
        async (timeoutMs, backoff, baseDelayMs, lastsMs, seed) => {
          const clock = manualClock();
          const random = seededRandom(seed);
          const strategy = retry({ maxAttempts: 30, backoff, baseDelayMs, clock, random });
          const startedAtMs: number[] = [];
          const call = watch(
            strategy.execute(
              () => {
                startedAtMs.push(clock.now());
                return new Promise((_, reject) => clock.setTimer(() => reject(down.error), lastsMs));
              },
              { timeoutMs },
            ),
            clock,
          );
          await clock.run();
          expect(Math.max(...startedAtMs)).toBeLessThan(timeoutMs);
          expect(call.atMs).toBeLessThanOrEqual(timeoutMs);
        },
      ),
    );
  });
});
