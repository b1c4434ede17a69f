import {
  circuitBreaker,
  consecutiveFailures,
  exponentialOpen,
  failureRatio,
  shareBreaker,
  slowRatio,
  timeWindow,
} from '@holdfast/circuit-breaker';
import type { Clock } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { boom, fail, hold, rig, succeed, untilHalfOpen } from './rig.ts';

describe('trip', () => {
  it('opens a closed circuit for as long as asked, by default as long as the options say', async () => {
    for (const [openMs, expected] of [
      [undefined, 30_000],
      [500, 500],
      [0, 0],
    ] as const) {
      const { breaker, recorder } = rig();
      breaker.trip(openMs);
      expect(recorder.events).toMatchObject([{ type: 'circuit.opened', cause: 'manual', openMs: expected }]);
    }
  });

  it('leaves an open circuit as it is: opening twice does not restart the clock', async () => {
    const { breaker, clock } = rig();
    breaker.trip();
    await clock.advance(20_000);
    breaker.trip();
    await clock.advance(10_000);
    await succeed(breaker);
    expect(breaker.stats().openings).toBe(1);
  });

  it('opens a half-open circuit', async () => {
    const it = rig();
    await untilHalfOpen(it);
    await succeed(it.breaker);
    it.breaker.trip();
    expect(it.breaker.state).toBe('open');
    expect(it.recorder.events.at(-1)).toMatchObject({ openings: 2 });
  });

  it.each([-1, NaN])('refuses %d', (openMs) => {
    expect(() => rig().breaker.trip(openMs)).toThrow(
      new RangeError(`trip: openMs must be a number >= 0, got ${openMs}`),
    );
  });
});

describe('isolate', () => {
  it('refuses calls until every holder has let go, then closes', async () => {
    const { breaker, clock, recorder } = rig();
    const first = breaker.isolate();
    const second = breaker.isolate();
    expect(await breaker.try(() => 1)).toMatchObject({
      error: { state: 'isolated', retryAfterMs: undefined },
    });
    first[Symbol.dispose]();
    await clock.advance(1e9);
    expect(breaker.state).toBe('isolated');
    second[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
    expect(recorder.events).toMatchObject([
      { type: 'circuit.isolated', from: 'closed' },
      { type: 'circuit.closed', from: 'isolated', cause: 'released' },
    ]);
  });

  it('counts each holder once, however often it lets go', () => {
    const { breaker } = rig();
    const first = breaker.isolate();
    const second = breaker.isolate();
    first[Symbol.dispose]();
    first[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
    second[Symbol.dispose]();
    expect(breaker.state).toBe('closed');
  });

  it('does not let an old holder end a later isolation', () => {
    const { breaker } = rig();
    const first = breaker.isolate();
    first[Symbol.dispose]();
    const second = breaker.isolate();
    first[Symbol.dispose]();
    expect(breaker.state).toBe('isolated');
    second[Symbol.dispose]();
  });

  it('outlasts a reset, a trip and a change of mode', () => {
    const { breaker } = rig();
    const holder = breaker.isolate();
    breaker.reset();
    breaker.trip();
    breaker.setMode('metrics-only');
    expect(breaker.state).toBe('isolated');
    holder[Symbol.dispose]();
    expect(breaker.state).toBe('metrics-only');
  });

  it('takes an open circuit over, and results of before change nothing', async () => {
    const { breaker } = rig();
    const early = hold(breaker);
    await fail(breaker, 5);
    const holder = breaker.isolate();
    await early.fail();
    expect(breaker.state).toBe('isolated');
    holder[Symbol.dispose]();
    await succeed(breaker);
  });

  it('works with using', () => {
    const { breaker } = rig();
    {
      using _holder = breaker.isolate();
      expect(breaker.state).toBe('isolated');
    }
    expect(breaker.state).toBe('closed');
  });
});

describe('modes', () => {
  it('disabled: admits and hands everything through, and judges nothing', async () => {
    const { breaker } = rig({ mode: 'disabled' });
    await fail(breaker, 50);
    await expect(breaker.execute(() => Promise.reject(boom))).rejects.toBe(boom);
    expect(breaker.state).toBe('disabled');
    expect(breaker.stats()).toMatchObject({ failures: 51, openings: 0, inFlight: 0, reading: { hits: 0 } });
  });

  it('metrics-only: tells when it would have opened, and starts the rule afresh', async () => {
    const { breaker, recorder } = rig({ mode: 'metrics-only' });
    await fail(breaker, 14);
    expect(breaker.state).toBe('metrics-only');
    expect(recorder.types).toEqual(['circuit.would_open', 'circuit.would_open']);
    expect(recorder.events[0]).toMatchObject({
      from: 'metrics-only',
      cause: 'failures',
      error: boom,
      reading: { rule: 'consecutive-failures', hits: 5 },
    });
    expect(breaker.stats().openings).toBe(0);
  });

  it('changes while it runs; results of before do not count', async () => {
    const { breaker, recorder } = rig();
    const early = Array.from({ length: 5 }, () => hold(breaker));
    breaker.setMode('metrics-only');
    for (const call of early) await call.fail();
    breaker.setMode('disabled');
    breaker.setMode('disabled');
    breaker.setMode('enabled');
    expect(recorder.types).toEqual(['circuit.metrics_only', 'circuit.disabled', 'circuit.closed']);
    await fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });

  it('leaves an open circuit when disabled', async () => {
    const { breaker } = rig();
    breaker.trip();
    breaker.setMode('disabled');
    await succeed(breaker);
  });

  it('refuses a mode that does not exist', () => {
    expect(() => rig().breaker.setMode('off' as 'disabled')).toThrow(TypeError);
  });

  it('stays in its mode when reset', () => {
    const { breaker } = rig({ mode: 'metrics-only' });
    breaker.reset();
    expect(breaker.state).toBe('metrics-only');
  });
});

describe('openMs as a function', () => {
  it('is told how often the circuit has opened without closing, why, and the error', async () => {
    const openings: unknown[] = [];
    const it = rig({ openMs: (opening) => (openings.push(opening), 100) });
    await fail(it.breaker, 5);
    await it.clock.advance(100);
    await fail(it.breaker);
    await it.clock.advance(100);
    await succeed(it.breaker, 3);
    await fail(it.breaker, 5);
    expect(openings).toEqual([
      { openings: 1, cause: 'failures', error: boom },
      { openings: 2, cause: 'probe-failed', error: boom },
      { openings: 1, cause: 'failures', error: boom },
    ]);
  });

  it('makes the circuit stay open for longer each time', async () => {
    const it = rig({ openMs: exponentialOpen({ baseMs: 100, jitterRatio: 0 }) });
    await fail(it.breaker, 5);
    for (const openMs of [100, 200, 400, 800]) {
      await it.clock.advance(openMs - 1);
      expect((await it.breaker.try(() => 1)).ok).toBe(false);
      await it.clock.advance(1);
      await fail(it.breaker);
    }
  });

  it.each([
    [
      'throws',
      () => {
        throw boom;
      },
    ],
    ['answers NaN', () => NaN],
    ['answers a negative number', () => -1],
    ['answers nothing', () => undefined as unknown as number],
  ])('that %s is reported, and 30 s taken instead', async (_what, openMs) => {
    const { breaker, reported, recorder } = rig({ openMs });
    await fail(breaker, 5);
    expect(recorder.events).toMatchObject([{ type: 'circuit.opened', openMs: 30_000 }]);
    expect(reported).toHaveLength(1);
  });
});

describe('openMs as a function that changes the state itself', () => {
  it.each([
    ['isolate', 'isolated'],
    ['reset', 'closed'],
  ] as const)('by %s is not overruled', async (method, state) => {
    const it = rig({ openMs: () => (void it.breaker[method](), 1_000) });
    await fail(it.breaker, 5);
    expect(it.breaker.state).toBe(state);
    expect(it.breaker.stats().openings).toBe(0);
  });
});

describe('a clock that jumps', () => {
  const jumpy = () => {
    let nowMs = 1e6;
    const clock: Clock = {
      now: () => nowMs,
      wallNow: () => nowMs,
      setTimer: () => ({ cancel: () => undefined, ref: () => undefined, unref: () => undefined }),
      sharedTimers: true,
    };
    return { clock, jump: (ms: number) => void (nowMs += ms) };
  };

  it('back: the circuit is open for at most its time more', async () => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock });
    await fail(breaker, 5);
    jump(-500_000);
    expect(await breaker.try(() => 1)).toMatchObject({ error: { retryAfterMs: 30_000 } });
    jump(30_000);
    await succeed(breaker, 3);
    expect(breaker.state).toBe('closed');
  });

  it('back: a hung probe expires after at most its time more', async () => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock, maxProbes: 1, probeTimeoutMs: 1_000 });
    breaker.trip(0);
    hold(breaker);
    jump(-500_000);
    expect(hold(breaker).started).toBe(false);
    jump(1_000);
    expect(hold(breaker).started).toBe(false);
    expect(breaker.state).toBe('open');
  });

  it('back: a window goes on from there and still forgets', async () => {
    const { clock, jump } = jumpy();
    const window = timeWindow({ windowMs: 1_000, buckets: 10 });
    const { breaker } = rig({ clock, tripRule: failureRatio({ minCalls: 10, window }) });
    await fail(breaker, 9);
    jump(-500_000);
    expect(breaker.stats().reading.hits).toBe(9);
    jump(1_000);
    expect(breaker.stats().reading.hits).toBe(0);
  });

  it('back: a ramp ends after at most its time more', async () => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock, rampUpMs: 1_000 });
    breaker.trip(0);
    await succeed(breaker, 3);
    jump(-500_000);
    await succeed(breaker);
    jump(1_000);
    await succeed(breaker, 10);
  });

  it('back: calls that hang are noticed after at most their time more', async () => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock, tripRule: slowRatio({ slowMs: 100, minCalls: 4 }) });
    hold(breaker);
    jump(-500_000);
    for (let i = 0; i < 4; i++) hold(breaker);
    jump(100);
    expect(hold(breaker).started).toBe(false);
    expect(breaker.state).toBe('open');
  });

  it.each([
    ['does not answer', () => new Promise<number>(() => undefined)],
    ['refuses', () => 100],
  ])('back: a store that %s holds probes back for at most its time more', async (_, leaseProbe) => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock, successesToClose: 1 });
    const store = { report: () => undefined, subscribe: () => () => undefined, leaseProbe };
    shareBreaker(breaker, { store, instance: 'a', answerMs: 100 });
    breaker.trip(0);
    await breaker.try(() => 1);
    jump(-500_000);
    await breaker.try(() => 1);
    store.leaseProbe = () => 0;
    for (let i = 0; i < 2; i++) {
      await breaker.try(() => 1);
      jump(100);
    }
    await succeed(breaker);
    expect(breaker.state).toBe('closed');
  });

  it('far forward: everything is over, and goes on from there', async () => {
    const { clock, jump } = jumpy();
    const { breaker } = rig({ clock, maxProbes: 1 });
    await fail(breaker, 5);
    jump(1e15);
    await succeed(breaker, 3);
    expect(breaker.state).toBe('closed');
    await fail(breaker, 5);
    expect(breaker.state).toBe('open');
  });
});

describe('a million changes of state', () => {
  it('leave permits exact', () => {
    const breaker = circuitBreaker({ tripRule: consecutiveFailures({ failures: 1 }) });
    for (let i = 0; i < 1_000_000; i++) breaker.reset();
    const early = breaker.tryAcquire();
    breaker.reset();
    breaker.record(early, 'failure');
    expect(breaker.state).toBe('closed');
    breaker.record(breaker.tryAcquire(), 'failure');
    expect(breaker.state).toBe('open');
  });
});
