import type { Clock } from '@holdfast/pipeline';

/** A step back up to this is waited out; after a longer one time goes on from where it was. */
const STEP_MS = 1_000;

/**
 * Wall-clock time that never runs back and never stands still for long: what has expired stays so when the system's date
 * is set back, and what is given out then still expires.
 */
export class ForwardClock {
  private readonly clock: Clock;
  private seenMs: number;
  private atMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.seenMs = clock.wallNow();
    this.atMs = clock.now();
  }

  /** Whole milliseconds since the Unix epoch. */
  now(): number {
    const wallMs = this.clock.wallNow();
    const atMs = this.clock.now();
    const passedMs = this.seenMs + Math.max(0, atMs - this.atMs);
    this.seenMs = wallMs > passedMs - STEP_MS ? Math.max(this.seenMs, wallMs) : passedMs;
    this.atMs = atMs;
    return Math.floor(this.seenMs);
  }
}
