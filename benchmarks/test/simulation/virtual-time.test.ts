import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { inVirtualTime } from '../../src/simulation/virtual-time.ts';

const platform = () => [
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
  Date.now,
  performance.now,
  Math.random,
  Error.stackTraceLimit,
];

describe('inVirtualTime', () => {
  it('lets code without a clock live on a manual one', async () => {
    const clock = manualClock({ wallStartMs: 5_000 });
    await inVirtualTime(clock, seededRandom(1), async () => {
      const seen: (string | number)[] = [];
      setTimeout(() => seen.push('late', Date.now(), performance.now()), 3_600_000);
      setTimeout(() => seen.push('soon'));
      await clock.advance(3_599_999);
      expect(seen).toEqual(['soon']);
      await clock.advance(1);
      expect(seen).toEqual(['soon', 'late', 3_605_000, 3_600_000]);
    });
  });

  it('repeats intervals until they are cleared', async () => {
    const clock = manualClock();
    await inVirtualTime(clock, seededRandom(1), async () => {
      const atMs: number[] = [];
      const interval = setInterval(() => {
        if (atMs.push(clock.now()) === 3) clearInterval(interval);
      }, 100);
      await clock.advance(1_000);
      expect(atMs).toEqual([100, 200, 300]);
      expect(clock.pendingTimers).toBe(0);
    });
  });

  it('forgets timeouts that are cleared, and bears clearing none', async () => {
    const clock = manualClock();
    await inVirtualTime(clock, seededRandom(1), () => {
      const timeout = setTimeout(() => {}, 100);
      expect(clock.pendingTimers).toBe(1);
      expect(timeout.unref().ref()).toBe(timeout);
      clearTimeout(timeout);
      clearTimeout(undefined);
      expect(clock.pendingTimers).toBe(0);
      return Promise.resolve();
    });
  });

  it('makes randomness repeatable', async () => {
    const draw = () => inVirtualTime(manualClock(), seededRandom(7), () => Promise.resolve(Math.random()));
    expect(await draw()).toBe(await draw());
  });

  it('puts everything back, after a failure too', async () => {
    const before = platform();
    const work = () => Promise.reject(new Error('boom'));
    await expect(inVirtualTime(manualClock(), seededRandom(1), work)).rejects.toThrow('boom');
    expect(platform()).toEqual(before);
    expect(Object.hasOwn(performance, 'now')).toBe(false);
  });

  it('answers with what the code answers', async () => {
    expect(await inVirtualTime(manualClock(), seededRandom(1), () => Promise.resolve(42))).toBe(42);
  });
});
