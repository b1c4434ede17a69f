import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Countdown, Countdowns } from '../../src/fetch/countdown.ts';

/** What sets timer after timer at one instant throws here: a manual clock would go on with them for ever. */
function boundedClock() {
  const clock = manualClock();
  const { setTimer } = clock;
  let timers = 0;
  clock.setTimer = (callback, delayMs) => {
    if (++timers > 500) throw new Error('there is no end of timers');
    return setTimer.call(clock, callback, delayMs);
  };
  return clock;
}

function setUp(shortestMs = 100) {
  const clock = boundedClock();
  const onDue = vi.fn();
  return { clock, onDue, one: new Countdown(onDue), all: new Countdowns(clock, shortestMs) };
}

describe('Countdowns', () => {
  it('calls back when a time is up, and once', async () => {
    const { clock, onDue, one, all } = setUp();
    all.start(one, 250, true);
    await clock.advance(249);
    expect(onDue).not.toHaveBeenCalled();
    await clock.advance(1);
    await clock.advance(1_000);
    expect(onDue).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('set one timer for many that start and stop', () => {
    const { clock, one, all } = setUp();
    const setTimer = vi.spyOn(clock, 'setTimer');
    for (let count = 0; count < 10; count++) {
      all.start(one, 300, false);
      all.start(one, 150, true);
      all.start(new Countdown(() => {}), 300, true);
      all.stop(one);
    }
    expect(setTimer).toHaveBeenCalledTimes(1);
  });

  it('are in time where a time is shorter than any that was foreseen', async () => {
    const { clock, onDue, one, all } = setUp();
    all.start(one, 300, false);
    all.start(one, 5, true);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5);
    expect(onDue).toHaveBeenCalledTimes(1);
  });

  it('never call back after they were stopped, nor where there is no limit', async () => {
    const { clock, onDue, one, all } = setUp();
    all.start(one, Infinity, true);
    expect(clock.pendingTimers).toBe(0);
    all.start(one, 50, true);
    all.stop(one);
    all.start(one, 50, true);
    all.start(one, Infinity, true);
    await clock.advance(1_000);
    expect(onDue).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });

  it('keep the process only as long as one of them is awaited', () => {
    const { clock, one, all } = setUp();
    const timers: string[] = [];
    const { setTimer } = clock;
    vi.spyOn(clock, 'setTimer').mockImplementation((callback, delayMs) => ({
      ...setTimer.call(clock, callback, delayMs),
      ref: () => timers.push('ref'),
      unref: () => timers.push('unref'),
    }));
    all.start(one, 300, false);
    all.start(one, 300, true);
    const other = new Countdown(() => {});
    all.start(other, 300, true);
    all.stop(one);
    expect(timers).toEqual(['unref', 'ref']);
    all.stop(other);
    expect(timers).toEqual(['unref', 'ref', 'unref']);
  });

  it('let one be stopped by another that is due at the same time', async () => {
    const { clock, onDue, one, all } = setUp();
    all.start(new Countdown(() => all.stop(one)), 50, true);
    all.start(one, 50, true);
    await clock.advance(50);
    expect(onDue).not.toHaveBeenCalled();
  });

  it('are due exactly when the time that was set last is up, whatever was set before', async () => {
    const step = fc.record({ which: fc.nat(2), passMs: fc.nat(400), ms: fc.integer({ min: 1, max: 400 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step), async (steps) => {
        const { clock, all } = setUp();
        const dueAtMs = [Infinity, Infinity, Infinity];
        const calledAtMs: (readonly [number, number])[] = [];
        const expected: (readonly [number, number])[] = [];
        const each = dueAtMs.map((_, which) => new Countdown(() => calledAtMs.push([which, clock.now()])));
        const pass = async (ms: number) => {
          await clock.advance(ms);
          for (const [which, atMs] of dueAtMs.entries()) {
            if (atMs > clock.now()) continue;
            expected.push([which, atMs]);
            dueAtMs[which] = Infinity;
          }
          const sorted = (list: typeof expected) => list.map(String).sort();
          expect(sorted(calledAtMs)).toEqual(sorted(expected));
        };
        for (const { which, passMs, ms } of steps) {
          await pass(passMs);
          all.start(each[which] as Countdown, ms, true);
          dueAtMs[which] = clock.now() + ms;
        }
        await pass(1_000);
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });
});
