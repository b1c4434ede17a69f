/** What other breakers were seen to get wrong. */
import {
  circuitBreaker,
  createBreakerRegistry,
  failureRatio,
  restoreBreaker,
  snapshotOf,
  timeWindow,
} from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { boom, fail, hold, rig, succeed, untilHalfOpen } from './rig.ts';

describe('unlike opossum, ours', () => {
  it('takes undefined from a synchronous action for a success', async () => {
    const { breaker } = rig();
    for (let i = 0; i < 10; i++) expect(await breaker.execute(() => undefined)).toBeUndefined();
    expect(breaker.stats()).toMatchObject({ successes: 10, failures: 0, state: 'closed' });
    breaker.setMode('disabled');
    expect(await breaker.execute(() => undefined)).toBeUndefined();
  });

  it('restores an open circuit for the rest of its time, not of the time since it was made', async () => {
    const before = rig({ openMs: 1_000 });
    await before.clock.advance(750);
    before.breaker.trip();
    const after = rig({ openMs: 1_000 });
    after.clock.jumpWall(before.clock.wallNow() - after.clock.wallNow());
    restoreBreaker(after.breaker, snapshotOf(before.breaker));
    await after.clock.advance(999);
    expect((await after.breaker.try(() => 1)).ok).toBe(false);
  });

  it('does not stick to a probe that hangs', async () => {
    const it = rig();
    await untilHalfOpen(it);
    for (let i = 0; i < 3; i++) hold(it.breaker);
    await it.clock.advance(60_000 + 30_000);
    await succeed(it.breaker, 3);
    expect(it.breaker.state).toBe('closed');
  });

  it('aborts the signal of the call that was aborted only', async () => {
    const { breaker } = rig();
    const controller = new AbortController();
    const signals: AbortSignal[] = [];
    const operation = ({ signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise<never>(() => undefined);
    };
    const call = breaker.try(operation, { signal: controller.signal });
    void breaker.try(operation, { signal: new AbortController().signal });
    controller.abort();
    await call;
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('shares nothing between breakers that are given the same options', async () => {
    const options = { tripRule: failureRatio({ minCalls: 2 }), name: 'same' };
    const [one, other] = [circuitBreaker(options), circuitBreaker(options)];
    await fail(one, 2);
    expect([one.state, other.state]).toEqual(['open', 'closed']);
  });

  it('touches its window once for a failing call, whatever the window holds', async () => {
    let records = 0;
    const inner = timeWindow({ windowMs: 1_000 });
    const window = {
      start: (clock: Parameters<typeof inner.start>[0]) => {
        const meter = inner.start(clock);
        const record = meter.record.bind(meter);
        return Object.assign(meter, { record: (hit: boolean) => (records++, record(hit)) });
      },
    };
    const { breaker } = rig({ tripRule: failureRatio({ failureRatio: 1, minCalls: 10_000, window }) });
    for (let i = 0; i < 9_999; i++) breaker.record(breaker.tryAcquire(), 'failure');
    expect(records).toBe(9_999);
  });
});

describe('unlike cockatiel, ours', () => {
  it('lets nobody wait for a hung probe without bound, and hears their aborts', async () => {
    const it = rig({ overflow: 'wait', maxProbes: 1, maxWaiting: 50, maxWaitMs: 500 });
    await untilHalfOpen(it);
    hold(it.breaker);
    const controller = new AbortController();
    const options = { signal: controller.signal };
    const waiting = Array.from({ length: 100 }, () => it.breaker.try(() => 1, options));
    expect(it.breaker.stats()).toMatchObject({ waiting: 50, rejected: 50 });
    controller.abort(boom);
    const results = await Promise.all(waiting);
    expect(results.filter((result) => !result.ok && result.error === boom)).toHaveLength(50);
  });

  it('does not release a thousand callers at once after one good probe', async () => {
    const it = rig({ overflow: 'wait', maxProbes: 1, successesToClose: 1, maxWaiting: 1_000 });
    await untilHalfOpen(it);
    const calls = Array.from({ length: 1_001 }, () => hold(it.breaker));
    await calls[0]?.succeed();
    await it.clock.advance(0);
    expect(calls.filter((call) => call.started)).toHaveLength(2);
  });

  it('forgets old failures after a pause, although one call at a time looks', async () => {
    const tripRule = failureRatio({
      failureRatio: 0.5,
      minCalls: 5,
      window: timeWindow({ windowMs: 5_000 }),
    });
    const { breaker, clock } = rig({ tripRule });
    await fail(breaker, 4);
    await clock.advance(600_000);
    await fail(breaker);
    expect(breaker.state).toBe('closed');
    expect(breaker.stats().reading).toEqual({ rule: 'failure-ratio', calls: 1, hits: 1 });
  });

  it('shows its events although it is not the outermost of a pipeline', async () => {
    const { breaker, recorder } = rig();
    const outer = circuitBreaker();
    const guarded = pipeline(outer, breaker);
    for (let i = 0; i < 5; i++) await guarded.try(() => Promise.reject(boom));
    expect(recorder.types).toEqual(['circuit.opened']);
  });
});

describe('unlike the breaker of @std/async, ours', () => {
  it('opens although many calls hang', async () => {
    const { breaker } = rig({ tripRule: failureRatio({ minCalls: 90 }) });
    for (let i = 0; i < 100; i++) hold(breaker);
    await fail(breaker, 90);
    expect(breaker.state).toBe('open');
  });
});

describe('unlike registries that leak', () => {
  it('ours keeps a bounded number of keyed breakers', async () => {
    const api = createBreakerRegistry().keyed({ keyBy: ({ host }) => host, maxKeys: 100 });
    for (let i = 0; i < 2_000; i++) await api.execute(() => 1, { attributes: { host: `host-${i}` } });
    expect(api.size).toBe(100);
  });
});
