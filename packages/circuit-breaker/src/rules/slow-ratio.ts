import { integer, number, readOptions, type } from '@holdfast/pipeline';
import { slowerThan } from '../pace.ts';
import type { CallWindow } from '../windows/call-window.ts';
import { SlowMeter } from './ratio-meter.ts';
import { readWindow } from './ratio-window.ts';
import type { TripRule } from './trip-rule.ts';

/** Options of {@link slowRatio}. */
export interface SlowRatioOptions {
  /** A call is slow when it takes this many milliseconds, or more. Default 5,000; at least 0. */
  readonly slowMs?: number | undefined;
  /** The circuit opens when this share of the calls is slow, or more. Default 0.8; 0 to 1. */
  readonly slowRatio?: number | undefined;
  /** How many calls the window has to hold before the rule judges. Default 20 or what the window holds; at least 1. */
  readonly minCalls?: number | undefined;
  /** Which calls to look at. Default `timeWindow({ windowMs: 10_000, buckets: 10 })`. */
  readonly window?: CallWindow | undefined;
}

/**
 * Opens when the share of slow calls in a window reaches a limit. A call counts as soon as it is slow, not when it ends,
 * so a dependency that hangs opens the circuit. A stream is as slow as its first item. While the circuit is half-open,
 * a slow probe counts as failed.
 *
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds, or the window cannot hold `minCalls`
 *
 * @example
 * ```ts
 * import { anyOf, circuitBreaker, failureRatio, slowRatio } from '@holdfast/circuit-breaker';
 *
 * const tripRule = anyOf(failureRatio(), slowRatio({ slowMs: 1_000 }));
 * const breaker = circuitBreaker({ name: 'search', tripRule });
 * ```
 */
export function slowRatio(options: SlowRatioOptions = {}): TripRule {
  const rules = { slowMs: number(0), slowRatio: number(0, 1), minCalls: integer(1), window: type('object') };
  const read = readOptions('slowRatio', options, rules, { slowMs: 5_000, slowRatio: 0.8 });
  const { window, minCalls } = readWindow('slowRatio', read.window, read.minCalls);
  const judge = (hits: number, calls: number) => calls >= minCalls && hits / calls >= read.slowRatio;
  return {
    pace: slowerThan(read.slowMs),
    start: (clock) => new SlowMeter('slow-ratio', window.start(clock), judge),
  };
}
