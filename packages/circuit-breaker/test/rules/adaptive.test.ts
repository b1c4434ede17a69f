import { manualClock, seededRandom, type ManualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  adaptiveFailureRatio,
  adaptiveSlowRatio,
  anyOf,
  circuitBreaker,
  failureRatio,
  restoreBreaker,
  snapshotOf,
  type CircuitBreaker,
  type TripRule,
} from '../../src/index.ts';

/** A service that makes 20 calls a second, each of which takes some time and may fail. */
class Traffic {
  readonly clock: ManualClock = manualClock();
  readonly breaker: CircuitBreaker;
  private readonly random: () => number;

  constructor(tripRule: TripRule, seed: number) {
    this.breaker = circuitBreaker({ name: 'upstream', tripRule, clock: this.clock });
    this.random = seededRandom(seed);
  }

  /** Answers after how many calls the circuit opened; `undefined` when it did not. */
  async send(
    calls: number,
    errorRatio: number,
    durationMs: () => number = () => 1,
  ): Promise<number | undefined> {
    for (let call = 1; call <= calls; call++) {
      const permit = this.breaker.tryAcquire();
      if (permit === 0) return call;
      const tookMs = durationMs();
      await this.clock.advance(50);
      this.breaker.record(permit, this.random() < errorRatio ? 'failure' : 'success', tookMs);
      if (this.breaker.state === 'open') return call;
    }
    return undefined;
  }

  /** Durations around a mean, between half and one and a half times. */
  around(meanMs: number): () => number {
    return () => meanMs * (0.5 + this.random());
  }
}

const SEEDS = [1, 2, 3, 4, 5];

describe('adaptiveFailureRatio', () => {
  it.each(SEEDS)('does not open for what is normal for the dependency (seed %i)', async (seed) => {
    const traffic = new Traffic(adaptiveFailureRatio(), seed);
    // Rises slowly to 45 %, and stays there for over half an hour.
    for (const ratio of [0.05, 0.15, 0.25, 0.35]) expect(await traffic.send(2_000, ratio)).toBeUndefined();
    expect(await traffic.send(40_000, 0.45)).toBeUndefined();
    expect(traffic.breaker.stats().reading).toMatchObject({ rule: 'adaptive-failure-ratio' });
  });

  it.each(SEEDS)('opens for much more than normal, be that much or little (seed %i)', async (seed) => {
    const clean = new Traffic(adaptiveFailureRatio(), seed);
    await clean.send(5_000, 0.01);
    expect(await clean.send(400, 0.48)).toBeLessThan(400);
    const dirty = new Traffic(adaptiveFailureRatio(), seed);
    for (const ratio of [0.15, 0.3, 0.35]) await dirty.send(3_000, ratio);
    expect(await dirty.send(400, 0.95)).toBeLessThan(400);
  });

  it.each(SEEDS)(
    'opens in a full outage within 20 calls from cold, and within 10 s after a long good time (seed %i)',
    async (seed) => {
      expect(await new Traffic(adaptiveFailureRatio(), seed).send(100, 1)).toBeLessThanOrEqual(20);
      const traffic = new Traffic(adaptiveFailureRatio(), seed);
      await traffic.send(20_000, 0.01);
      expect(await traffic.send(400, 1)).toBeLessThanOrEqual(200);
    },
  );

  it('tells apart what a fixed limit cannot', async () => {
    const fixed = new Traffic(failureRatio({ failureRatio: 0.5 }), 1);
    expect(await fixed.send(40_000, 0.45)).toBeDefined();
    const quiet = new Traffic(failureRatio({ failureRatio: 0.5 }), 1);
    await quiet.send(5_000, 0.01);
    expect(await quiet.send(400, 0.4)).toBeUndefined();
    const adaptive = new Traffic(adaptiveFailureRatio({ marginRatio: 0.2 }), 1);
    await adaptive.send(5_000, 0.01);
    expect(await adaptive.send(400, 0.4)).toBeDefined();
  });

  it('never takes a dependency that fails nearly always for a normal one', async () => {
    const traffic = new Traffic(adaptiveFailureRatio({ normalCalls: 10, zScore: 0 }), 1);
    for (let round = 0; round < 100; round++) {
      await traffic.send(100, 1);
      traffic.breaker.reset();
    }
    expect(await traffic.send(100, 1)).toBeDefined();
  });

  it('keeps what is normal when the circuit closes, and from one process to the next', async () => {
    const traffic = new Traffic(adaptiveFailureRatio(), 1);
    for (const ratio of [0.1, 0.2, 0.3]) await traffic.send(6_000, ratio);
    const limitOf = ({ breaker }: Traffic) => breaker.stats().reading.limitRatio;
    const limit = limitOf(traffic);
    expect(limit).toBeGreaterThan(0.45);
    traffic.breaker.reset();
    expect(limitOf(traffic)).toBe(limit);
    const next = new Traffic(adaptiveFailureRatio(), 1);
    restoreBreaker(next.breaker, snapshotOf(traffic.breaker));
    expect(limitOf(next)).toBe(limit);
  });

  it('ignores a memory that it cannot understand', () => {
    for (const memory of [[], [NaN], [-1, 0], [2, 5, 5]]) {
      const meter = adaptiveFailureRatio().start(manualClock());
      meter.load(memory, 0);
      expect(meter.reading()).toMatchObject({ calls: 0, limitRatio: 0.3 });
    }
  });

  it('keeps its limit within bounds, whatever it sees', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (calls) => {
        const meter = adaptiveFailureRatio({ normalCalls: 5 }).start(manualClock());
        for (const failed of calls) {
          meter.settled(failed);
          const { limitRatio = NaN } = meter.reading();
          expect(limitRatio).toBeGreaterThanOrEqual(0.3);
          expect(limitRatio).toBeLessThanOrEqual(0.9);
        }
      }),
    );
  });
});

describe('adaptiveSlowRatio', () => {
  it.each([20, 300, 2_000])(
    'opens when calls that usually take %i ms take four times as long',
    async (usualMs) => {
      const traffic = new Traffic(adaptiveSlowRatio({ maxSlowMs: 30_000 }), 1);
      expect(await traffic.send(3_000, 0, traffic.around(usualMs))).toBeUndefined();
      expect(await traffic.send(400, 0, traffic.around(usualMs * 8))).toBeDefined();
    },
  );

  it('follows a dependency that gets slower little by little', async () => {
    const traffic = new Traffic(adaptiveSlowRatio(), 1);
    for (let usualMs = 100; usualMs < 800; usualMs *= 1.2) {
      expect(await traffic.send(2_000, 0, traffic.around(usualMs))).toBeUndefined();
    }
  });

  it('takes no call for slow below its lower bound, and every one at its upper', async () => {
    const quick = new Traffic(adaptiveSlowRatio({ minSlowMs: 200 }), 1);
    await quick.send(3_000, 0, () => 1);
    expect(await quick.send(1_000, 0, () => 199)).toBeUndefined();
    const slow = new Traffic(adaptiveSlowRatio({ maxSlowMs: 1_000 }), 1);
    await slow.send(1_000, 0, () => 900);
    expect(await slow.send(400, 0, () => 1_000)).toBeDefined();
  });

  it('knows nothing usual before 20 calls', async () => {
    const traffic = new Traffic(adaptiveSlowRatio({ minCalls: 5 }), 1);
    await traffic.send(10, 0, () => 1);
    expect(await traffic.send(9, 0, () => 4_999)).toBeUndefined();
  });

  it('counts a call that hangs as soon as it is slow', async () => {
    const clock = manualClock();
    const tripRule = adaptiveSlowRatio({ minCalls: 5 });
    const breaker = circuitBreaker({ name: 'upstream', tripRule, clock });
    const quick = () => new Promise<void>((resolve) => void clock.setTimer(resolve, 100));
    for (let call = 0; call < 100; call++) {
      const done = breaker.execute(quick);
      await clock.advance(100);
      await done;
    }
    await clock.advance(10_000);
    for (let call = 0; call < 6; call++) void breaker.try(() => new Promise(() => undefined));
    await clock.advance(400);
    void breaker.try(quick);
    expect(breaker.state).toBe('open');
  });

  it('goes together with a rule for failures', async () => {
    const traffic = new Traffic(anyOf(adaptiveFailureRatio(), adaptiveSlowRatio()), 1);
    expect(await traffic.send(3_000, 0.1, traffic.around(100))).toBeUndefined();
    expect(await traffic.send(400, 0.1, traffic.around(1_000))).toBeDefined();
  });
});

describe('a day of steady traffic', () => {
  const DAY_MS = 86_400_000;
  const HOUR_MS = 3_600_000;

  it.each(SEEDS)(
    'moves no limit of failures by more than chance does, and opens nothing (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      let nowMs = 0;
      const meter = adaptiveFailureRatio().start({ ...manualClock(), now: () => nowMs });
      const limits: number[] = [];
      let openings = 0;
      for (; nowMs < DAY_MS; nowMs += 200) {
        if (meter.settled(random() < 0.2)) openings++;
        if (nowMs >= HOUR_MS && nowMs % 60_000 === 0) limits.push(meter.reading().limitRatio ?? NaN);
      }
      const meanOf = (part: readonly number[]) => part.reduce((sum, limit) => sum + limit, 0) / part.length;
      const half = limits.length / 2;
      expect(openings).toBe(0);
      expect(meanOf(limits.slice(0, half)) - meanOf(limits.slice(half))).toBeCloseTo(0, 2);
      expect(Math.max(...limits) - Math.min(...limits)).toBeLessThan(0.2);
      for (let call = 0; openings === 0 && call < 200; call++) if (meter.settled(true)) openings++;
      expect(openings).toBe(1);
    },
  );

  it.each(SEEDS)('takes no usual call for slow, and one that is slow at once (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const pace = adaptiveSlowRatio().pace?.start();
    let slow = 0;
    for (let nowMs = 0; nowMs < DAY_MS; nowMs += 200)
      if (pace?.isSlow(100 * (0.5 + random())) === true) slow++;
    // All are within half of the usual time; only the first are compared with a limit that is not known yet.
    expect(slow).toBe(0);
    expect(pace?.slowMs).toBeGreaterThan(150);
    expect(pace?.slowMs).toBeLessThan(1_000);
    expect(pace?.isSlow(1_000)).toBe(true);
  });
});

describe('the options of adaptive rules', () => {
  it.each([
    [
      () => adaptiveFailureRatio({ marginRatio: 2 }),
      'adaptiveFailureRatio: marginRatio must be a number >= 0 and <= 1',
    ],
    [
      () => adaptiveFailureRatio({ marginRatio: 0.5, maxFailureRatio: 0.4 }),
      'adaptiveFailureRatio: maxFailureRatio',
    ],
    [
      () => adaptiveFailureRatio({ normalCalls: 0 }),
      'adaptiveFailureRatio: normalCalls must be an integer >= 1',
    ],
    [
      () => adaptiveSlowRatio({ slowFactor: 0.5 }),
      'adaptiveSlowRatio: slowFactor must be a number >= 1, got 0.5',
    ],
    [
      () => adaptiveSlowRatio({ minSlowMs: 10, maxSlowMs: 5 }),
      'adaptiveSlowRatio: maxSlowMs must be a number >= 10',
    ],
  ])('are refused (%#)', (make, message) => {
    expect(make).toThrow(message);
  });
});
