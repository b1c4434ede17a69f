import type { Clock, Timer } from '@holdfast/pipeline';
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

/** Turns of the microtask queue in which what is in memory has answered, so that it costs no timer. */
const QUICK_TURNS = 4;

/** Waits for something no longer than its patience lasts, also where its signal is not heeded. */
export function within<T>(
  { clock, ms, late, abandoned }: Patience<T>,
  run: (signal: () => AbortSignal) => PromiseLike<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let controller: AbortController | undefined;
    let timer: Timer | undefined;
    let state: 'waiting' | 'settled' | 'late' = 'waiting';
    const giveUp = () => {
      state = 'late';
      const error = late();
      controller?.abort(error);
      reject(error);
    };
    const settle = (value: T) => {
      timer?.cancel();
      if (state === 'late') abandoned?.(value);
      state = 'settled';
      resolve(value);
    };
    // Made for those alone who ask for it.
    const signal = () => (controller ??= new AbortController()).signal;
    promised(() => run(signal)).then(settle, (error: unknown) => {
      timer?.cancel();
      state = 'settled';
      reject(error);
    });
    void turns(QUICK_TURNS).then(() => {
      if (state === 'waiting') timer = clock.setTimer(giveUp, ms);
    });
  });
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await Promise.resolve();
}
