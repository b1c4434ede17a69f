import { integer, number, readOptions, type } from '@holdfast/pipeline';
import type { CallWindow } from '../windows/call-window.ts';
import { countWindow } from '../windows/count-window.ts';
import { timeWindow } from '../windows/time-window.ts';
import { anyOf } from './any-of.ts';
import { FailureMeter } from './ratio-meter.ts';
import type { TripRule } from './trip-rule.ts';
import { wilsonLowerBound } from './wilson.ts';

/** Options of {@link confidentFailureRatio}. */
export interface ConfidentFailureRatioOptions {
  /** The circuit opens when the true share of failures is this or more, as far as can be told. Default 0.5; 0 to 1. */
  readonly failureRatio?: number | undefined;
  /** How many calls have to be known before the rule judges. Default 5; at least 1. */
  readonly minCalls?: number | undefined;
  /** Which calls to look at. Default `timeWindow({ windowMs: 10_000, buckets: 10 })`. */
  readonly window?: CallWindow | undefined;
  /** How many of the last calls are looked at as well, so that a sudden outage is noticed. Default 25; at least 1. */
  readonly recentCalls?: number | undefined;
  /** How many standard errors the share must be above the limit: 2.33 is 99 % confidence. Default 2.33; at least 0. */
  readonly zScore?: number | undefined;
}

/** Of few calls nearly all are new after a moment, so chance gets many tries: the recent ones have to be surer. */
const RECENT_Z_FACTOR = Math.SQRT2;

/**
 * Opens when the failure ratio is above a limit beyond reasonable doubt: the lower bound of its Wilson score interval
 * reaches the limit, over the window or over the last few calls. An error rate of 40 % does not open it by chance at a
 * limit of 50 %; from cold it opens after 6 failures, and in a full outage after
 * 21 at the latest.
 *
 * @see Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, confidentFailureRatio } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'search', tripRule: confidentFailureRatio({ failureRatio: 0.5 }) });
 * ```
 */
export function confidentFailureRatio(options: ConfidentFailureRatioOptions = {}): TripRule {
  const rules = {
    failureRatio: number(0, 1),
    minCalls: integer(1),
    window: type('object'),
    recentCalls: integer(1, 1_000_000),
    zScore: number(0, 10),
  };
  const defaults = { failureRatio: 0.5, minCalls: 5, window: timeWindow(), recentCalls: 25, zScore: 2.33 };
  const read = readOptions('confidentFailureRatio', options, rules, defaults);
  const over = (window: CallWindow, zScore: number): TripRule => {
    const judge = (hits: number, calls: number) =>
      calls >= read.minCalls && wilsonLowerBound(hits, calls, zScore) >= read.failureRatio;
    return { start: (clock) => new FailureMeter('confident-failure-ratio', window.start(clock), judge) };
  };
  const recent = countWindow({ calls: read.recentCalls });
  return anyOf(over(read.window, read.zScore), over(recent, read.zScore * RECENT_Z_FACTOR));
}
