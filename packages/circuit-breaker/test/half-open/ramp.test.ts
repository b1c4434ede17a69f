import { describe, expect, it } from 'vitest';
import { Ramp } from '../../src/half-open/ramp.ts';
import { hold, rig, succeed, untilHalfOpen } from '../rig.ts';

const admitted = (ramp: Ramp, nowMs: number, calls: number) =>
  Array.from({ length: calls }, () => ramp.admits(nowMs)).filter(Boolean).length;

describe('Ramp', () => {
  it('admits the first call', () => {
    expect(new Ramp(1_000, 0).admits(0)).toBe(true);
  });

  it.each([
    [0, 100],
    [50, 100],
    [100, 100],
    [500, 500],
    [900, 900],
    [1_000, 1_000],
  ])('after %i of 1,000 ms admits %i of 1,000 calls, evenly spread', (nowMs, expected) => {
    const ramp = new Ramp(1_000, 0);
    expect(Math.abs(admitted(ramp, nowMs, 1_000) - expected)).toBeLessThanOrEqual(1);
  });

  it('does not save up credit while no call comes', () => {
    const ramp = new Ramp(1_000, 0);
    admitted(ramp, 900, 10);
    expect(admitted(ramp, 100, 20)).toBeLessThanOrEqual(3);
  });

  it('is over at the end of its time, not before', () => {
    const ramp = new Ramp(1_000, 0);
    expect([ramp.isOver(999), ramp.isOver(1_000)]).toEqual([false, true]);
  });
});

describe('a circuit that ramps up', () => {
  const closing = async () => {
    const it = rig({ rampUpMs: 1_000 });
    await untilHalfOpen(it);
    await succeed(it.breaker, 3);
    expect(it.breaker.state).toBe('closed');
    return it;
  };

  it('admits a growing share of the calls, then all', async () => {
    const { breaker, clock } = await closing();
    const share = async () => {
      const calls = Array.from({ length: 100 }, () => hold(breaker));
      const started = calls.filter((call) => call.started);
      await Promise.all(started.map((call) => call.succeed()));
      return started.length;
    };
    const shares: number[] = [];
    for (let i = 0; i < 5; i++) {
      shares.push(await share());
      await clock.advance(250);
    }
    [10, 25, 50, 75, 100].forEach((n, i) => expect(Math.abs((shares[i] ?? 0) - n)).toBeLessThanOrEqual(1));
  });

  it('says why it refuses', async () => {
    const { breaker } = await closing();
    await succeed(breaker);
    expect(await breaker.try(() => 1)).toMatchObject({
      error: { code: 'ERR_CIRCUIT_OPEN', state: 'ramp-up' },
    });
  });

  it('opens by its rule', async () => {
    const { breaker, clock } = await closing();
    await clock.advance(999);
    for (let i = 0; i < 10 && breaker.state === 'closed'; i++)
      await breaker.try(() => Promise.reject(new Error()));
    expect(breaker.state).toBe('open');
  });

  it('does not ramp up after a reset by hand', async () => {
    const { breaker } = rig({ rampUpMs: 1_000 });
    breaker.trip();
    breaker.reset();
    await succeed(breaker, 20);
  });
});
