import { number, readOptions, type Rules } from '@holdfast/pipeline';
import {
  boundDefaults,
  boundRules,
  checkBounds,
  clampLimit,
  type AdaptiveLimit,
  type Bounds,
  type LimitBounds,
  type LimitEstimate,
} from './adaptive-limit.ts';
import { SampleWindow, type WindowSummary } from './sample-window.ts';

/** What {@link vegas} takes. */
export interface VegasOptions extends LimitBounds {
  /** How long calls are gathered before the limit is looked at, in milliseconds. At least 1. Default 250. */
  readonly windowMs?: number | undefined;
  /** How often the time of a call without a queue is measured anew, in milliseconds. At least `windowMs`. Default 60,000. */
  readonly probeEveryMs?: number | undefined;
}

type Settings = Bounds & { readonly windowMs: number; readonly probeEveryMs: number };

const rules: Rules<VegasOptions> = { ...boundRules, windowMs: number(1), probeEveryMs: number(1) };
const defaults = { ...boundDefaults, windowMs: 250, probeEveryMs: 60_000 };

class VegasEstimate implements LimitEstimate {
  private readonly settings: Settings;
  private readonly window: SampleWindow;
  private estimate: number;
  /** The time of a call that waits for nobody. */
  private baseMs = Infinity;
  private measuredAtMs: number | undefined;
  /** The estimate to return to; only while the base is measured, with half the calls. */
  private resumeAt: number | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    this.window = new SampleWindow(settings.windowMs);
    this.estimate = settings.initialLimit;
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void {
    // Calls that began under the full limit do not tell the time without a queue.
    if (this.resumeAt !== undefined && inFlight > this.limit) return;
    const summary = this.window.add(nowMs, durationMs, inFlight, overloaded);
    if (summary === undefined) return;
    this.measuredAtMs ??= nowMs;
    if (this.resumeAt !== undefined) this.endProbe(summary.minMs, nowMs);
    else if (nowMs - this.measuredAtMs >= this.settings.probeEveryMs) this.beginProbe();
    else this.adjust(summary);
  }

  private beginProbe(): void {
    this.resumeAt = this.estimate;
    this.set(this.estimate / 2);
  }

  private endProbe(minMs: number, nowMs: number): void {
    this.baseMs = minMs;
    this.measuredAtMs = nowMs;
    this.set(this.resumeAt ?? this.estimate);
    this.resumeAt = undefined;
  }

  private adjust({ averageMs, minMs, maxInFlight, overloaded }: WindowSummary): void {
    this.baseMs = Math.min(this.baseMs, minMs);
    const { limit } = this;
    const step = Math.max(1, Math.log10(limit));
    if (overloaded) return this.set(this.estimate - step);
    // A limit that nobody reaches says nothing.
    if (maxInFlight * 2 < limit) return;
    const queued = limit * (1 - this.baseMs / averageMs);
    if (queued <= step) this.set(this.estimate + 6 * step);
    else if (queued < 3 * step) this.set(this.estimate + step);
    else if (queued > 6 * step) this.set(this.estimate - step);
  }

  private set(estimate: number): void {
    this.estimate = clampLimit(estimate, this.settings);
  }
}

/**
 * Makes a limit that keeps a short queue at the dependency: from how much longer calls take than without a queue, it
 * tells how many of them wait there, and grows or shrinks so that a few do. Once in a while it halves for a moment to
 * measure the time without a queue.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see Brakmo, Peterson: TCP Vegas: End to End Congestion Avoidance on a Global Internet, IEEE JSAC 13(8), 1995
 *
 * @example
 * ```ts
 * import { bulkhead, vegas } from '@holdfast/limiter';
 *
 * const search = bulkhead({ name: 'search', maxConcurrent: vegas({ initialLimit: 10 }) });
 * ```
 */
export function vegas(options: VegasOptions = {}): AdaptiveLimit {
  const settings = readOptions('vegas', options, rules, defaults) as Settings;
  checkBounds('vegas', settings);
  return { name: 'vegas', start: () => new VegasEstimate(settings) };
}
