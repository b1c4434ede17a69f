import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { within } from '../../src/broker/within.ts';

const late = () => new Error('late');

function setUp() {
  const clock = manualClock();
  const abandoned: number[] = [];
  return {
    clock,
    abandoned,
    patience: { clock, ms: 100, late, abandoned: (value: number) => void abandoned.push(value) },
  };
}

describe('waiting', () => {
  it('passes on what comes in time, and leaves no timer', async () => {
    const { clock, patience, abandoned } = setUp();
    const slow = within(
      patience,
      () => new Promise<number>((resolve) => clock.setTimer(() => resolve(7), 99)),
    );
    await clock.advance(99);
    expect(await slow).toBe(7);
    expect(clock.pendingTimers).toBe(0);
    expect(abandoned).toEqual([]);
  });

  it('costs no timer where the answer is at hand', async () => {
    const { clock, patience } = setUp();
    let timers = 0;
    const counted = { ...clock, now: () => clock.now(), wallNow: () => clock.wallNow() };
    counted.setTimer = (callback, delayMs) => {
      timers++;
      return clock.setTimer(callback, delayMs);
    };
    expect(await within({ ...patience, clock: counted }, () => Promise.resolve(7))).toBe(7);
    await clock.advance(0);
    expect(timers).toBe(0);
    void within({ ...patience, clock: counted }, () => new Promise<number>(() => {})).catch(() => {});
    await clock.advance(0);
    expect(timers).toBe(1);
  });

  it('passes on errors as they are, thrown or rejected', async () => {
    const { clock, patience } = setUp();
    const oops = new Error('oops');
    await expect(within(patience, () => Promise.reject(oops))).rejects.toBe(oops);
    const thrown = within(patience, () => {
      throw oops;
    });
    await expect(thrown).rejects.toBe(oops);
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when its time is over, aborts the signal, and hands what comes later to whoever cleans up', async () => {
    const { clock, patience, abandoned } = setUp();
    let asked: AbortSignal | undefined;
    let finish = (_: number) => {};
    const waited = within(patience, (signal) => {
      asked = signal();
      return new Promise<number>((resolve) => (finish = resolve));
    }).catch((error: unknown) => error);
    await clock.advance(99);
    expect(asked?.aborted).toBe(false);
    await clock.advance(1);
    expect(await waited).toEqual(late());
    expect(asked?.reason).toEqual(late());
    finish(7);
    await clock.advance(0);
    expect(abandoned).toEqual([7]);
  });

  it('does not mind an error that comes too late', async () => {
    const { clock, patience, abandoned } = setUp();
    let fail = (_: Error) => {};
    const waited = within(patience, () => new Promise<number>((_, reject) => (fail = reject))).catch(String);
    await clock.advance(100);
    fail(new Error('too late'));
    expect(await waited).toBe('Error: late');
    await clock.advance(0);
    expect(abandoned).toEqual([]);
  });
});
