import type { Clock, Timer } from '@holdfast/pipeline';

/** Timers count whole milliseconds and may fire that much early. */
const EARLY_MS = 1;

/** Calls back when a time is up that is set anew again and again, mostly before: with one timer, where that is possible. */
export class Countdown {
  private readonly clock: Clock;
  private readonly shortestMs: number;
  private readonly onDue: () => void;
  private timer: Timer | undefined;
  private awaited = false;
  private dueAtMs = Infinity;
  private firesAtMs = Infinity;

  /** @param shortestMs - a timer is set for no longer, so that one does for whatever time comes next */
  constructor(clock: Clock, shortestMs: number, onDue: () => void) {
    this.clock = clock;
    this.shortestMs = shortestMs;
    this.onDue = onDue;
  }

  /** @param awaited - whether somebody waits, so that the process stays */
  start(ms: number, awaited: boolean): void {
    const nowMs = this.clock.now();
    this.dueAtMs = nowMs + ms;
    this.awaited = awaited;
    if (this.dueAtMs < this.firesAtMs) this.arm(nowMs);
    else this.refer();
  }

  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
    this.dueAtMs = this.firesAtMs = Infinity;
  }

  private arm(nowMs: number): void {
    const ms = Math.max(0, Math.min(this.dueAtMs - nowMs, this.shortestMs));
    this.timer?.cancel();
    this.firesAtMs = nowMs + ms;
    this.timer = this.clock.setTimer(() => this.fire(), ms);
    this.refer();
  }

  private fire(): void {
    const nowMs = this.clock.now();
    const { dueAtMs } = this;
    this.stop();
    if (dueAtMs - nowMs < EARLY_MS) return this.onDue();
    this.dueAtMs = dueAtMs;
    if (dueAtMs < Infinity) this.arm(nowMs);
  }

  private refer(): void {
    if (this.awaited) this.timer?.ref();
    else this.timer?.unref();
  }
}
