import { getEventListeners } from 'node:events';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test, vi } from 'vitest';
import { waitFor } from '../src/wait.ts';

const never = new Promise<void>(() => undefined);

test('waits for the work', async () => {
  const clock = manualClock();
  await waitFor(Promise.resolve(), {}, clock);
  expect(clock.pendingTimers).toBe(0);
});

test('waits no longer than waitMs', async () => {
  const clock = manualClock();
  const done = vi.fn();
  void waitFor(never, { waitMs: 500 }, clock).then(done);
  await clock.advance(499);
  expect(done).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(done).toHaveBeenCalled();
});

test('rejects with the reason of the abort, before or while it waits', async () => {
  const clock = manualClock();
  await expect(waitFor(never, { signal: AbortSignal.abort('gone') }, clock)).rejects.toBe('gone');
  const controller = new AbortController();
  const waiting = waitFor(never, { signal: controller.signal, waitMs: 1_000 }, clock);
  controller.abort('left');
  await expect(waiting).rejects.toBe('left');
  expect(clock.pendingTimers).toBe(0);
});

test('leaves no listener behind on a signal that lives longer', async () => {
  const { signal } = new AbortController();
  await waitFor(Promise.resolve(), { signal }, manualClock());
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
