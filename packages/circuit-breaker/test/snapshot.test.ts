import {
  circuitBreaker,
  failureRatio,
  restoreBreaker,
  snapshotOf,
  timeWindow,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitSnapshot,
} from '@holdfast/circuit-breaker';
import { describe, expect, it } from 'vitest';
import { fail, hold, rig, succeed, untilHalfOpen } from './rig.ts';

/** Another process: what is saved goes through JSON; clocks agree about the wall, not about the rest. */
async function moved(from: ReturnType<typeof rig>, options: CircuitBreakerOptions = {}, awayMs = 0) {
  const json = JSON.stringify(snapshotOf(from.breaker));
  const to = rig({ ...options });
  to.clock.jumpWall(from.clock.wallNow() - to.clock.wallNow() + awayMs);
  restoreBreaker(to.breaker, JSON.parse(json) as CircuitSnapshot);
  return to;
}

describe('a snapshot', () => {
  it('brings the failures counted so far along', async () => {
    const before = rig();
    await fail(before.breaker, 4);
    const after = await moved(before);
    expect(after.breaker.state).toBe('closed');
    await fail(after.breaker);
    expect(after.breaker.state).toBe('open');
  });

  it('keeps an open circuit open for the rest of its time, the time away included', async () => {
    const before = rig();
    await fail(before.breaker, 5);
    await before.clock.advance(10_000);
    const after = await moved(before, {}, 5_000);
    expect(after.recorder.events).toMatchObject([
      { type: 'circuit.opened', cause: 'restored', openMs: 15_000 },
    ]);
    await after.clock.advance(14_999);
    expect((await after.breaker.try(() => 1)).ok).toBe(false);
    await after.clock.advance(1);
    expect((await after.breaker.try(() => 1)).ok).toBe(true);
  });

  it('lets the first call through when the open time passed while it was away', async () => {
    const before = rig();
    await fail(before.breaker, 5);
    const after = await moved(before, {}, 60_000);
    await succeed(after.breaker, 3);
    expect(after.breaker.state).toBe('closed');
  });

  it('does not keep the circuit open for longer when the wall clock has gone back', async () => {
    const before = rig();
    await fail(before.breaker, 5);
    const after = await moved(before, {}, -86_400_000);
    expect(await after.breaker.try(() => 1)).toMatchObject({ error: { retryAfterMs: 30_000 } });
  });

  it('adds up the good probes of several short lives', async () => {
    let it: ReturnType<typeof rig> = rig();
    await untilHalfOpen(it);
    for (let life = 0; life < 3; life++) {
      await succeed(it.breaker);
      it = await moved(it);
    }
    expect(it.breaker.state).toBe('closed');
  });

  it('remembers how often the circuit has opened, and does not bring hung probes along', async () => {
    const before = rig({ maxProbes: 1 });
    await untilHalfOpen(before);
    hold(before.breaker);
    const after = await moved(before, { maxProbes: 1 });
    await fail(after.breaker);
    expect(after.recorder.events.at(-1)).toMatchObject({ type: 'circuit.opened', openings: 2 });
  });

  it('keeps a circuit open for ever', async () => {
    const before = rig({ openMs: Infinity });
    before.breaker.trip();
    const after = await moved(before, {}, 1e12);
    expect((await after.breaker.try(() => 1)).ok).toBe(false);
  });

  it('lets a window grow older while it is away', async () => {
    const tripRule = failureRatio({ minCalls: 10, window: timeWindow({ windowMs: 10_000 }) });
    for (const [awayMs, state] of [
      [0, 'open'],
      [10_000, 'closed'],
    ] as const) {
      const before = rig({ tripRule });
      await fail(before.breaker, 9);
      const after = await moved(before, { tripRule }, awayMs);
      await fail(after.breaker);
      expect(after.breaker.state).toBe(state);
    }
  });

  it('is plain JSON of version 1', async () => {
    const { breaker, clock } = rig();
    await fail(breaker, 5);
    expect(snapshotOf(breaker)).toEqual({
      version: 1,
      takenAtMs: clock.wallNow(),
      state: 'open',
      openUntilAtMs: clock.wallNow() + 30_000,
      openings: 1,
      successes: 0,
      memory: [5],
    });
  });

  it('of an isolated or disabled circuit is that of a closed one', () => {
    const { breaker } = rig();
    breaker.isolate();
    expect(snapshotOf(breaker)).toMatchObject({ state: 'closed', openings: 0 });
  });

  it('does not undo an isolation or a mode', async () => {
    const before = rig();
    before.breaker.trip();
    const after = await moved(before, { mode: 'disabled' });
    expect(after.breaker.state).toBe('disabled');
    const { breaker } = rig();
    breaker.isolate();
    restoreBreaker(breaker, snapshotOf(before.breaker));
    expect(breaker.state).toBe('isolated');
  });

  it('replaces what the breaker knew', async () => {
    const before = rig();
    const after = rig();
    await fail(after.breaker, 4);
    restoreBreaker(after.breaker, snapshotOf(before.breaker));
    await fail(after.breaker, 4);
    expect(after.breaker.state).toBe('closed');
    after.breaker.trip();
    restoreBreaker(after.breaker, snapshotOf(before.breaker));
    expect(after.breaker.state).toBe('closed');
  });

  const good = snapshotOf(circuitBreaker());
  it.each<[unknown, string]>([
    [null, 'restoreBreaker: options must be an object'],
    [{ ...good, version: 2 }, 'restoreBreaker: version must be the number 1, got 2'],
    [{ ...good, state: 'broken' }, 'restoreBreaker: state must be one of "closed", "open", "half-open"'],
    [{ ...good, openings: -1 }, 'restoreBreaker: openings must be an integer >= 0, got -1'],
    [{ ...good, memory: ['x'] }, 'restoreBreaker: memory must be an array of numbers'],
    [{ ...good, memory: undefined }, 'restoreBreaker: memory must be an array of numbers, got undefined'],
    [{}, 'restoreBreaker: version must be the number 1, got undefined'],
    [{ ...good, extra: 1 }, 'restoreBreaker has no option "extra"'],
  ])('that is malformed is refused: %j', (snapshot, message) => {
    expect(() => restoreBreaker(circuitBreaker(), snapshot as CircuitSnapshot)).toThrow(message);
  });

  it('is taken of breakers of this package only', () => {
    expect(() => snapshotOf({ state: 'closed' } as CircuitBreaker)).toThrow(TypeError);
  });
});
