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

/** What {@link vegas} takes. */
export interface VegasOptions extends LimitBounds {
  /** How long calls are gathered before the limit is looked at, in milliseconds. At least 1. Default 250. */
  readonly windowMs?: number | undefined;
  /** How often the time of a call without a queue is measured anew, in milliseconds. At least 1. Default 60,000. */
  readonly probeEveryMs?: number | undefined;
}

const rules: Rules<VegasOptions> = { ...boundRules, windowMs: number(1), probeEveryMs: number(1) };
const defaults = { ...boundDefaults, windowMs: 250, probeEveryMs: 60_000 };

/** How many calls may wait at the dependency, in units that grow with the logarithm of the limit. */
const FEW = 1;
const ENOUGH = 3;
const TOO_MANY = 6;

const law: ControlLaw = (estimate, baseMs, { averageMs, overloaded }) => {
  const step = Math.max(1, Math.log10(estimate));
  if (overloaded) return estimate - step;
  const queued = estimate * (1 - baseMs / averageMs);
  if (queued <= FEW * step) return estimate + TOO_MANY * step;
  if (queued < ENOUGH * step) return estimate + step;
  return queued > TOO_MANY * step ? estimate - step : estimate;
};

/**
 * Makes a limit that keeps a short queue at the dependency: from how much longer calls take than without a queue, it
 * tells how many of them wait there, and grows or shrinks so that a few do.
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
  const settings = readOptions('vegas', options, rules, defaults) as Bounds & ProbeTimes;
  checkBounds('vegas', settings);
  return { name: 'vegas', start: () => new ProbedEstimate(settings, settings, law) };
}
