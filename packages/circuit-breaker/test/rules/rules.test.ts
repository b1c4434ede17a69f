import {
  anyOf,
  confidentFailureRatio,
  consecutiveFailures,
  countWindow,
  failureRatio,
  slowRatio,
  timeWindow,
  type TripRule,
} from '@holdfast/circuit-breaker';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { wilsonLowerBound } from '../../src/rules/wilson.ts';
import { fail, rig, succeed } from '../rig.ts';

const start = (rule: TripRule) => rule.start(manualClock());

/** Feeds `x` as failure and `.` as success; answers at which call the rule trips, from 1, or 0. */
const tripsAt = (rule: TripRule, calls: string) => {
  const meter = start(rule);
  return [...calls].findIndex((call) => meter.settled(call === 'x')) + 1;
};

describe('consecutiveFailures', () => {
  it.each([
    [1, 'x', 1],
    [3, 'xx', 0],
    [3, 'xxx', 3],
    [3, 'xx.xx', 0],
    [3, 'xx.xxx', 6],
  ])('of %i: %s trips at call %i', (failures, calls, at) => {
    expect(tripsAt(consecutiveFailures({ failures }), calls)).toBe(at);
  });

  it.each([0, -1, 1.5, NaN, Infinity])('refuses %d', (failures) => {
    expect(() => consecutiveFailures({ failures })).toThrow(
      `consecutiveFailures: failures must be an integer >= 1, got ${failures}`,
    );
  });
});

describe('failureRatio', () => {
  const window = countWindow({ calls: 10 });

  it.each([
    ['below the ratio', 'x....x...x', 0],
    ['at the ratio', '.....xxxxx', 10],
    ['above the ratio, but not before minCalls', 'xxxxxxxxxx', 10],
    ['judged at failures only', 'xxxxxxxxx..', 0],
    ['the window forgets', 'xxxx......xxxx', 0],
    ['the window slides', '.....xxx..xx', 12],
  ])('%s: %s', (_what, calls, at) => {
    expect(tripsAt(failureRatio({ failureRatio: 0.5, minCalls: 10, window }), calls)).toBe(at);
  });

  it.each([1, 7, 29, 57])('is exact at %i of 100 calls', (hits) => {
    const rule = failureRatio({
      failureRatio: hits / 100,
      minCalls: 100,
      window: countWindow({ calls: 100 }),
    });
    expect(tripsAt(rule, '.'.repeat(100 - hits) + 'x'.repeat(hits))).toBe(100);
    expect(tripsAt(rule, '.'.repeat(101 - hits) + 'x'.repeat(hits - 1))).toBe(0);
  });

  it('of 0 trips at the first failure, of 1 only when all fail', () => {
    expect(tripsAt(failureRatio({ failureRatio: 0, minCalls: 1 }), '..x')).toBe(3);
    expect(
      tripsAt(failureRatio({ failureRatio: 1, minCalls: 3, window: countWindow({ calls: 3 }) }), 'xx.xxx'),
    ).toBe(6);
  });

  it('forgets when nobody calls', async () => {
    const { breaker, clock } = rig({
      tripRule: failureRatio({ minCalls: 5, window: timeWindow({ windowMs: 5_000 }) }),
    });
    await fail(breaker, 4);
    await clock.advance(600_000);
    await fail(breaker);
    expect(breaker.state).toBe('closed');
    await fail(breaker, 4);
    expect(breaker.state).toBe('open');
  });

  it('starts with an empty window after the circuit has closed', async () => {
    const { breaker, clock } = rig({ tripRule: failureRatio({ minCalls: 4 }) });
    await fail(breaker, 4);
    expect(breaker.stats().reading).toEqual({ rule: 'failure-ratio', calls: 4, hits: 4 });
    await clock.advance(30_000);
    await succeed(breaker, 3);
    expect(breaker.stats().reading).toEqual({ rule: 'failure-ratio', calls: 0, hits: 0 });
  });

  it('has defaults: half of at least 20 calls in 10 s', async () => {
    const { breaker } = rig({ tripRule: failureRatio() });
    await succeed(breaker, 10);
    await fail(breaker, 9);
    expect(breaker.state).toBe('closed');
    await fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('refuses a window that cannot hold minCalls, and fits its default to the window', () => {
    expect(() => failureRatio({ minCalls: 11, window })).toThrow(
      'failureRatio: minCalls must be an integer >= 1 and <= 10, got 11',
    );
    expect(tripsAt(failureRatio({ window }), 'xxxxxxxxxx')).toBe(10);
  });

  it('may be shared: each breaker has a memory of its own', async () => {
    const tripRule = failureRatio({ minCalls: 4 });
    const [one, other] = [rig({ tripRule }), rig({ tripRule })];
    await fail(one.breaker, 3);
    await fail(other.breaker, 3);
    expect([one.breaker.state, other.breaker.state]).toEqual(['closed', 'closed']);
  });

  it.each([-0.1, 1.1, NaN])('refuses a ratio of %d', (ratio) => {
    expect(() => failureRatio({ failureRatio: ratio })).toThrow(
      'failureRatio: failureRatio must be a number >= 0',
    );
    expect(() => slowRatio({ slowRatio: ratio })).toThrow('slowRatio: slowRatio must be a number >= 0');
  });
});

describe('slowRatio', () => {
  it('judges pace only', () => {
    const meter = start(slowRatio({ slowRatio: 0.5, minCalls: 2 }));
    expect([meter.settled(true), meter.settled(true), meter.settled(true)]).toEqual([false, false, false]);
    expect([meter.paced?.(true), meter.paced?.(false), meter.paced?.(true)]).toEqual([false, false, true]);
  });
});

describe('anyOf', () => {
  const rule = anyOf(consecutiveFailures({ failures: 3 }), failureRatio({ minCalls: 6 }));

  it.each([
    ['xxx', 3],
    ['xx.xx.x', 7],
    ['......', 0],
  ])('%s trips at call %i', (calls, at) => {
    expect(tripsAt(rule, calls)).toBe(at);
  });

  it('reads out the rule that spoke, and the first one otherwise', () => {
    const meter = start(rule);
    expect(meter.reading().rule).toBe('consecutive-failures');
    for (const failed of [true, true, false, true, true, false, true]) meter.settled(failed);
    expect(meter.reading()).toEqual({ rule: 'failure-ratio', calls: 7, hits: 5 });
    meter.reset();
    expect(meter.reading()).toEqual({ rule: 'consecutive-failures', calls: 0, hits: 0 });
  });

  it('lets the first speak when several would open the circuit', () => {
    const both = start(anyOf(failureRatio({ minCalls: 2 }), consecutiveFailures({ failures: 2 })));
    expect([both.settled(true), both.settled(true)]).toEqual([false, true]);
    expect(both.reading().rule).toBe('failure-ratio');
  });

  it('saves and loads the memory of every rule', () => {
    const [one, other] = [start(rule), start(rule)];
    for (let i = 0; i < 2; i++) one.settled(true);
    other.load(JSON.parse(JSON.stringify(one.save())) as number[], 0);
    expect(other.settled(true)).toBe(true);
    other.load([], 0);
  });

  it('needs a rule, and one idea of what is slow', () => {
    expect(() => anyOf()).toThrow(new RangeError('anyOf needs at least one rule, got none'));
    expect(() => anyOf(slowRatio({ slowMs: 1 }), slowRatio({ slowMs: 2 }))).toThrow(
      'anyOf: slowMs must be the same for all rules, got 1 and 2',
    );
    expect(anyOf(consecutiveFailures(), slowRatio({ slowMs: 7 })).pace?.slowMs).toBe(7);
  });
});

describe('confidentFailureRatio', () => {
  it('opens from cold after 6 failures', () => {
    expect(tripsAt(confidentFailureRatio(), 'xxxxxxxx')).toBe(6);
  });

  it('does not judge before minCalls', () => {
    expect(tripsAt(confidentFailureRatio({ minCalls: 9 }), 'x'.repeat(20))).toBe(9);
  });

  it('opens after some 21 calls of a full outage, however good the calls before were', () => {
    const at = tripsAt(confidentFailureRatio(), '.'.repeat(200) + 'x'.repeat(200)) - 200;
    expect(at).toBeGreaterThan(10);
    expect(at).toBeLessThanOrEqual(25);
  });

  it('hardly ever opens by chance at 40 % errors and a limit of 50 %, where a plain ratio does', async () => {
    const falseOpens = async (tripRule: TripRule) => {
      const random = seededRandom(7);
      let opens = 0;
      for (let trial = 0; trial < 40; trial++) {
        const { breaker, clock } = rig({ tripRule });
        for (let call = 0; call < 1_200 && breaker.state === 'closed'; call++) {
          breaker.record(breaker.tryAcquire(), random() < 0.4 ? 'failure' : 'success');
          if (call % 20 === 0) await clock.advance(1_000);
        }
        if (breaker.state === 'open') opens++;
      }
      return opens;
    };
    expect(await falseOpens(confidentFailureRatio())).toBeLessThanOrEqual(1);
    expect(await falseOpens(failureRatio({ minCalls: 10 }))).toBeGreaterThanOrEqual(8);
  });

  it('opens at 60 % errors', () => {
    const random = seededRandom(1);
    const meter = start(confidentFailureRatio());
    expect(Array.from({ length: 1_000 }, () => meter.settled(random() < 0.65)).some(Boolean)).toBe(true);
  });

  it('checks its options', () => {
    expect(() => confidentFailureRatio({ zScore: -1 })).toThrow('confidentFailureRatio: zScore');
    expect(() => confidentFailureRatio({ recentCalls: 0 })).toThrow('confidentFailureRatio: recentCalls');
  });
});

describe('wilsonLowerBound', () => {
  // Published values of the 95 % interval (Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20).
  it.each([
    [81, 263, 0.2553],
    [15, 148, 0.0624],
    [0, 20, 0],
  ])('of %i of %i is %d', (hits, calls, bound) => {
    expect(wilsonLowerBound(hits, calls, 1.96)).toBeCloseTo(bound, 4);
  });
});
