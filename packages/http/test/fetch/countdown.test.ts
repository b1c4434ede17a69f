import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Countdown } from '../../src/fetch/countdown.ts';

function countdown(shortestMs = 100) {
  const clock = manualClock();
  const onDue = vi.fn();
  return { clock, onDue, timed: new Countdown(clock, shortestMs, onDue) };
}

describe('Countdown', () => {
  it('calls back when its time is up, and once', async () => {
    const { clock, onDue, timed } = countdown();
    timed.start(250, true);
    await clock.advance(249);
    expect(onDue).not.toHaveBeenCalled();
    await clock.advance(1);
    await clock.advance(1_000);
    expect(onDue).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sets no other timer for times that are set anew', () => {
    const { clock, timed } = countdown();
    const setTimer = vi.spyOn(clock, 'setTimer');
    timed.start(300, false);
    timed.start(150, true);
    timed.start(300, false);
    expect(setTimer).toHaveBeenCalledTimes(1);
  });

  it('is in time where a time is shorter than any that was foreseen', async () => {
    const { clock, onDue, timed } = countdown();
    timed.start(300, false);
    timed.start(5, true);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5);
    expect(onDue).toHaveBeenCalledTimes(1);
  });

  it('never calls back after it was stopped, nor when there is no limit', async () => {
    const { clock, onDue, timed } = countdown();
    timed.start(50, true);
    timed.stop();
    timed.start(Infinity, true);
    expect(clock.pendingTimers).toBe(0);
    timed.start(50, true);
    timed.start(Infinity, true);
    await clock.advance(1_000);
    expect(onDue).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is due exactly when the time that was set last is up, whatever was set before', async () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 1, max: 400 })));
    await fc.assert(
      fc.asyncProperty(steps, async (settings) => {
        const { clock, onDue, timed } = countdown();
        let dueAtMs = Infinity;
        let due = 0;
        for (const [passMs, ms] of settings) {
          await clock.advance(passMs);
          if (clock.now() >= dueAtMs) due++;
          expect(onDue).toHaveBeenCalledTimes(due);
          timed.start(ms, true);
          dueAtMs = clock.now() + ms;
        }
      }),
    );
  });
});
