import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('a manual clock', () => {
  it('stands still until it is told to move', async () => {
    const clock = manualClock({ startMs: 5, wallStartMs: 1_000 });
    expect([clock.now(), clock.wallNow()]).toEqual([5, 1_000]);
    await clock.advance(0);
    expect([clock.now(), clock.wallNow()]).toEqual([5, 1_000]);
    await clock.advance(7.5);
    expect([clock.now(), clock.wallNow()]).toEqual([12.5, 1_007.5]);
  });

  it('starts at 0 and in 2026 by default, with shared timers', () => {
    const clock = manualClock();
    expect([clock.now(), new Date(clock.wallNow()).toISOString()]).toEqual([0, '2026-01-01T00:00:00.000Z']);
    expect(clock.sharedTimers).toBe(true);
    expect(manualClock({ sharedTimers: false }).sharedTimers).toBe(false);
  });

  it('fires each timer at its own instant, equal ones in order of creation', async () => {
    const clock = manualClock();
    const log: string[] = [];
    for (const [name, ms] of [
      ['a', 20],
      ['b', 10],
      ['c', 20],
      ['d', 0],
      ['e', -5],
    ] as const) {
      clock.setTimer(() => log.push(`${name} at ${clock.now()}`), ms);
    }
    await clock.advance(20);
    expect(log).toEqual(['d at 0', 'e at 0', 'b at 10', 'a at 20', 'c at 20']);
  });

  it('fires the timers that timers set, also at the same instant', async () => {
    const clock = manualClock();
    const log: number[] = [];
    const again = () => {
      log.push(clock.now());
      if (log.length < 4) clock.setTimer(again, log.length === 2 ? 0 : 10);
    };
    clock.setTimer(again, 10);
    await clock.advance(25);
    expect(log).toEqual([10, 20, 20]);
    expect(clock.now()).toBe(25);
  });

  it('lets promises settle between two timers of one instant', async () => {
    const clock = manualClock();
    const log: string[] = [];
    clock.setTimer(() => {
      void Promise.resolve()
        .then(() => undefined)
        .then(() => log.push('promise'));
    }, 10);
    clock.setTimer(() => log.push('timer'), 10);
    await clock.advance(10);
    expect(log).toEqual(['promise', 'timer']);
  });

  it('runs to the last timer, or to an instant', async () => {
    const clock = manualClock();
    const log: number[] = [];
    for (const ms of [10, 20, 30]) clock.setTimer(() => log.push(ms), ms);
    await clock.run(20);
    expect([log, clock.now()]).toEqual([[10, 20], 20]);
    await clock.run();
    expect([log, clock.now()]).toEqual([[10, 20, 30], 30]);
  });

  it('counts the timers that are pending, and those that would hold a process', () => {
    const clock = manualClock();
    const timers = [10, 20, Infinity].map((ms) => clock.setTimer(() => undefined, ms));
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([2, 2]);
    timers[0]?.unref();
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([2, 1]);
    timers[0]?.ref();
    timers[1]?.cancel();
    timers[1]?.cancel();
    timers[2]?.cancel();
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([1, 1]);
  });

  it('moves the wall alone on demand', async () => {
    const clock = manualClock({ wallStartMs: 1_000 });
    let fired = false;
    clock.setTimer(() => (fired = true), 50);
    clock.jumpWall(3_600_000);
    expect([clock.now(), clock.wallNow(), fired]).toEqual([0, 3_601_000, false]);
    clock.jumpWall(-3_600_500);
    await clock.advance(50);
    expect([clock.now(), clock.wallNow(), fired]).toEqual([50, 550, true]);
  });

  it('fires what was not cancelled, in order: a model', async () => {
    const timers = fc.array(fc.record({ ms: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(timers, async (all) => {
        const clock = manualClock();
        const fired: number[] = [];
        const made = all.map(({ ms }, index) => clock.setTimer(() => fired.push(index), ms));
        all.forEach(({ cancelled }, index) => cancelled && made[index]?.cancel());
        await clock.run();
        const expected = all
          .map((timer, index) => ({ ...timer, index }))
          .filter(({ cancelled }) => !cancelled)
          .sort((a, b) => a.ms - b.ms || a.index - b.index);
        expect(fired).toEqual(expected.map(({ index }) => index));
      }),
      { numRuns: fc.readConfigureGlobal().numRuns ?? 100 },
    );
  });
});
