import type { Clock, Timer } from '../clock.ts';

/** A clock that moves only when told to. */
export interface ManualClock extends Clock {
  /** How many timers are pending. */
  readonly pendingTimers: number;
  /** How many of them would keep a process alive. */
  readonly refedTimers: number;
  /**
   * Moves time forward, fires the timers that fall due in order, each at its own instant, and lets all promises settle
   * in between.
   *
   * @param ms - milliseconds, 0 or more; 0 only lets promises settle
   */
  advance(ms: number): Promise<void>;
  /**
   * Like `advance`, but one timer at a time until no timer is left or `untilMs` is reached.
   *
   * @param untilMs - the instant at which to stop, in the clock's milliseconds. Default: none
   */
  run(untilMs?: number): Promise<void>;
  /** Moves the wall clock alone, as NTP or an operator would. Milliseconds, either way. */
  jumpWall(ms: number): void;
}

/** What {@link manualClock} takes. */
export interface ManualClockOptions {
  /** Where monotonic time starts, in milliseconds. Default 0. */
  readonly startMs?: number;
  /** Where the wall clock starts, in milliseconds since the epoch. Default 2026-01-01T00:00:00Z. */
  readonly wallStartMs?: number;
  /** Whether one timer may serve several calls. Default `true`; `false` is how Cloudflare Workers behave. */
  readonly sharedTimers?: boolean;
}

class ManualTimer implements Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
  referenced = true;
  private readonly owner: { drop(timer: ManualTimer): void };

  constructor(owner: { drop(timer: ManualTimer): void }, dueAtMs: number, callback: () => void) {
    this.owner = owner;
    this.dueAtMs = dueAtMs;
    this.callback = callback;
  }

  cancel(): void {
    this.owner.drop(this);
  }

  ref(): void {
    this.referenced = true;
  }

  unref(): void {
    this.referenced = false;
  }
}

class VirtualClock implements ManualClock {
  readonly sharedTimers: boolean;
  private nowMs: number;
  private wallOffsetMs: number;
  /** In order of expiry; equal ones in order of creation. */
  private readonly timers: ManualTimer[] = [];

  constructor({ startMs = 0, wallStartMs = Date.UTC(2026, 0, 1), sharedTimers = true }: ManualClockOptions) {
    this.nowMs = startMs;
    this.wallOffsetMs = wallStartMs - startMs;
    this.sharedTimers = sharedTimers;
  }

  get pendingTimers(): number {
    return this.timers.length;
  }

  get refedTimers(): number {
    return this.timers.filter((timer) => timer.referenced).length;
  }

  now(): number {
    return this.nowMs;
  }

  wallNow(): number {
    return this.nowMs + this.wallOffsetMs;
  }

  setTimer(callback: () => void, delayMs: number): Timer {
    const timer = new ManualTimer(this, this.nowMs + Math.max(0, delayMs), callback);
    if (delayMs < Infinity) this.timers.splice(this.firstAfter(timer.dueAtMs), 0, timer);
    return timer;
  }

  drop(timer: ManualTimer): void {
    const index = this.timers.lastIndexOf(timer, this.firstAfter(timer.dueAtMs));
    if (index >= 0) this.timers.splice(index, 1);
  }

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await this.run(untilMs);
    this.nowMs = untilMs;
  }

  async run(untilMs = Infinity): Promise<void> {
    await promisesSettled();
    for (let next = this.timers[0]; next !== undefined && next.dueAtMs <= untilMs; next = this.timers[0]) {
      this.timers.shift();
      this.nowMs = Math.max(this.nowMs, next.dueAtMs);
      next.callback();
      await promisesSettled();
    }
  }

  jumpWall(ms: number): void {
    this.wallOffsetMs += ms;
  }

  private firstAfter(dueAtMs: number): number {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.timers[middle] as ManualTimer).dueAtMs <= dueAtMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A macrotask later every promise that can settle has. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else setTimeout(resolve, 0);
  });
}

/**
 * Makes a clock for tests and simulations.
 *
 * @example
 * ```ts
 * import { manualClock } from '@holdfast/pipeline/testing';
 *
 * const clock = manualClock();
 * let rang = false;
 * clock.setTimer(() => (rang = true), 30_000);
 * await clock.advance(30_000);
 * console.assert(rang && clock.now() === 30_000);
 * ```
 */
export function manualClock(options: ManualClockOptions = {}): ManualClock {
  return new VirtualClock(options);
}
