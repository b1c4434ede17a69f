import { sleep, type Call } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { watch } from './watch.ts';

/** A call that the test ends. */
function endable() {
  const listeners = new Set<(reason: unknown) => void>();
  const call: Pick<Call, 'onEnd'> = {
    onEnd(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { call, listeners, end: (reason: unknown) => listeners.forEach((listener) => listener(reason)) };
}

describe('a sleep', () => {
  it.each([0, 1, 50])('of %i ms ends after them, and stops listening', async (delayMs) => {
    const clock = manualClock();
    const { call, listeners } = endable();
    const slept = watch(sleep(delayMs, call, clock), clock);
    await clock.run();
    expect(slept).toEqual({ settled: 1, value: undefined, atMs: delayMs });
    expect(listeners.size).toBe(0);
  });

  it('ends with the call, with its reason, and leaves no timer', async () => {
    const clock = manualClock();
    const { call, end } = endable();
    const slept = watch(sleep(50, call, clock), clock);
    await clock.advance(20);
    end('left');
    await clock.advance(0);
    expect(slept).toEqual({ settled: 1, error: 'left', atMs: 20 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not begin in a call that has ended', async () => {
    const clock = manualClock();
    const ended: Pick<Call, 'onEnd'> = {
      onEnd: (listener) => {
        listener('left');
        return () => undefined;
      },
    };
    await expect(sleep(50, ended, clock)).rejects.toBe('left');
    expect(clock.pendingTimers).toBe(0);
  });

  it('holds the process while somebody waits', () => {
    const clock = manualClock();
    void sleep(50, endable().call, clock);
    expect(clock.refedTimers).toBe(1);
  });
});
