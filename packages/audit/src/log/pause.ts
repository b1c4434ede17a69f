import type { Clock } from '@holdfast/pipeline';

/** Waits, in the background unless it is to keep the process alive; resolves early when `signal` aborts. */
export function pause(
  delayMs: number,
  signal: AbortSignal,
  clock: Clock,
  { keepAlive = false } = {},
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimer(done, delayMs);
    if (!keepAlive) timer.unref();
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}
