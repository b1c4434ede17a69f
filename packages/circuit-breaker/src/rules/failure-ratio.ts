import { integer, number, readOptions, type } from '@holdfast/pipeline';
import type { CallWindow } from '../windows/call-window.ts';
import { FailureMeter } from './ratio-meter.ts';
import { readWindow } from './ratio-window.ts';
import type { TripRule } from './trip-rule.ts';

/** Options of {@link failureRatio}. */
export interface FailureRatioOptions {
  /** The circuit opens when this share of the calls has failed, or more. Default 0.5; 0 to 1. */
  readonly failureRatio?: number | undefined;
  /** How many calls the window has to hold before the rule judges. Default 20 or what the window holds; at least 1. */
  readonly minCalls?: number | undefined;
  /** Which calls to look at. Default `timeWindow({ windowMs: 10_000, buckets: 10 })`. */
  readonly window?: CallWindow | undefined;
}

/**
 * Opens when the share of failed calls in a window reaches a limit. It is judged whenever a call fails. The share of a
 * small sample swings widely, so a plain ratio also opens by chance; {@link confidentFailureRatio} does not.
 *
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds, or the window cannot hold `minCalls`
 *
 * @example
 * ```ts
 * import { circuitBreaker, failureRatio } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'search', tripRule: failureRatio({ failureRatio: 0.3, minCalls: 50 }) });
 * ```
 */
export function failureRatio(options: FailureRatioOptions = {}): TripRule {
  const rules = { failureRatio: number(0, 1), minCalls: integer(1), window: type('object') };
  const read = readOptions('failureRatio', options, rules, { failureRatio: 0.5 });
  const { window, minCalls } = readWindow('failureRatio', read.window, read.minCalls);
  // A quotient equals the literal it was written as; a product (0.07 * 100) may not.
  const judge = (hits: number, calls: number) => calls >= minCalls && hits / calls >= read.failureRatio;
  return { start: (clock) => new FailureMeter('failure-ratio', window.start(clock), judge) };
}
