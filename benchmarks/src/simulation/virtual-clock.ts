import type { Clock, Timer } from '@holdfast/pipeline';
import { HeapTimer, TimerHeap } from './timer-heap.ts';

/** A clock as `manualClock` makes it, for simulations with more timers than that one is made for. */
export class VirtualClock implements Clock {
  readonly sharedTimers = true;
  private readonly timers = new TimerHeap();
  private nowMs = 0;
  private created = 0;

  now(): number {
    return this.nowMs;
  }

  /** The wall clock starts at the epoch. */
  wallNow(): number {
    return this.nowMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer = new HeapTimer(this.nowMs + Math.max(0, delayMs), this.created++, callback);
    if (delayMs < Infinity) this.timers.push(timer);
    return timer;
  }

  /** Fires the timers up to an instant in their order, and lets all promises settle after each. */
  async run(untilMs: number): Promise<void> {
    const { timers } = this;
    await promisesSettled();
    while (timers.first !== undefined && timers.first.dueAtMs <= untilMs) {
      const next = timers.pop();
      if (next?.callback === undefined) continue;
      this.nowMs = next.dueAtMs;
      next.callback();
      await promisesSettled();
    }
    this.nowMs = untilMs;
  }
}

/** Node calls a tick when no promise is left that can settle; a turn of the event loop would take ten times as long. */
const promisesSettled = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
