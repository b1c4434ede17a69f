import { Stopwatch } from '../stopwatch.ts';

/** The probes that are running, by number from 1. */
export class Probes {
  private readonly maxProbes: number;
  private readonly timeoutMs: number;
  private readonly running: (Stopwatch | undefined)[] = [];

  constructor(maxProbes: number, timeoutMs: number) {
    this.maxProbes = maxProbes;
    this.timeoutMs = timeoutMs;
  }

  /**
   * Starts a probe and answers its number, or 0 when enough are running.
   *
   * @param allowed - how many others allow, where they have a say
   */
  start(nowMs: number, allowed = Infinity): number {
    const runs = this.running.reduce((sum, probe) => (probe === undefined ? sum : sum + 1), 0);
    if (runs >= Math.min(this.maxProbes, allowed)) return 0;
    let index = 0;
    while (this.running[index] !== undefined) index++;
    this.running[index] = new Stopwatch(nowMs);
    return index + 1;
  }

  finish(probe: number): void {
    this.running[probe - 1] = undefined;
  }

  /** Milliseconds until a running probe has taken too long; 0 or less when one has, Infinity when none runs. */
  expiresInMs(nowMs: number): number {
    let longestMs = -Infinity;
    for (const probe of this.running) {
      if (probe !== undefined) longestMs = Math.max(longestMs, probe.elapsedMs(nowMs));
    }
    return this.timeoutMs - longestMs;
  }
}
