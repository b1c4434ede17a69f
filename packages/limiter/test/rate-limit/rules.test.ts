import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slidingWindow, tokenBucket, type RateRule } from '../../src/index.ts';

interface Taken {
  readonly atMs: number;
  readonly cost: number;
}

const arrivals = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 300, noNaN: true })),
    cost: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 6 })),
  }),
  { maxLength: 200 },
);

/** Offers calls to a fresh meter and tells which were taken, and when. */
function taken(rule: RateRule, offered: readonly { afterMs: number; cost: number }[]): readonly Taken[] {
  let nowMs = 12_345;
  const meter = rule.start(nowMs);
  return offered.flatMap(({ afterMs, cost }) => {
    nowMs += afterMs;
    return meter.take(nowMs, cost) === 0 ? [{ atMs: nowMs, cost }] : [];
  });
}

/** The most that any window of time holds. */
function mostIn(windowMs: number, calls: readonly Taken[]): number {
  const sums = calls.map(({ atMs }) =>
    calls
      .filter((other) => other.atMs >= atMs && other.atMs < atMs + windowMs)
      .reduce((sum, { cost }) => sum + cost, 0),
  );
  return Math.max(0, ...sums);
}

const RULES = [
  ['tokenBucket', tokenBucket({ limit: 10, windowMs: 1_000 })],
  ['slidingWindow', slidingWindow({ limit: 10, windowMs: 1_000, slots: 5 })],
] as const;

describe.each(RULES)('%s', (_, rule) => {
  it('lets the limit pass at once, and tells exactly when there is more', () => {
    const meter = rule.start(0);
    for (let call = 0; call < 10; call++) expect(meter.take(0, 1)).toBe(0);
    const waitMs = meter.take(0, 1);
    expect(waitMs).toBeGreaterThan(0);
    expect(meter.waitMs(waitMs - 1, 1)).toBeCloseTo(1, 6);
    expect(meter.take(waitMs - 1, 1)).toBeCloseTo(1, 6);
    expect(meter.take(waitMs, 1)).toBe(0);
  });

  it('never has enough for a cost above the limit', () => {
    expect(rule.start(0).take(0, 10)).toBe(0);
    expect(rule.start(0).take(0, 10.01)).toBe(Infinity);
  });

  it('tells the truth about when a cost can be taken, whatever was taken before', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 10 }), (offered, cost) => {
        let nowMs = 0;
        const meter = rule.start(nowMs);
        for (const { afterMs, cost: before } of offered) meter.take((nowMs += afterMs), before);
        const waitMs = meter.waitMs(nowMs, cost);
        if (waitMs > 0.001) expect(meter.waitMs(nowMs + waitMs - 0.001, cost)).toBeGreaterThan(0);
        expect(meter.take(nowMs + waitMs + 0.001, cost)).toBe(0);
      }),
    );
  });

  it('estimates the wait of more than a window holds', () => {
    const meter = rule.start(0);
    meter.take(0, 10);
    const waits = [5, 10, 15, 25, 35].map((cost) => meter.waitMs(0, cost));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.at(-1)).toBeGreaterThanOrEqual(2_500);
    expect(waits.at(-1)).toBeLessThan(5_000);
  });

  it('takes a charge beyond the limit, and a refund back to it but not above', () => {
    const meter = rule.start(0);
    meter.charge(0, 15);
    expect(meter.remaining(0)).toBe(0);
    expect(meter.take(0, 1)).toBeGreaterThan(0);
    meter.charge(0, -15);
    expect(meter.remaining(0)).toBe(10);
    expect(meter.take(0, 10)).toBe(0);
    expect(meter.take(0, 1)).toBeGreaterThan(0);
  });

  it('is as good as new after the time that it tells', () => {
    const meter = rule.start(0);
    expect(meter.resetMs(0)).toBe(0);
    meter.take(0, 7);
    const resetMs = meter.resetMs(0);
    expect(meter.remaining(resetMs - 1)).toBeLessThan(10);
    expect(meter.remaining(resetMs)).toBe(10);
    expect(meter.resetMs(resetMs)).toBe(0);
  });

  it('lets nothing pass twice when the clock jumps back', () => {
    const meter = rule.start(100_000);
    for (let call = 0; call < 10; call++) meter.take(100_000, 1);
    let passed = 0;
    for (const nowMs of [50_000, 100_000, 99_999, 100_000, 0, 100_000]) {
      for (let call = 0; call < 20; call++) if (meter.take(nowMs, 1) === 0) passed++;
    }
    expect(passed).toBe(0);
  });

  it('does not drift in 24 hours', () => {
    const meter = rule.start(0);
    let passed = 0;
    const stepMs = 37;
    const dayMs = 86_400_000;
    for (let nowMs = 0; nowMs < dayMs; nowMs += stepMs) if (meter.take(nowMs, 1) === 0) passed++;
    // A sliding window of 5 slots makes use of 5 in 6 of the limit under full load.
    const least = rule.kind === 'sliding-window' ? (10 * dayMs * 5) / 6_000 : (10 * dayMs) / 1_000;
    expect(passed / least).toBeGreaterThan(0.999);
    expect(passed).toBeLessThanOrEqual((10 * dayMs) / 1_000 + 10);
  });
});

describe('tokenBucket', () => {
  it('lets at most the burst and what flowed in pass in any window', () => {
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 6, max: 20 }),
        fc.integer({ min: 10, max: 2_000 }),
        (offered, burst, windowMs) => {
          const calls = taken(tokenBucket({ limit: 10, windowMs: 1_000, burst }), offered);
          expect(mostIn(windowMs, calls)).toBeLessThanOrEqual(burst + windowMs / 100 + 1e-6);
        },
      ),
    );
  });

  it('takes everything that flows in', () => {
    const meter = tokenBucket({ limit: 10, windowMs: 1_000, burst: 1 }).start(0);
    let passed = 0;
    for (let nowMs = 0; nowMs <= 10_000; nowMs += 100) if (meter.take(nowMs, 1) === 0) passed++;
    expect(passed).toBe(101);
  });
});

describe('slidingWindow', () => {
  it('never lets more than the limit pass in any window, wherever it begins', () => {
    fc.assert(
      fc.property(
        arrivals,
        fc.integer({ min: 6, max: 30 }),
        fc.integer({ min: 1, max: 12 }),
        (offered, limit, slots) => {
          const calls = taken(slidingWindow({ limit, windowMs: 1_000, slots }), offered);
          expect(mostIn(1_000, calls)).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  it('makes no room beyond the limit by what is given back later', () => {
    const meter = slidingWindow({ limit: 10, windowMs: 1_000, slots: 10 }).start(0);
    meter.take(0, 10);
    meter.charge(500, -10);
    expect(meter.remaining(500)).toBe(10);
    meter.charge(500, -10);
    expect(meter.take(500, 10)).toBe(0);
    expect(meter.remaining(1_400)).toBe(0);
    meter.charge(1_550, -3);
    expect(meter.remaining(1_600)).toBe(10);
    expect(meter.take(1_600, 11)).toBe(Infinity);
  });

  it('makes use of all of the limit but one slot', () => {
    const meter = slidingWindow({ limit: 100, windowMs: 1_000, slots: 10 }).start(0);
    let passed = 0;
    for (let nowMs = 0; nowMs < 110_000; nowMs++) if (meter.take(nowMs, 1) === 0) passed++;
    expect(passed).toBe(10_000);
  });
});

describe('the options of a rule', () => {
  it.each([
    [() => tokenBucket({ limit: 0, windowMs: 1 }), 'tokenBucket: limit must be a number >= '],
    [() => tokenBucket({ limit: 1, windowMs: -1 }), 'tokenBucket: windowMs must be a number >= '],
    [() => tokenBucket({ limit: 1 } as never), 'tokenBucket: windowMs must be a number'],
    [() => tokenBucket({ limit: 1, windowMs: 1, burst: 0 }), 'tokenBucket: burst'],
    [() => slidingWindow({ limit: 1, windowMs: 5 }), 'slidingWindow: windowMs must be a number >= 10, got 5'],
    [
      () => slidingWindow({ limit: 1, windowMs: 5, slots: 0 }),
      'slidingWindow: slots must be an integer >= 1',
    ],
    [() => slidingWindow({ windowMs: 5_000 } as never), 'slidingWindow: limit must be a number'],
  ])('are refused (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
