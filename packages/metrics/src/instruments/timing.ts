import type { Clock } from '@holdfast/pipeline';

/** A measurement on its way. With `using`, it stops at the end of the block. */
export interface Timing extends Disposable {
  /**
   * Stops and observes, once; later calls only repeat the answer.
   *
   * @returns the seconds that it took
   */
  stop(): number;
  /** Runs a function and stops when it, or the native promise that it returns, is done. */
  around<T>(run: () => T): T;
}

/** Starts to measure for whatever takes seconds. */
export function startTimer(target: { observe(seconds: number): void }, clock: Clock): Timing {
  return new RunningTiming(target, clock);
}

class RunningTiming implements Timing {
  private readonly target: { observe(seconds: number): void };
  private readonly clock: Clock;
  private readonly startedAtMs: number;
  private seconds: number | undefined = undefined;

  constructor(target: { observe(seconds: number): void }, clock: Clock) {
    this.target = target;
    this.clock = clock;
    this.startedAtMs = clock.now();
  }

  stop(): number {
    if (this.seconds === undefined) {
      this.seconds = (this.clock.now() - this.startedAtMs) / 1000;
      this.target.observe(this.seconds);
    }
    return this.seconds;
  }

  around<T>(run: () => T): T {
    let result: T;
    try {
      result = run();
    } catch (error) {
      this.stop();
      throw error;
    }
    // Another thenable may be lazy, and start its work again with every `then`.
    if (result instanceof Promise) result.then(this.settle, this.settle);
    else this.stop();
    return result;
  }

  private readonly settle = (): void => void this.stop();

  [Symbol.dispose](): void {
    this.stop();
  }
}
