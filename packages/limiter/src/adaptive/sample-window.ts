/** What a window of samples adds up to. */
export interface WindowSummary {
  readonly averageMs: number;
  readonly minMs: number;
  /** The most calls that were running at once. */
  readonly maxInFlight: number;
  readonly overloaded: boolean;
}

/** A window has to hold so many calls before it is worth a look. */
const MIN_SAMPLES = 10;

/** Gathers calls until there are enough of them, and enough time has passed, to judge the dependency by. */
export class SampleWindow {
  private readonly windowMs: number;
  private startedAtMs = -Infinity;
  private count = 0;
  private sumMs = 0;
  private minMs = Infinity;
  private maxInFlight = 0;
  private overloaded = false;

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  /** Adds a call; answers with the summary when that completes a window. */
  add(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): WindowSummary | undefined {
    if (this.count === 0 || nowMs < this.startedAtMs) this.startedAtMs = nowMs;
    this.count++;
    this.sumMs += durationMs;
    this.minMs = Math.min(this.minMs, durationMs);
    this.maxInFlight = Math.max(this.maxInFlight, inFlight);
    this.overloaded ||= overloaded;
    if (this.count < MIN_SAMPLES || nowMs - this.startedAtMs < this.windowMs) return undefined;
    const { minMs, maxInFlight } = this;
    const summary = { averageMs: this.sumMs / this.count, minMs, maxInFlight, overloaded: this.overloaded };
    this.clear();
    return summary;
  }

  clear(): void {
    this.count = this.sumMs = this.maxInFlight = 0;
    this.minMs = Infinity;
    this.overloaded = false;
  }
}
