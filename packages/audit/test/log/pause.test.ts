import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { pause } from '../../src/log/pause.ts';

test('a pause takes its time, and keeps no process alive', async () => {
  const clock = manualClock();
  let over = false;
  const paused = pause(1000, new AbortController().signal, clock).then(() => (over = true));
  expect(clock.refedTimers).toBe(0);
  await clock.advance(999);
  expect(over).toBe(false);
  await clock.advance(1);
  await paused;
});

test('a pause ends early with its signal, and leaves no timer', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const paused = pause(1000, stop.signal, clock);
  stop.abort();
  await paused;
  expect(clock.pendingTimers).toBe(0);
});

test('a pause is over at once when its signal is aborted already', async () => {
  const clock = manualClock();
  await pause(1000, AbortSignal.abort(), clock);
  expect(clock.pendingTimers).toBe(0);
});

test('a pause keeps the process alive where somebody waits for it', async () => {
  const clock = manualClock();
  const paused = pause(1000, new AbortController().signal, clock, { keepAlive: true });
  expect(clock.refedTimers).toBe(1);
  await clock.advance(1000);
  await paused;
});
