import { rejection, type Call, type CallOptions } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { WaitingRoom } from '../../src/half-open/waiting-room.ts';
import { boom, hold, rig, untilHalfOpen } from '../rig.ts';

const waiting = async (options = {}) => {
  const it = rig({ overflow: 'wait', maxProbes: 1, successesToClose: 2, ...options });
  await untilHalfOpen(it);
  return it;
};

/** Makes calls and counts how many run at the same time. */
function crowd(breaker: Awaited<ReturnType<typeof waiting>>['breaker'], size: number, options?: CallOptions) {
  const running: { finish(error?: unknown): void }[] = [];
  const seen = { max: 0, started: 0 };
  const calls = Array.from({ length: size }, () =>
    breaker.try(
      () =>
        new Promise((resolve, reject) => {
          const entry = {
            finish: (error?: unknown) => {
              running.splice(running.indexOf(entry), 1);
              if (error === undefined) resolve('fine');
              else reject(error);
            },
          };
          running.push(entry);
          seen.started++;
          seen.max = Math.max(seen.max, running.length);
        }),
      options,
    ),
  );
  return { calls, running, seen };
}

describe("overflow: 'wait'", () => {
  it('lets calls wait for a free probe, oldest first', async () => {
    const { breaker, clock } = await waiting({ successesToClose: 10 });
    const [first, second, third] = [hold(breaker), hold(breaker), hold(breaker)];
    expect(breaker.stats()).toMatchObject({ inFlight: 1, waiting: 2, rejected: 0 });
    await first.succeed();
    await clock.advance(0);
    expect([second.started, third.started]).toEqual([true, false]);
    await second.succeed();
    await clock.advance(0);
    expect(third.started).toBe(true);
    expect(await third.succeed()).toMatchObject({ ok: true });
  });

  it('refuses calls beyond maxWaiting', async () => {
    const { breaker } = await waiting({ maxWaiting: 2 });
    const calls = Array.from({ length: 5 }, () => hold(breaker));
    expect(breaker.stats()).toMatchObject({ inFlight: 1, waiting: 2, rejected: 2 });
    expect(await calls[4]?.result).toMatchObject({ error: { code: 'ERR_CIRCUIT_OPEN', state: 'half-open' } });
  });

  it.each([{ maxWaiting: 0 }, { maxWaitMs: 0 }])('lets nobody wait with %j', async (options) => {
    const { breaker } = await waiting(options);
    hold(breaker);
    expect((await hold(breaker).result).ok).toBe(false);
    expect(breaker.stats().waiting).toBe(0);
  });

  it('refuses a call that has waited for maxWaitMs, not before', async () => {
    const { breaker, clock } = await waiting({ maxWaitMs: 500 });
    hold(breaker);
    const late = hold(breaker);
    await clock.advance(499);
    expect(breaker.stats().waiting).toBe(1);
    await clock.advance(1);
    expect(await late.result).toMatchObject({ error: { code: 'ERR_CIRCUIT_OPEN' } });
    expect(breaker.stats()).toMatchObject({ waiting: 0, rejected: 1 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses all who wait when a probe fails', async () => {
    const { breaker, clock } = await waiting();
    const probe = hold(breaker);
    const others = [hold(breaker), hold(breaker)];
    await probe.fail();
    await clock.advance(0);
    for (const { result } of others) {
      expect(await result).toMatchObject({ error: { state: 'open', retryAfterMs: 30_000 } });
    }
    expect(breaker.stats()).toMatchObject({ waiting: 0, rejected: 2 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses all who wait when the probe expires, although no new call comes', async () => {
    const { breaker, clock } = await waiting({ probeTimeoutMs: 2_000, maxWaitMs: 60_000 });
    hold(breaker);
    const others = [hold(breaker), hold(breaker)];
    await clock.advance(2_001);
    expect(breaker.state).toBe('open');
    for (const { result } of others) expect(await result).toMatchObject({ error: { state: 'open' } });
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses all who wait when the circuit is isolated', async () => {
    const { breaker } = await waiting();
    hold(breaker);
    const other = hold(breaker);
    breaker.isolate();
    expect(await other.result).toMatchObject({ error: { state: 'isolated' } });
  });

  it.each(['metrics-only', 'disabled'] as const)('lets all in when the mode becomes %s', async (mode) => {
    const { breaker, clock } = await waiting();
    const calls = [hold(breaker), hold(breaker), hold(breaker)];
    breaker.setMode(mode);
    await clock.advance(0);
    expect(calls.every((call) => call.started)).toBe(true);
  });

  // At the moment of closing, the last probes may still run beside the first of those who have waited.
  it.each([
    [1, 1],
    [3, 5],
  ])('with %i probes never lets more than %i run of a crowd of 100', async (maxProbes, max) => {
    const { breaker, clock } = await waiting({ maxProbes, successesToClose: 3, maxWaitMs: 1e6 });
    const { calls, running, seen } = crowd(breaker, 100);
    for (let i = 0; i < 100; i++) {
      running[0]?.finish();
      await clock.advance(0);
    }
    expect(seen).toEqual({ max, started: 100 });
    expect((await Promise.all(calls)).every((result) => result.ok)).toBe(true);
    expect(breaker.state).toBe('closed');
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets newcomers pass those who wait once the circuit is closed', async () => {
    const { breaker, clock } = await waiting({ successesToClose: 1 });
    const { running } = crowd(breaker, 10);
    running[0]?.finish();
    await clock.advance(0);
    expect(breaker.state).toBe('closed');
    expect(hold(breaker).started).toBe(true);
    expect(breaker.stats().waiting).toBe(8);
  });

  it('lets in, not refuses, who has waited for too long at a closed circuit', async () => {
    const { breaker, clock } = await waiting({ successesToClose: 1, maxWaitMs: 100 });
    const { running, seen } = crowd(breaker, 5);
    running[0]?.finish();
    await clock.advance(100);
    expect(seen.started).toBe(5);
    expect(breaker.stats()).toMatchObject({ waiting: 0, rejected: 0 });
  });

  it('refuses the rest when the circuit opens again', async () => {
    const { breaker, clock } = await waiting({ successesToClose: 1 });
    const { calls, running, seen } = crowd(breaker, 20);
    running[0]?.finish();
    await clock.advance(0);
    for (let i = 0; i < 5; i++) {
      running[0]?.finish(boom);
      await clock.advance(0);
    }
    expect(breaker.state).toBe('open');
    expect(seen.started).toBeLessThanOrEqual(7);
    running[0]?.finish();
    const results = await Promise.all(calls);
    expect(results.filter((result) => !result.ok && result.error !== boom)).toHaveLength(20 - seen.started);
  });

  it('hands out one permit a call, although an answer changes the state twice at once', async () => {
    const { breaker, clock } = rig({ overflow: 'wait', openMs: 0, probeTimeoutMs: 1_000 });
    breaker.trip(0);
    const hung = [hold(breaker), hold(breaker), hold(breaker)];
    const waiter = hold(breaker);
    expect(breaker.stats()).toMatchObject({ inFlight: 3, waiting: 1 });
    // The probes expire, the circuit opens for 0 ms, and half-opens again while the waiting call is being answered.
    await clock.advance(1_000);
    expect(waiter.started).toBe(true);
    expect(breaker.stats()).toMatchObject({ inFlight: 4, waiting: 0 });
    await waiter.succeed();
    for (const probe of hung) await probe.fail();
    expect(breaker.stats()).toMatchObject({ inFlight: 0, successes: 1 });
    const probes = Array.from({ length: 4 }, () => hold(breaker));
    expect(probes.map(({ started }) => started)).toEqual([true, true, true, false]);
  });

  it('hands out one permit also when the last answer changes the state', async () => {
    const clock = manualClock();
    let changed = false;
    let permits = 0;
    const room: WaitingRoom = new WaitingRoom(
      {
        answer(_call, last) {
          if (last && !changed) {
            changed = true;
            room.serve();
          }
          return changed ? ++permits : undefined;
        },
        refusal: () => rejection('ERR_TEST', 'test'),
        changesInMs: () => Infinity,
      },
      { clock, maxWaiting: 1, maxWaitMs: 100 },
    );
    const turn = room.wait({ onEnd: () => () => undefined } as unknown as Call);
    await clock.advance(100);
    expect(await turn).toBe(1);
    expect(permits).toBe(1);
  });

  describe('abort', () => {
    it('settles a waiting call in the same turn with the own reason, and frees its place', async () => {
      const { breaker, clock } = await waiting({ maxWaiting: 1 });
      hold(breaker);
      const controller = new AbortController();
      const reason = { mine: true };
      const call = breaker.execute(() => 'never', { signal: controller.signal });
      expect(breaker.stats().waiting).toBe(1);
      controller.abort(reason);
      expect(breaker.stats().waiting).toBe(0);
      await expect(call).rejects.toBe(reason);
      expect(clock.now()).toBe(31_000);
      expect(clock.pendingTimers).toBe(0);
      expect(breaker.stats()).toMatchObject({ rejected: 0, ignored: 0, failures: 0 });
    });

    it('of a call that was let in meanwhile gives its place to another', async () => {
      const { breaker, clock } = await waiting({ successesToClose: 5 });
      const probe = hold(breaker);
      const controller = new AbortController();
      const aborted = breaker.try(() => 'never', { signal: controller.signal });
      const next = hold(breaker);
      await probe.succeed();
      controller.abort('gone');
      await clock.advance(0);
      expect(await aborted).toEqual({ ok: false, error: 'gone' });
      expect(next.started).toBe(true);
    });

    it.each([...Array(12).keys()])('%i turns after its place got free loses no place', async (turns) => {
      const { breaker, clock } = await waiting({ successesToClose: 5 });
      const probe = breaker.acquire();
      const controller = new AbortController();
      const call = breaker.try(() => new Promise(() => undefined), { signal: controller.signal });
      probe.succeed();
      for (let i = 0; i < turns; i++) await Promise.resolve();
      controller.abort('gone');
      await clock.advance(0);
      expect(await call).toEqual({ ok: false, error: 'gone' });
      expect(breaker.stats()).toMatchObject({ inFlight: 0, waiting: 0, failures: 0 });
      expect(hold(breaker).started).toBe(true);
    });

    it('by a deadline leaves nothing behind', async () => {
      const { breaker, clock } = await waiting();
      hold(breaker);
      const call = breaker.try(() => 'never', { timeoutMs: 50 });
      await clock.advance(50);
      expect(await call).toMatchObject({ ok: false, error: { code: 'ERR_TIMEOUT' } });
      expect(breaker.stats().waiting).toBe(0);
      expect(clock.pendingTimers).toBe(0);
    });
  });

  it('does not make tryAcquire, acquire or executeSync wait', async () => {
    const { breaker } = await waiting();
    hold(breaker);
    expect(breaker.tryAcquire()).toBe(0);
    expect(() => breaker.acquire()).toThrow('half-open');
    expect(() => breaker.executeSync(() => 1)).toThrow('half-open');
    expect(breaker.stats().waiting).toBe(0);
  });
});
