import { describe, expect, it } from 'vitest';
import { Probes } from '../../src/half-open/probes.ts';
import { boom, fail, hold, rig, succeed, untilHalfOpen } from '../rig.ts';

describe('Probes', () => {
  it('numbers probes from 1 and refuses more than its maximum', () => {
    const probes = new Probes(2, 100);
    expect([probes.start(0), probes.start(0), probes.start(0)]).toEqual([1, 2, 0]);
    probes.finish(1);
    expect(probes.start(0)).toBe(1);
  });

  it('knows when the oldest probe has taken too long', () => {
    const probes = new Probes(2, 100);
    expect(probes.expiresInMs(0)).toBe(Infinity);
    probes.start(0);
    probes.start(60);
    expect([probes.expiresInMs(99), probes.expiresInMs(100)]).toEqual([1, 0]);
    probes.finish(1);
    expect(probes.expiresInMs(100)).toBe(60);
  });
});

describe('a half-open circuit', () => {
  it.each([1, 3, 1_023])('lets at most %i of many concurrent calls through', async (maxProbes) => {
    const it = rig({ maxProbes });
    await untilHalfOpen(it);
    const calls = Array.from({ length: 1_500 }, () => hold(it.breaker));
    expect(calls.filter((call) => call.started)).toHaveLength(maxProbes);
    expect(it.breaker.stats()).toMatchObject({ inFlight: maxProbes, rejected: 1_500 - maxProbes });
  });

  it('does not know when a refused caller may come back', async () => {
    const it = rig({ maxProbes: 1 });
    await untilHalfOpen(it);
    hold(it.breaker);
    const refused = await it.breaker.try(() => 1);
    expect(refused).toMatchObject({ error: { state: 'half-open', retryAfterMs: undefined } });
  });

  it('takes another probe for each that has settled', async () => {
    const it = rig({ maxProbes: 1, successesToClose: 5 });
    await untilHalfOpen(it);
    for (let i = 0; i < 4; i++) {
      const probe = hold(it.breaker);
      expect(probe.started).toBe(true);
      expect(hold(it.breaker).started).toBe(false);
      await probe.succeed();
    }
    expect(it.breaker.state).toBe('half-open');
    await succeed(it.breaker);
    expect(it.breaker.state).toBe('closed');
  });

  it('closes with one success when one is asked for, and with two only when two are', async () => {
    for (const successesToClose of [1, 2]) {
      const it = rig({ successesToClose });
      await untilHalfOpen(it);
      await succeed(it.breaker);
      expect(it.breaker.state).toBe(successesToClose === 1 ? 'closed' : 'half-open');
    }
  });

  it('gives the place of an ignored probe to another and counts it as nothing', async () => {
    const it = rig({ maxProbes: 1, successesToClose: 1, classifyError: () => 'ignored' });
    await untilHalfOpen(it);
    await fail(it.breaker, 3);
    expect(it.breaker.state).toBe('half-open');
    await succeed(it.breaker);
    expect(it.breaker.state).toBe('closed');
  });

  it('never sticks to a hung probe: it expires and counts as failed', async () => {
    const it = rig({ maxProbes: 1, probeTimeoutMs: 5_000 });
    await untilHalfOpen(it);
    const hung = hold(it.breaker);
    await it.clock.advance(4_999);
    expect(hold(it.breaker).started).toBe(false);
    expect(it.breaker.state).toBe('half-open');
    await it.clock.advance(1);
    expect(hold(it.breaker).started).toBe(false);
    expect(it.breaker.state).toBe('open');
    await it.clock.advance(30_000);
    await succeed(it.breaker, 3);
    expect(it.breaker.state).toBe('closed');
    await hung.fail(boom);
    expect(it.breaker.state).toBe('closed');
  });

  it('counts the open time from when the probe expired, although nobody came to see it', async () => {
    const it = rig({ maxProbes: 1, probeTimeoutMs: 5_000 });
    await untilHalfOpen(it);
    hold(it.breaker);
    await it.clock.advance(34_999);
    expect(await it.breaker.try(() => 1)).toMatchObject({ error: { state: 'open', retryAfterMs: 1 } });
    await it.clock.advance(1);
    expect((await it.breaker.try(() => 1)).ok).toBe(true);
  });

  it('goes from an expired probe to the next one at once when the open time has passed as well', async () => {
    const it = rig({ maxProbes: 1, probeTimeoutMs: 5_000 });
    await untilHalfOpen(it);
    hold(it.breaker);
    await it.clock.advance(3_600_000);
    expect((await it.breaker.try(() => 1)).ok).toBe(true);
    expect(it.recorder.types.slice(-3)).toEqual([
      'circuit.half_opened',
      'circuit.opened',
      'circuit.half_opened',
    ]);
    expect(it.recorder.events.at(-2)).toMatchObject({ cause: 'probe-timeout', openings: 2 });
  });

  it('waits for ever for a probe with an infinite timeout', async () => {
    const it = rig({ maxProbes: 1, successesToClose: 1, probeTimeoutMs: Infinity });
    await untilHalfOpen(it);
    const probe = hold(it.breaker);
    await it.clock.advance(1e12);
    expect(hold(it.breaker).started).toBe(false);
    await probe.succeed();
    expect(it.breaker.state).toBe('closed');
  });

  it('needs no timer', async () => {
    const it = rig();
    await untilHalfOpen(it);
    hold(it.breaker);
    expect(it.clock.pendingTimers).toBe(0);
  });
});
