import { circuitBreaker, consecutiveFailures, isCircuitOpen } from '@holdfast/circuit-breaker';
import { describe, expect, it } from 'vitest';
import { boom, fail, hold, rig, succeed } from './rig.ts';

describe('circuitBreaker', () => {
  it('is closed at first and hands values through', async () => {
    const { breaker } = rig();
    expect(breaker.state).toBe('closed');
    expect(await breaker.execute(() => Promise.resolve(42))).toBe(42);
    expect(breaker.state).toBe('closed');
  });

  it('works without options', async () => {
    const breaker = circuitBreaker();
    expect(breaker.name).toBe('circuit-breaker');
    expect(await breaker.execute(() => 'value')).toBe('value');
  });

  it('opens at the fifth failure in a row, not at the fourth', async () => {
    const { breaker } = rig();
    await fail(breaker, 4);
    expect(breaker.state).toBe('closed');
    await fail(breaker);
    expect(breaker.state).toBe('open');
  });

  it('starts counting anew after a success', async () => {
    const { breaker } = rig();
    await fail(breaker, 4);
    await succeed(breaker);
    await fail(breaker, 4);
    expect(breaker.state).toBe('closed');
  });

  it('does not start operations while it is open', async () => {
    const { breaker } = rig();
    await fail(breaker, 5);
    const call = hold(breaker);
    expect(await call.result).toMatchObject({ ok: false });
    expect(call.started).toBe(false);
  });

  it('throws an error without a stack that tells when to come back', async () => {
    const { breaker, clock } = rig();
    await fail(breaker, 5);
    await clock.advance(10_000);
    const error: unknown = await breaker.execute(() => 1).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'CircuitOpenError',
      code: 'ERR_CIRCUIT_OPEN',
      strategy: 'stripe',
      state: 'open',
      retryAfterMs: 20_000,
    });
    expect((error as Error).stack).not.toContain('\n    at ');
    expect(isCircuitOpen(error)).toBe(true);
  });

  it('carries a stack when asked to', async () => {
    const { breaker } = rig({ captureStack: true });
    await fail(breaker, 5);
    const error: unknown = await breaker.execute(() => 1).catch((thrown: unknown) => thrown);
    expect((error as Error).stack).toContain('\n    at ');
  });

  it('answers try with a frozen plain rejection', async () => {
    const { breaker } = rig();
    await fail(breaker, 5);
    const result = await breaker.try(() => 1);
    const rejection = { code: 'ERR_CIRCUIT_OPEN', strategy: 'stripe', retryAfterMs: 30_000, state: 'open' };
    expect(result).toEqual({ ok: false, error: rejection });
    if (result.ok) return;
    expect(Object.isFrozen(result.error)).toBe(true);
    expect(isCircuitOpen(result.error)).toBe(true);
  });

  it('admits at the instant its time is over, not a millisecond before', async () => {
    const { breaker, clock } = rig();
    await fail(breaker, 5);
    await clock.advance(29_999);
    expect((await breaker.try(() => 1)).ok).toBe(false);
    await clock.advance(1);
    expect((await breaker.try(() => 1)).ok).toBe(true);
    expect(breaker.state).toBe('half-open');
  });

  it('keeps an open time of 0, which half-opens at the next call', async () => {
    const { breaker } = rig({ openMs: 0 });
    await fail(breaker, 5);
    expect(breaker.state).toBe('open');
    await succeed(breaker);
    expect(breaker.state).toBe('half-open');
  });

  it('stays open for ever with an infinite open time, and does not say when to come back', async () => {
    const { breaker, clock } = rig({ openMs: Infinity });
    await fail(breaker, 5);
    await clock.advance(1e12);
    expect(await breaker.try(() => 1)).toMatchObject({ error: { retryAfterMs: undefined, state: 'open' } });
  });
});

describe('what an operation may do', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw boom;
      },
    ],
    ['rejects', () => Promise.reject(boom)],
    ['returns a thenable that rejects', () => ({ then: (_: unknown, no: (e: Error) => void) => no(boom) })],
  ])('%s: counts as a failure, with the error untouched', async (_what, operation) => {
    const { breaker } = rig();
    await expect(breaker.execute(operation)).rejects.toBe(boom);
    expect(breaker.stats()).toMatchObject({ failures: 1, successes: 0, inFlight: 0 });
  });

  it.each([undefined, null, 0, '', 'text', { code: 7 }])(
    'throws %j: that leaves as it is',
    async (thrown) => {
      const { breaker } = rig();
      const result = await breaker.try(() => {
        throw thrown;
      });
      expect(result).toEqual({ ok: false, error: thrown });
      expect(breaker.stats().failures).toBe(1);
    },
  );

  it.each<[string, () => unknown, unknown]>([
    ['nothing', () => undefined, undefined],
    ['a value', () => 7, 7],
    ['an error as a value', () => boom, boom],
    ['a thenable', () => ({ then: (yes: (v: number) => void) => yes(8) }), 8],
  ])('returns %s: counts as a success', async (_what, operation, value) => {
    const { breaker } = rig();
    expect(await breaker.execute(operation)).toBe(value);
    expect(breaker.stats()).toMatchObject({ failures: 0, successes: 1, inFlight: 0 });
  });
});

describe('wrap', () => {
  it('keeps this and the arguments, and shows the breaker', async () => {
    const { breaker } = rig();
    const client = {
      base: 3,
      add: breaker.wrap(async function (this: { base: number }, n: number) {
        return this.base + n;
      }),
    };
    expect(await client.add(4)).toBe(7);
    expect(client.add.breaker).toBe(breaker);
  });
});

describe('scenarios of the systems before', () => {
  it('S4-66: three failures open it, and the stats have their shape', async () => {
    const { breaker, clock } = rig({ tripRule: consecutiveFailures({ failures: 3 }) });
    await fail(breaker, 3);
    expect(breaker.state).toBe('open');
    expect(breaker.stats()).toEqual({
      name: 'stripe',
      state: 'open',
      changedAtMs: clock.wallNow(),
      retryAfterMs: 30_000,
      successes: 0,
      failures: 3,
      ignored: 0,
      rejected: 0,
      inFlight: 0,
      waiting: 0,
      openings: 1,
      consecutiveFailures: 3,
      lastFailureAtMs: clock.wallNow(),
      reading: { rule: 'consecutive-failures', calls: 3, hits: 3 },
    });
    expect(breaker.stats().lastError).toBe(boom);
  });

  it('S4-67: after 30 s the next call half-opens it, and three successes close it', async () => {
    const { breaker, clock, recorder } = rig();
    await fail(breaker, 5);
    await clock.advance(30_001);
    expect(breaker.state).toBe('open');
    await succeed(breaker);
    expect(breaker.state).toBe('half-open');
    await succeed(breaker);
    expect(breaker.state).toBe('half-open');
    await succeed(breaker);
    expect(breaker.state).toBe('closed');
    expect(recorder.types).toEqual(['circuit.opened', 'circuit.half_opened', 'circuit.closed']);
  });

  it('S4-47: a failed probe opens it again for the whole time', async () => {
    const { breaker, clock } = rig();
    await fail(breaker, 5);
    await clock.advance(30_000);
    await succeed(breaker, 2);
    await fail(breaker);
    expect(breaker.state).toBe('open');
    await clock.advance(29_999);
    expect((await breaker.try(() => 1)).ok).toBe(false);
    await clock.advance(1);
    expect((await breaker.try(() => 1)).ok).toBe(true);
  });

  it('S4-47: a reset by hand closes it', async () => {
    const { breaker } = rig();
    await fail(breaker, 5);
    breaker.reset();
    expect(breaker.state).toBe('closed');
    await succeed(breaker);
    expect(breaker.stats()).toMatchObject({ consecutiveFailures: 0, failures: 5 });
    expect(breaker.stats().lastError).toBeUndefined();
  });

  it('S4-47: counts concurrent calls right', async () => {
    const { breaker } = rig();
    const calls = Array.from({ length: 100 }, () => hold(breaker));
    expect(breaker.stats().inFlight).toBe(100);
    await Promise.all(calls.map((call, i) => (i % 2 === 0 ? call.succeed() : call.fail())));
    expect(breaker.stats()).toMatchObject({ successes: 50, failures: 50, inFlight: 0, state: 'closed' });
  });
});
