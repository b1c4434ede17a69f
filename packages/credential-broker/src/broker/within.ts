import type { Clock } from '@holdfast/pipeline';
import { promised } from '../leases/promised.ts';

/** How long is waited, and what happens then. */
export interface Patience<T> {
  readonly clock: Clock;
  /** Milliseconds. */
  readonly ms: number;
  /** What the waiting fails with. */
  readonly late: () => Error;
  /** Gets what comes when nobody waits for it any more. */
  readonly abandoned?: (value: T) => void;
}

/** Waits for something no longer than its patience lasts, also where its signal is not heeded. */
export function within<T>(
  { clock, ms, late, abandoned }: Patience<T>,
  run: (signal: () => AbortSignal) => PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let controller: AbortController | undefined;
    let isLate = false;
    const timer = clock.setTimer(() => {
      isLate = true;
      const error = late();
      controller?.abort(error);
      reject(error);
    }, ms);
    // Made for those alone who ask for it.
    const signal = () => (controller ??= new AbortController()).signal;
    promised(() => run(signal)).then(
      (value) => {
        timer.cancel();
        if (isLate) abandoned?.(value);
        else resolve(value);
      },
      (error: unknown) => {
        timer.cancel();
        reject(error);
      },
    );
  });
}
