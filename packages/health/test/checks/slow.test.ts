import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { timed, wrongAnswer } from '../../src/checks/slow.ts';

describe('an answer whose time is taken', () => {
  const after = async (ms: number, slowMs: number) => {
    const clock = manualClock();
    const result = timed(
      { slowMs, clock },
      () => new Promise<void>((resolve) => clock.setTimer(resolve, ms)),
    );
    await clock.advance(ms);
    return result;
  };

  test.each([
    [0, 1, 'up'],
    [99, 100, 'up'],
    [100, 100, 'degraded'],
    [101, 100, 'degraded'],
    [0, 0, 'degraded'],
    [60_000, Infinity, 'up'],
  ])('after %d ms with slowMs %d is %s', async (ms, slowMs, state) => {
    expect(await after(ms, slowMs)).toMatchObject({ state, observedValue: ms, observedUnit: 'ms' });
  });

  test('is rounded to a hundredth of a millisecond', async () => {
    expect((await after(1.23456, 100)).observedValue).toBe(1.23);
  });

  test('that is an error stays that error', async () => {
    const error = wrongAnswer('wrong-answer', 'no');
    const failing = timed({ slowMs: 1, clock: manualClock() }, () => Promise.reject(error));
    await expect(failing).rejects.toBe(error);
    expect(error).toMatchObject({ code: 'wrong-answer', message: 'no' });
  });
});
