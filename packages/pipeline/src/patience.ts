import type { Clock } from './clock.ts';
import { TimeoutError } from './errors.ts';

/** What one attempt at a stream waits with: for its source and for the consumer, until it is told to stop. */
export class Patience {
  private readonly clock: Clock;
  private stopped: { readonly reason: unknown } | undefined;
  private giveUp: ((reason: unknown) => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Waits at most `ms` milliseconds. `limitMs` and `what` tell the error what took too long. */
  wait<V>(waiting: V | PromiseLike<V>, ms?: number, limitMs = 0, what = ''): Promise<V> {
    return new Promise<V>((resolve, reject) => {
      const late = () => reject(new TimeoutError(limitMs, { strategy: `stream (${what})` }));
      const timer = ms === undefined ? undefined : this.clock.setTimer(late, ms);
      const giveUp = (reason: unknown) => {
        timer?.cancel();
        reject(reason);
      };
      this.giveUp = giveUp;
      Promise.resolve(waiting).then((value) => {
        timer?.cancel();
        resolve(value);
      }, giveUp);
      if (this.stopped !== undefined) giveUp(this.stopped.reason);
    });
  }

  /** Stops waiting, now and for good: what is being waited for, or will be, fails with the first reason. */
  stop(reason: unknown): void {
    this.stopped ??= { reason };
    this.giveUp?.(this.stopped.reason);
  }
}
