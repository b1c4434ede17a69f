import { describe, expect, it } from 'vitest';
import { fail, hold, rig, succeed } from './rig.ts';

describe('a result of an earlier state', () => {
  it('that succeeds does not close a half-open circuit', async () => {
    const { breaker, clock } = rig({ successesToClose: 1 });
    const early = hold(breaker);
    await fail(breaker, 5);
    await clock.advance(30_000);
    const probe = hold(breaker);
    expect(breaker.state).toBe('half-open');
    await early.succeed();
    expect(breaker.state).toBe('half-open');
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('that fails does not open a half-open circuit', async () => {
    const { breaker, clock } = rig();
    const early = hold(breaker);
    await fail(breaker, 5);
    await clock.advance(30_000);
    await succeed(breaker);
    await early.fail();
    expect(breaker.state).toBe('half-open');
  });

  it('that fails does not count in a circuit that has closed since', async () => {
    const { breaker, clock } = rig();
    const early = Array.from({ length: 9 }, () => hold(breaker));
    await fail(breaker, 5);
    await clock.advance(30_000);
    await succeed(breaker, 3);
    for (const call of early) await call.fail();
    expect(breaker.state).toBe('closed');
    expect(breaker.stats()).toMatchObject({ failures: 14, reading: { hits: 0 } });
  });

  it('that fails while the circuit is open does not make it stay open longer', async () => {
    const { breaker, clock } = rig();
    const early = hold(breaker);
    await fail(breaker, 5);
    await clock.advance(20_000);
    await early.fail();
    await clock.advance(10_000);
    expect((await breaker.try(() => 1)).ok).toBe(true);
  });

  it('of a probe counts for nothing in the next half-open phase', async () => {
    const { breaker, clock } = rig({ maxProbes: 2, successesToClose: 1 });
    await fail(breaker, 5);
    await clock.advance(30_000);
    const slow = hold(breaker);
    await fail(breaker);
    await clock.advance(30_000);
    const probe = hold(breaker);
    expect(breaker.state).toBe('half-open');
    await slow.succeed();
    expect(breaker.state).toBe('half-open');
    expect(hold(breaker).started).toBe(true);
    expect(hold(breaker).started).toBe(false);
    await probe.succeed();
    expect(breaker.state).toBe('closed');
  });

  it('counts in the totals all the same', async () => {
    const { breaker } = rig();
    const early = [hold(breaker), hold(breaker)];
    breaker.reset();
    await early[0]?.succeed();
    await early[1]?.fail();
    expect(breaker.stats()).toMatchObject({ successes: 1, failures: 1, inFlight: 0 });
  });

  it('of before a reset does not open the circuit', async () => {
    const { breaker } = rig();
    const early = Array.from({ length: 5 }, () => hold(breaker));
    breaker.reset();
    for (const call of early) await call.fail();
    expect(breaker.state).toBe('closed');
  });
});

describe('many results at once', () => {
  it('open the circuit once', async () => {
    const { breaker, recorder } = rig();
    const calls = Array.from({ length: 20 }, () => hold(breaker));
    await Promise.all(calls.map((call) => call.fail()));
    expect(recorder.types).toEqual(['circuit.opened']);
    expect(breaker.stats().openings).toBe(1);
  });

  it('two failed probes in one tick open it once, and it half-opens again', async () => {
    const { breaker, clock, recorder } = rig();
    await fail(breaker, 5);
    await clock.advance(30_000);
    const probes = [hold(breaker), hold(breaker)];
    await Promise.all(probes.map((probe) => probe.fail()));
    expect(recorder.types).toEqual(['circuit.opened', 'circuit.half_opened', 'circuit.opened']);
    await clock.advance(30_000);
    await succeed(breaker, 3);
    expect(breaker.state).toBe('closed');
  });
});
