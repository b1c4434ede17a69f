import { timeWindow } from '@holdfast/circuit-breaker';
import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const start = (options = { windowMs: 100, buckets: 10 }) => {
  const clock = manualClock({ startMs: 12_345 });
  return { clock, window: timeWindow(options).start(clock) };
};

/** Calls in the window that looks back over whole buckets: the running one and those before it. */
const expected = (history: readonly (readonly [atMs: number, hit: boolean])[], nowMs: number) => {
  const oldest = (Math.floor(nowMs / 10) - 9) * 10;
  const kept = history.filter(([atMs]) => atMs >= oldest);
  return [kept.length, kept.filter(([, hit]) => hit).length];
};

describe('timeWindow', () => {
  it('counts the calls of its time exactly, for any history with any gaps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.oneof(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 0, max: 500 })), fc.boolean()),
          { maxLength: 100, size: 'max' },
        ),
        async (steps) => {
          const { clock, window } = start();
          const history: [number, boolean][] = [];
          for (const [ms, hit] of steps) {
            await clock.advance(ms);
            const atMs = clock.now() - 12_345;
            window.record(hit);
            history.push([atMs, hit]);
            expect([window.calls, window.hits]).toEqual(expected(history, atMs));
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([99, 100, 101, 110, 1_000, 1e9])(
    'forgets what happened %i ms ago, if that is a window or more',
    async (ms) => {
      const { clock, window } = start();
      window.record(true);
      await clock.advance(ms);
      window.refresh();
      expect(window.calls).toBe(ms >= 100 ? 0 : 1);
    },
  );

  it('forgets all elapsed buckets after idle time, not one a call', async () => {
    const { clock, window } = start();
    for (let i = 0; i < 10; i++) {
      window.record(true);
      await clock.advance(10);
    }
    await clock.advance(55);
    window.record(false);
    expect([window.calls, window.hits]).toEqual([5, 4]);
  });

  it('never counts below zero nor drifts over a long run', async () => {
    const { clock, window } = start({ windowMs: 97, buckets: 7 });
    for (let i = 0; i < 300; i++) {
      window.record(i % 3 === 0);
      await clock.advance(i % 11);
    }
    expect(window.calls).toBeGreaterThan(0);
    await clock.advance(200);
    window.refresh();
    expect([window.calls, window.hits]).toEqual([0, 0]);
  });

  it('works with one bucket', async () => {
    const { clock, window } = start({ windowMs: 100, buckets: 1 });
    window.record(true);
    await clock.advance(99);
    window.record(true);
    expect(window.hits).toBe(2);
    await clock.advance(1);
    window.record(false);
    expect([window.calls, window.hits]).toEqual([1, 0]);
  });

  it('forgets everything when reset', () => {
    const { window } = start();
    window.record(true);
    window.reset();
    window.refresh();
    expect([window.calls, window.hits]).toEqual([0, 0]);
  });

  it.each([0, 35, 99, 100, 1e6])('goes on in another process %i ms after it was saved', async (ageMs) => {
    const { clock, window } = start();
    for (let i = 0; i < 12; i++) {
      window.record(i % 2 === 0);
      await clock.advance(7);
    }
    const memory = JSON.parse(JSON.stringify(window.save())) as number[];
    const elsewhere = manualClock({ startMs: 5 });
    const other = timeWindow({ windowMs: 100, buckets: 10 }).start(elsewhere);
    other.load(memory, ageMs);
    await clock.advance(ageMs);
    for (let i = 0; i < 12; i++) {
      window.refresh();
      other.refresh();
      expect([other.calls, other.hits]).toEqual([window.calls, window.hits]);
      await clock.advance(9);
      await elsewhere.advance(9);
    }
  });

  it('ignores the memory of another window', () => {
    const { window } = start();
    window.record(true);
    const other = start({ windowMs: 100, buckets: 5 }).window;
    other.load(window.save(), 0);
    other.load([], 0);
    other.load([20, 0, 1], 0);
    expect(other.calls).toBe(0);
  });

  it('checks its options', () => {
    expect(() => timeWindow({ windowMs: 0 })).toThrow('timeWindow: windowMs must be an integer >= 1, got 0');
    expect(() => timeWindow({ buckets: 1_001 })).toThrow(RangeError);
  });
});
