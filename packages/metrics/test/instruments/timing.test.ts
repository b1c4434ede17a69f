import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { startTimer } from '../../src/instruments/timing.ts';

function setUp() {
  const clock = manualClock();
  const observed: number[] = [];
  const timing = startTimer({ observe: (seconds) => void observed.push(seconds) }, clock);
  return { clock, observed, timing };
}

describe('a timing', () => {
  it('observes once, however often and however it is stopped', async () => {
    const { clock, observed, timing } = setUp();
    await clock.advance(100);
    expect(timing.stop()).toBe(0.1);
    await clock.advance(100);
    timing[Symbol.dispose]();
    timing.around(() => 1);
    expect(timing.stop()).toBe(0.1);
    expect(observed).toEqual([0.1]);
  });

  it('observes nothing until it is stopped', async () => {
    const { clock, observed } = setUp();
    await clock.advance(100_000);
    expect(observed).toEqual([]);
  });

  it('is zero where no time has passed', () => {
    const { observed, timing } = setUp();
    expect(timing.stop()).toBe(0);
    expect(observed).toEqual([0]);
  });

  it('hands on the same promise, and handles no rejection of it', async () => {
    const { observed, timing } = setUp();
    const error = new Error('mine');
    const rejected = Promise.reject(error);
    const handed = timing.around(() => rejected);
    expect(handed).toBe(rejected);
    await expect(handed).rejects.toBe(error);
    expect(observed).toEqual([0]);
  });

  it('throws what the function throws, after it has observed', async () => {
    const { clock, observed, timing } = setUp();
    await clock.advance(500);
    const error = new Error('mine');
    const failing = () => {
      throw error;
    };
    expect(() => timing.around(failing)).toThrow(error);
    expect(observed).toEqual([0.5]);
  });

  it('ends with its block when that throws', async () => {
    const { clock, observed, timing } = setUp();
    await clock.advance(250);
    const block = () => {
      using _ = timing;
      throw new Error('mine');
    };
    expect(block).toThrow('mine');
    expect(observed).toEqual([0.25]);
  });
});
