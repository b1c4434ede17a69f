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

/** What {@link gradient} takes. */
export interface GradientOptions extends LimitBounds {
  /** How long calls are gathered before the limit is looked at, in milliseconds. At least 1. Default 250. */
  readonly windowMs?: number | undefined;
  /** How much longer than usual calls may take before the limit shrinks; at least 1. Default 1.5. */
  readonly toleranceRatio?: number | undefined;
  /** How many calls may wait at the dependency; what lets the limit grow. At least 1. Default 4. */
  readonly queueSize?: number | undefined;
  /** How much of each new estimate counts, above 0 and at most 1. Default 0.2. */
  readonly smoothingRatio?: number | undefined;
  /** Over how many windows the usual time of a call is averaged. At least 1. Default 600. */
  readonly longWindows?: number | undefined;
}

type Settings = Bounds & Required<{ readonly [K in keyof GradientOptions]: number }>;

const rules: Rules<GradientOptions> = {
  ...boundRules,
  windowMs: number(1),
  toleranceRatio: number(1),
  queueSize: number(1),
  smoothingRatio: number(Number.MIN_VALUE, 1),
  longWindows: number(1),
};
const defaults = {
  ...boundDefaults,
  windowMs: 250,
  toleranceRatio: 1.5,
  queueSize: 4,
  smoothingRatio: 0.2,
  longWindows: 600,
};

class GradientEstimate implements LimitEstimate {
  private readonly settings: Settings;
  private readonly window: SampleWindow;
  private estimate: number;
  /** The usual time of a call: an exponential average over many windows. */
  private longMs: number | undefined;

  constructor(settings: Settings) {
    this.settings = settings;
    this.window = new SampleWindow(settings.windowMs);
    this.estimate = settings.initialLimit;
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void {
    const summary = this.window.add(nowMs, durationMs, inFlight, overloaded);
    if (summary !== undefined) this.adjust(summary);
  }

  private adjust({ averageMs, maxInFlight, overloaded }: WindowSummary): void {
    const { toleranceRatio, queueSize, smoothingRatio } = this.settings;
    const longMs = this.usualMs(averageMs);
    // A limit that nobody reaches says nothing.
    if (!overloaded && maxInFlight * 2 < this.estimate) return;
    // At most halved at a time, so that one odd window does no harm.
    const gradient = overloaded ? 0.5 : Math.max(0.5, Math.min(1, (toleranceRatio * longMs) / averageMs));
    const target = this.estimate * gradient + (overloaded ? 0 : queueSize);
    const smoothed = this.estimate * (1 - smoothingRatio) + target * smoothingRatio;
    this.estimate = clampLimit(smoothed, this.settings);
  }

  private usualMs(averageMs: number): number {
    const weight = 2 / (this.settings.longWindows + 1);
    const longMs = this.longMs === undefined ? averageMs : this.longMs + (averageMs - this.longMs) * weight;
    // After an overload calls are quick again while the average still remembers: it has to forget sooner.
    this.longMs = longMs / averageMs > 2 ? longMs * 0.95 : longMs;
    return this.longMs;
  }
}

/**
 * Makes a limit that shrinks when calls take longer than they usually do, in proportion, and grows slowly otherwise.
 * Unlike `vegas` it needs no time without a queue to compare with, so it bears dependencies whose calls differ much.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see https://github.com/Netflix/concurrency-limits
 *
 * @example
 * ```ts
 * import { bulkhead, gradient } from '@holdfast/limiter';
 *
 * const reports = bulkhead({ name: 'reports', maxConcurrent: gradient({ toleranceRatio: 2 }) });
 * ```
 */
export function gradient(options: GradientOptions = {}): AdaptiveLimit {
  const settings = readOptions('gradient', options, rules, defaults) as Settings;
  checkBounds('gradient', settings);
  return { name: 'gradient', start: () => new GradientEstimate(settings) };
}
