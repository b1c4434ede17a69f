import type { Clock } from '@holdfast/pipeline';

/** How long to wait for results. */
export interface WaitOptions {
  /** Stops waiting; the call rejects with the reason of the abort. Checks that run go on. */
  readonly signal?: AbortSignal | undefined;
  /** How many milliseconds to wait for results at most; then what is known is answered. At least 0. Default: until all are in. */
  readonly waitMs?: number | undefined;
}

/**
 * Waits until work is done, time is up, or the signal aborts.
 *
 * @throws the reason of the abort
 */
export function waitFor(work: Promise<unknown>, { signal, waitMs = Infinity }: WaitOptions, clock: Clock) {
  return new Promise<void>((resolve, reject) => {
    const end = (settle: () => void) => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const onAbort = () => end(() => reject(signal?.reason as unknown));
    const timer = clock.setTimer(() => end(resolve), waitMs);
    if (signal?.aborted === true) return onAbort();
    signal?.addEventListener('abort', onAbort);
    void work.then(() => end(resolve));
  });
}
