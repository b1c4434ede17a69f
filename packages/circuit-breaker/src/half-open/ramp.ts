import { Stopwatch } from '../stopwatch.ts';

/** The share of the calls that a ramp begins with. */
const FIRST_SHARE = 0.1;

/** Admits a share of the calls that grows linearly to all of them; evenly spread, so that it needs no randomness. */
export class Ramp {
  private readonly rampUpMs: number;
  private readonly since: Stopwatch;
  private credit = 1;

  constructor(rampUpMs: number, nowMs: number) {
    this.rampUpMs = rampUpMs;
    this.since = new Stopwatch(nowMs);
  }

  isOver(nowMs: number): boolean {
    return this.since.elapsedMs(nowMs) >= this.rampUpMs;
  }

  admits(nowMs: number): boolean {
    const share = Math.max(FIRST_SHARE, this.since.elapsedMs(nowMs) / this.rampUpMs);
    this.credit += share;
    if (this.credit < 1) return false;
    this.credit -= 1;
    return true;
  }
}
