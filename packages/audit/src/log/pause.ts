import type { Clock } from '@holdfast/pipeline';

/** Waits in the background; resolves early when `signal` aborts. */
export function pause(delayMs: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.setTimer(done, delayMs);
    timer.unref();
    signal.addEventListener('abort', done);
  });
}
