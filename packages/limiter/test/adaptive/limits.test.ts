import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { aimd, bulkhead, gradient, vegas, type AdaptiveLimit, type LimitBounds } from '../../src/index.ts';
import { job } from '../job.ts';

const LIMITS = [
  ['aimd', aimd],
  ['vegas', vegas],
  ['gradient', gradient],
] as const;

describe.each(LIMITS)('%s', (name, make: (options?: LimitBounds) => AdaptiveLimit) => {
  it('begins where it is told to', () => {
    expect(make().start().limit).toBe(20);
    expect(make({ initialLimit: 7 }).start().limit).toBe(7);
    expect(make().name).toBe(name);
  });

  it('stays a whole number within its bounds, whatever it sees', () => {
    const sample = fc.record({
      afterMs: fc.double({ min: -100, max: 10_000, noNaN: true }),
      durationMs: fc.double({ min: 0, max: 100_000, noNaN: true }),
      inFlight: fc.integer({ min: 1, max: 300 }),
      overloaded: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 400 }), (samples) => {
        const estimate = make({ initialLimit: 10, minLimit: 3, maxLimit: 60 }).start();
        let nowMs = 0;
        for (const { afterMs, durationMs, inFlight, overloaded } of samples) {
          nowMs += afterMs;
          estimate.sample(nowMs, durationMs, inFlight, overloaded);
          expect(Number.isInteger(estimate.limit)).toBe(true);
          expect(estimate.limit).toBeGreaterThanOrEqual(3);
          expect(estimate.limit).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  it('shrinks to its lowest under overload that does not end, and recovers after it', () => {
    const estimate = make({ minLimit: 2, maxLimit: 50 }).start();
    let nowMs = 0;
    const see = (overloaded: boolean, calls: number) => {
      for (let call = 0; call < calls; call++) {
        estimate.sample((nowMs += 30), 25, estimate.limit, overloaded);
      }
    };
    see(true, 20_000);
    expect(estimate.limit).toBe(2);
    see(false, 20_000);
    expect(estimate.limit).toBe(50);
  });

  it('does not grow while nobody reaches it', () => {
    const estimate = make().start();
    for (let nowMs = 0; nowMs < 600_000; nowMs += 100) estimate.sample(nowMs, 50, 1, false);
    expect(estimate.limit).toBeLessThanOrEqual(20);
  });

  it.each([
    [{ minLimit: 0 }, `${name}: minLimit must be an integer >= 1, got 0`],
    [{ minLimit: 5, maxLimit: 4 }, `${name}: maxLimit must be an integer >= 5, got 4`],
    [{ initialLimit: 2, minLimit: 3 }, `${name}: initialLimit must be a number >= 3 and <= 1000, got 2`],
    [{ initialLimit: 2_000 }, 'got 2000'],
    [{ windowMS: 4 }, `${name} has no option "windowMS"`],
  ])('refuses the options %j', (options, message) => {
    expect(() => make(options as LimitBounds)).toThrow(message);
  });
});

describe('aimd', () => {
  it('grows by one for a round of calls, and shrinks by the ratio once a round', () => {
    const estimate = aimd({ initialLimit: 10, backoffRatio: 0.5 }).start();
    for (let call = 0; call < 11; call++) estimate.sample(1_000, 10, 10, false);
    expect(estimate.limit).toBe(11);
    // All of these began before the first of them was seen.
    for (let call = 0; call < 10; call++) estimate.sample(1_001 + call, 100, 10, true);
    expect(estimate.limit).toBe(5);
    estimate.sample(1_200, 100, 5, true);
    expect(estimate.limit).toBe(2);
  });

  it('counts slow calls as overload where it is told to', () => {
    const estimate = aimd({ slowMs: 100 }).start();
    estimate.sample(0, 100, 20, false);
    expect(estimate.limit).toBe(20);
    estimate.sample(0, 101, 20, false);
    expect(estimate.limit).toBe(18);
  });
});

describe('a bulkhead with an adaptive limit', () => {
  /** Shrinks at each overload by one, and grows at each success. */
  const stepping: AdaptiveLimit = {
    name: 'stepping',
    start: () => ({
      limit: 2,
      sample(_nowMs, _durationMs, _inFlight, overloaded) {
        (this as { limit: number }).limit += overloaded ? -1 : 1;
      },
    }),
  };

  it('lets waiting calls in as the limit grows, and tells of it', async () => {
    const clock = manualClock();
    const strategy = bulkhead({ name: 'db', maxConcurrent: stepping, maxQueue: 5, clock });
    const { events } = recordEvents(strategy);
    const jobs = Array.from({ length: 5 }, job);
    for (const { run } of jobs) void strategy.execute(run);
    jobs[0]?.finish();
    await clock.advance(0);
    expect(jobs.map(({ started }) => started())).toEqual([true, true, true, true, false]);
    expect(strategy.stats()).toMatchObject({ limit: 3, inFlight: 3 });
    expect(events).toEqual([
      { type: 'bulkhead.limit_changed', strategy: 'db', from: 2, to: 3, key: undefined },
    ]);
  });

  it('lets nobody in while more are running than a limit that shrank allows', async () => {
    const clock = manualClock();
    const isOverload = (error: unknown) => error === 503;
    const strategy = bulkhead({ maxConcurrent: stepping, maxQueue: 5, isOverload, clock });
    const jobs = Array.from({ length: 4 }, job);
    for (const { run } of jobs) strategy.execute(run).catch(() => undefined);
    jobs[0]?.fail(503);
    await clock.advance(0);
    expect(strategy.stats()).toMatchObject({ limit: 1, inFlight: 1, queueLength: 2 });
    jobs[1]?.fail(new Error('an error that tells nothing about load'));
    await clock.advance(0);
    expect(strategy.stats()).toMatchObject({ limit: 1, inFlight: 1, queueLength: 1 });
  });

  it('measures how long calls take, and how many run beside them', async () => {
    const clock = manualClock({ startMs: 1_000 });
    const sample = vi.fn();
    const maxConcurrent: AdaptiveLimit = { name: 'seen', start: () => ({ limit: 3, sample }) };
    const strategy = bulkhead({ maxConcurrent, clock });
    const jobs = [job(), job()];
    for (const { run } of jobs) strategy.execute(run).catch(() => undefined);
    await clock.advance(40);
    jobs[0]?.finish();
    await clock.advance(2);
    jobs[1]?.fail(
      Object.assign(new Error('late'), { code: 'ERR_TIMEOUT', strategy: 't', retryAfterMs: undefined }),
    );
    await clock.advance(0);
    expect(sample.mock.calls).toEqual([
      [1_040, 40, 2, false],
      [1_042, 42, 1, true],
    ]);
  });

  it('keeps what the limit of a key has learned, in bounded number', async () => {
    const clock = manualClock();
    const keyBy = ({ host }: Readonly<Record<string, string>>) => host;
    const strategy = bulkhead({ maxConcurrent: stepping, keyBy, maxKeys: 3, clock });
    for (let host = 0; host < 50; host++) {
      await strategy.execute(() => 'x', { attributes: { host: String(host) } });
    }
    expect(strategy.stats().compartments).toBe(4);
  });
});
