import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ForwardClock } from '../../src/broker/forward-clock.ts';

describe('a clock that runs forward', () => {
  it('follows the date, also where that is set forward', async () => {
    const clock = manualClock();
    const forward = new ForwardClock(clock);
    expect(forward.now()).toBe(clock.wallNow());
    await clock.advance(1_500);
    expect(forward.now()).toBe(clock.wallNow());
    clock.jumpWall(60_000);
    expect(forward.now()).toBe(clock.wallNow());
  });

  it('waits where the date is set back a little', async () => {
    const clock = manualClock();
    const forward = new ForwardClock(clock);
    const startMs = forward.now();
    clock.jumpWall(-500);
    expect(forward.now()).toBe(startMs);
    await clock.advance(800);
    expect(forward.now()).toBe(clock.wallNow());
  });

  it('goes on at its own pace where the date is set back far', async () => {
    const clock = manualClock();
    const forward = new ForwardClock(clock);
    const startMs = forward.now();
    clock.jumpWall(-86_400_000);
    await clock.advance(10_000);
    expect(forward.now()).toBe(startMs + 10_000);
    await clock.advance(10_000);
    expect(forward.now()).toBe(startMs + 20_000);
    clock.jumpWall(86_400_000);
    expect(forward.now()).toBe(clock.wallNow());
  });

  it('never runs back, and is never behind the date, whatever happens to that', async () => {
    const moves = fc.array(
      fc.record({ jumpMs: fc.integer({ min: -100_000, max: 100_000 }), passMs: fc.nat(10_000) }),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(moves, async (steps) => {
        const clock = manualClock();
        const forward = new ForwardClock(clock);
        for (const { jumpMs, passMs } of steps) {
          const beforeMs = forward.now();
          clock.jumpWall(jumpMs);
          expect(forward.now()).toBeGreaterThanOrEqual(Math.max(beforeMs, clock.wallNow()));
          await clock.advance(passMs);
          // A step back of a second at most is waited out, and no more.
          expect(forward.now() - beforeMs).toBeGreaterThanOrEqual(passMs - 1_000);
        }
      }),
      { numRuns: 50 },
    );
  });
});
