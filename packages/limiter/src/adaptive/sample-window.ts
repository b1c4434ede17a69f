/** What a window of samples adds up to. */
export interface WindowSummary {
  readonly averageMs: number;
  /** The most calls that were running at once. */
  readonly maxInFlight: number;
  readonly overloaded: boolean;
}

/** Gathers calls until there are enough of them, and enough time has passed, to judge the dependency by. */
export class SampleWindow {
  private readonly windowMs: number;
  private startedAtMs = -Infinity;
  private count = 0;
  private sumMs = 0;
  private maxInFlight = 0;
  private overloaded = false;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Adds a call; answers with the summary when that completes a window of at least `samples` calls. */
  add(
    nowMs: number,
    durationMs: number,
    inFlight: number,
    overloaded: boolean,
    samples: number,
  ): WindowSummary | undefined {
    if (this.count === 0 || nowMs < this.startedAtMs) this.startedAtMs = nowMs;
    this.count++;
    this.sumMs += durationMs;
    this.maxInFlight = Math.max(this.maxInFlight, inFlight);
    this.overloaded ||= overloaded;
    if (this.count < samples || nowMs - this.startedAtMs < this.windowMs) return undefined;
    const { maxInFlight } = this;
    const summary = { averageMs: this.sumMs / this.count, maxInFlight, overloaded: this.overloaded };
    this.clear();
    return summary;
  }

  private clear(): void {
    this.count = this.sumMs = this.maxInFlight = 0;
    this.overloaded = false;
  }
}
