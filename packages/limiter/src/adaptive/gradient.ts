import { number, readOptions, type Rules } from '@holdfast/pipeline';
import {
  boundDefaults,
  boundRules,
  checkBounds,
  type AdaptiveLimit,
  type Bounds,
  type LimitBounds,
} from './adaptive-limit.ts';
import { ProbedEstimate, type ControlLaw, type ProbeTimes } from './probed-estimate.ts';

/** What {@link gradient} takes. */
export interface GradientOptions extends LimitBounds {
  /** How long calls are gathered before the limit is looked at, in milliseconds. At least 1. Default 250. */
  readonly windowMs?: number | undefined;
  /** How often the time of a call without a queue is measured anew, in milliseconds. At least 1. Default 60,000. */
  readonly probeEveryMs?: number | undefined;
  /** How many times as long calls may take before the limit shrinks; at least 1. Default 1.5. */
  readonly toleranceRatio?: number | undefined;
  /** How many calls may wait at the dependency; what lets the limit grow. At least 1. Default 4. */
  readonly queueSize?: number | undefined;
  /** How much of each new estimate counts, above 0 and at most 1. Default 0.2. */
  readonly smoothingRatio?: number | undefined;
}

type Settings = Bounds & ProbeTimes & Required<{ readonly [K in keyof GradientOptions]: number }>;

const rules: Rules<GradientOptions> = {
  ...boundRules,
  windowMs: number(1),
  probeEveryMs: number(1),
  toleranceRatio: number(1),
  queueSize: number(1),
  smoothingRatio: number(Number.MIN_VALUE, 1),
};
const defaults = {
  ...boundDefaults,
  windowMs: 250,
  probeEveryMs: 60_000,
  toleranceRatio: 1.5,
  queueSize: 4,
  smoothingRatio: 0.2,
};

/** The estimate is at most halved at a time, so that one odd window does no harm. */
const STEEPEST = 0.5;

function lawOf({ toleranceRatio, queueSize, smoothingRatio }: Settings): ControlLaw {
  return (estimate, baseMs, { averageMs, overloaded }) => {
    const gradient = Math.max(STEEPEST, Math.min(1, (toleranceRatio * baseMs) / averageMs));
    const target = overloaded ? estimate * STEEPEST : estimate * gradient + queueSize;
    return estimate + (target - estimate) * smoothingRatio;
  };
}

/**
 * Makes a limit that shrinks when calls take longer than they do without a queue, in proportion, and grows by a few
 * otherwise. It bears more difference between calls than `vegas` does, at the price of a longer queue.
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
  return { name: 'gradient', start: () => new ProbedEstimate(settings, settings, lawOf(settings)) };
}
