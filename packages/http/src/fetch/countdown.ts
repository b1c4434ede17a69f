import type { Clock, Timer } from '@holdfast/pipeline';

/** Timers count whole milliseconds and may fire that much early. */
const EARLY_MS = 1;

/** Calls back when its time is up, which is set anew again and again, mostly before. */
export class Countdown {
  readonly onDue: () => void;
  /** Whether somebody waits for it, so that the process stays. */
  awaited = false;
  // A number from the start: what was undefined once is a new object on the heap each time it changes.
  dueAtMs = Infinity;

  constructor(onDue: () => void) {
    this.onDue = onDue;
  }
}

/** Runs many countdowns with one timer, which none of them has to set or cancel in the usual course of things. */
export class Countdowns {
  private readonly clock: Clock;
  private readonly shortestMs: number;
  private readonly running = new Set<Countdown>();
  private awaited = 0;
  private timer: Timer | undefined;
  private firesAtMs = Infinity;

  /** @param shortestMs - the timer is set for no longer, so that it does for whatever is started next */
  constructor(clock: Clock, shortestMs: number) {
    this.clock = clock;
    this.shortestMs = shortestMs;
  }

  /** Starts a countdown, or sets its time anew. */
  start(countdown: Countdown, ms: number, awaited: boolean): void {
    const nowMs = this.clock.now();
    countdown.dueAtMs = nowMs + ms;
    this.running.add(countdown);
    this.setAwaited(countdown, awaited);
    if (countdown.dueAtMs < this.firesAtMs) this.arm(nowMs, ms);
  }

  stop(countdown: Countdown): void {
    this.running.delete(countdown);
    this.setAwaited(countdown, false);
  }

  private setAwaited(countdown: Countdown, awaited: boolean): void {
    if (countdown.awaited === awaited) return;
    countdown.awaited = awaited;
    this.awaited += awaited ? 1 : -1;
    if (this.awaited === 0) this.timer?.unref();
    else if (this.awaited === 1 && awaited) this.timer?.ref();
  }

  private arm(nowMs: number, ms: number): void {
    const delayMs = Math.max(0, Math.min(ms, this.shortestMs));
    this.timer?.cancel();
    this.firesAtMs = nowMs + delayMs;
    this.timer = this.clock.setTimer(() => this.fire(), delayMs);
    if (this.awaited === 0) this.timer.unref();
  }

  private fire(): void {
    const nowMs = this.clock.now();
    this.timer = undefined;
    this.firesAtMs = Infinity;
    let nextMs = Infinity;
    for (const countdown of this.running) {
      const leftMs = countdown.dueAtMs - nowMs;
      if (leftMs >= EARLY_MS) nextMs = Math.min(nextMs, leftMs);
      else {
        this.stop(countdown);
        countdown.onDue();
      }
    }
    // Whoever was called back may have started another one, and with it the timer.
    if (nowMs + nextMs < this.firesAtMs) this.arm(nowMs, nextMs);
  }
}
