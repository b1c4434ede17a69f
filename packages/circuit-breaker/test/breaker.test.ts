import { slowRatio } from '@holdfast/circuit-breaker';
import { rejection, systemClock } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { boom, fail, hold, rig, succeed, untilHalfOpen } from './rig.ts';

describe('executeSync', () => {
  it('hands the value through, undefined too, and counts a success', () => {
    const { breaker } = rig();
    expect(breaker.executeSync(() => undefined)).toBeUndefined();
    expect(breaker.executeSync(() => 3)).toBe(3);
    expect(breaker.stats()).toMatchObject({ successes: 2, inFlight: 0 });
  });

  it('throws the own error untouched and opens like execute', () => {
    const { breaker } = rig();
    for (let i = 0; i < 5; i++)
      expect(() =>
        breaker.executeSync(() => {
          throw boom;
        }),
      ).toThrow(boom);
    expect(breaker.state).toBe('open');
    expect(() => breaker.executeSync(() => 1)).toThrow('stripe refuses calls: the circuit is open');
    expect(breaker.stats()).toMatchObject({ failures: 5, rejected: 1 });
  });

  it('ignores the refusal of another strategy', () => {
    const { breaker } = rig();
    const refusal = rejection('ERR_BULKHEAD_FULL', 'bulkhead');
    for (let i = 0; i < 9; i++) {
      try {
        breaker.executeSync(() => {
          throw refusal;
        });
      } catch (error) {
        expect(error).toBe(refusal);
      }
    }
    expect(breaker.stats()).toMatchObject({ ignored: 9, state: 'closed' });
  });

  it('measures pace', () => {
    let nowMs = 0;
    const clock = { ...systemClock, now: () => nowMs, sharedTimers: true };
    const { breaker } = rig({ clock, tripRule: slowRatio({ slowMs: 10, minCalls: 3 }) });
    for (const ms of [9, 10]) breaker.executeSync(() => (nowMs += ms));
    expect(breaker.stats().reading).toMatchObject({ calls: 2, hits: 1 });
  });

  it('asks the classifiers', () => {
    const { breaker } = rig({ classifyResult: () => 'failure' });
    for (let i = 0; i < 5; i++) breaker.executeSync(() => 1);
    expect(breaker.state).toBe('open');
  });
});

describe('tryAcquire and record', () => {
  it('count like wrapped calls', () => {
    const { breaker } = rig();
    for (const outcome of ['success', 'failure', 'ignored'] as const)
      breaker.record(breaker.tryAcquire(), outcome);
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 1, ignored: 1, inFlight: 0 });
  });

  it('open the circuit, after which there are no permits', async () => {
    const { breaker, clock } = rig();
    for (let i = 0; i < 5; i++) breaker.record(breaker.tryAcquire(), 'failure');
    expect(breaker.state).toBe('open');
    expect([breaker.tryAcquire(), breaker.stats().rejected]).toEqual([0, 1]);
    await clock.advance(30_000);
    expect(breaker.tryAcquire()).not.toBe(0);
    expect(breaker.state).toBe('half-open');
  });

  it('count a permit once, however often it is recorded', () => {
    const { breaker } = rig();
    const permit = breaker.tryAcquire();
    for (let i = 0; i < 9; i++) breaker.record(permit, 'failure');
    expect(breaker.stats()).toMatchObject({ failures: 1, inFlight: 0, state: 'closed' });
  });

  it.each([0, -1, 1, 1.5, NaN, Infinity, 2 ** 40])('do nothing with the unknown permit %d', (permit) => {
    const { breaker } = rig();
    breaker.record(permit, 'failure');
    expect(breaker.stats().failures).toBe(0);
  });

  it('keep a double record of one call from ending another', () => {
    const { breaker } = rig();
    const first = breaker.tryAcquire();
    breaker.record(first, 'success');
    const second = breaker.tryAcquire();
    breaker.record(first, 'failure');
    expect(breaker.stats()).toMatchObject({ failures: 0, inFlight: 1 });
    breaker.record(second, 'failure');
    expect(breaker.stats()).toMatchObject({ failures: 1, inFlight: 0 });
  });

  it('know probes apart and never change a later state', async () => {
    const it = rig({ maxProbes: 2, successesToClose: 1 });
    const early = it.breaker.tryAcquire();
    await untilHalfOpen(it);
    const probes = [it.breaker.tryAcquire(), it.breaker.tryAcquire()] as const;
    expect(it.breaker.tryAcquire()).toBe(0);
    it.breaker.record(early, 'success');
    expect(it.breaker.state).toBe('half-open');
    it.breaker.record(probes[1], 'ignored');
    it.breaker.record(probes[1], 'success');
    expect(it.breaker.state).toBe('half-open');
    it.breaker.record(probes[0], 'success');
    expect(it.breaker.state).toBe('closed');
  });

  it('take the duration for rules of pace', () => {
    const { breaker } = rig({ tripRule: slowRatio({ slowMs: 100, minCalls: 2 }) });
    breaker.record(breaker.tryAcquire(), 'success');
    expect(breaker.stats().reading.calls).toBe(0);
    breaker.record(breaker.tryAcquire(), 'success', 99);
    breaker.record(breaker.tryAcquire(), 'success', 100);
    expect(breaker.stats().reading).toMatchObject({ calls: 2, hits: 1 });
  });
});

describe('acquire', () => {
  it('counts the first report only', () => {
    const { breaker } = rig();
    const admission = breaker.acquire();
    admission.fail(boom);
    admission.succeed();
    admission[Symbol.dispose]();
    expect(breaker.stats()).toMatchObject({ failures: 1, successes: 0, ignored: 0, inFlight: 0 });
    expect(breaker.stats().lastError).toBe(boom);
  });

  it('counts as nothing when its holder leaves without a report', () => {
    const { breaker } = rig();
    {
      using _admission = breaker.acquire();
    }
    expect(breaker.stats()).toMatchObject({ ignored: 1, inFlight: 0 });
  });

  it('counts a success, and asks the classifiers', () => {
    const { breaker } = rig({ classifyResult: (value) => (value === 503 ? 'failure' : undefined) });
    breaker.acquire().succeed();
    breaker.acquire().succeed(503);
    breaker.acquire().ignore();
    expect(breaker.stats()).toMatchObject({ failures: 1, successes: 1, ignored: 1 });
  });

  it('throws while the circuit is open', async () => {
    const { breaker } = rig();
    await fail(breaker, 5);
    expect(() => breaker.acquire()).toThrow('the circuit is open');
    expect(breaker.stats().rejected).toBe(1);
  });
});

describe('stats', () => {
  it('show calls under way and refused ones', async () => {
    const { breaker } = rig();
    const held = hold(breaker);
    expect(breaker.stats()).toMatchObject({ inFlight: 1, successes: 0 });
    await held.succeed();
    breaker.trip();
    await breaker.try(() => 1);
    expect(breaker.stats()).toMatchObject({ inFlight: 0, successes: 1, rejected: 1, openings: 1 });
  });

  it('count failures since the last success', async () => {
    const { breaker } = rig();
    const seen: number[] = [];
    for (const call of [fail, fail, succeed, fail, succeed, succeed, fail, fail, fail]) {
      await call(breaker);
      seen.push(breaker.stats().consecutiveFailures);
    }
    expect(seen).toEqual([1, 2, 0, 1, 0, 0, 1, 2, 3]);
    breaker.reset();
    expect(breaker.stats().consecutiveFailures).toBe(0);
    await fail(breaker);
    expect(breaker.stats().consecutiveFailures).toBe(1);
  });

  it('tell when the state changed, by the wall clock', async () => {
    const { breaker, clock } = rig();
    expect(breaker.stats().changedAtMs).toBe(clock.wallNow());
    await clock.advance(5_000);
    clock.jumpWall(60_000);
    breaker.trip();
    expect(breaker.stats().changedAtMs).toBe(clock.wallNow());
  });

  it('tell how long an open circuit stays so, and nothing where that is unknown', async () => {
    const { breaker, clock } = rig();
    expect(breaker.stats().retryAfterMs).toBeUndefined();
    breaker.trip(1_000);
    await clock.advance(400);
    expect(breaker.stats().retryAfterMs).toBe(600);
    await clock.advance(5_000);
    expect(breaker.stats().retryAfterMs).toBe(0);
    breaker.reset();
    breaker.trip(Infinity);
    expect(breaker.stats().retryAfterMs).toBeUndefined();
  });

  it('let go of the last error when the circuit closes, and keep it out of JSON', async () => {
    const { breaker } = rig();
    await fail(breaker);
    expect(breaker.stats().lastError).toBe(boom);
    expect(JSON.stringify(breaker.stats())).not.toContain('lastError');
    breaker.reset();
    expect(breaker.stats().lastError).toBeUndefined();
    expect(breaker.stats().lastFailureAtMs).toBeUndefined();
  });
});
