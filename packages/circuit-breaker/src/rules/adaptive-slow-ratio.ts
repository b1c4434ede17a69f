import { check, integer, number, readOptions, type } from '@holdfast/pipeline';
import { Pace } from '../pace.ts';
import type { CallWindow } from '../windows/call-window.ts';
import { SlowMeter } from './ratio-meter.ts';
import { readWindow } from './ratio-window.ts';
import type { TripRule } from './trip-rule.ts';

/** Options of {@link adaptiveSlowRatio}. */
export interface AdaptiveSlowRatioOptions {
  /** A call is slow when it takes this many times what is usual, or more. Default 3; at least 1. */
  readonly slowFactor?: number | undefined;
  /** No call is slow that takes less than this, in milliseconds. Default 50; at least 0. */
  readonly minSlowMs?: number | undefined;
  /** Every call is slow that takes this long, in milliseconds; the limit to begin with. Default 5,000; at least `minSlowMs`. */
  readonly maxSlowMs?: number | undefined;
  /** Over how many calls what is usual is averaged. Default 1,000; at least 1. */
  readonly usualCalls?: number | undefined;
  /** The circuit opens when this share of the calls is slow, or more. Default 0.8; 0 to 1. */
  readonly slowRatio?: number | undefined;
  /** How many calls the window has to hold before the rule judges. Default 20 or what the window holds; at least 1. */
  readonly minCalls?: number | undefined;
  /** Which calls to look at. Default `timeWindow({ windowMs: 10_000, buckets: 10 })`. */
  readonly window?: CallWindow | undefined;
}

const rules = {
  slowFactor: number(1),
  minSlowMs: number(0),
  maxSlowMs: number(0),
  usualCalls: integer(1),
  slowRatio: number(0, 1),
  minCalls: integer(1),
  window: type('object'),
};
const defaults = { slowFactor: 3, minSlowMs: 50, maxSlowMs: 5_000, usualCalls: 1_000, slowRatio: 0.8 };

type Settings = Readonly<typeof defaults>;

/** So many calls have to be known before what is usual counts. */
const FIRST_CALLS = 20;

/** Moves its limit with what is usual. */
class AdaptivePace extends Pace {
  private readonly settings: Settings;
  private usualMs = 0;
  private calls = 0;

  constructor(settings: Settings) {
    super(settings.maxSlowMs);
    this.settings = settings;
  }

  override isSlow(durationMs: number): boolean {
    const slow = super.isSlow(durationMs);
    // A slow call counts as no slower than the limit: so an outage moves what is usual no faster than by the limit's factor
    // in as many calls as it is averaged over.
    this.learn(Math.min(durationMs, this.slowMs));
    return slow;
  }

  private learn(durationMs: number): void {
    const { slowFactor, minSlowMs, maxSlowMs, usualCalls } = this.settings;
    this.calls++;
    this.usualMs += (durationMs - this.usualMs) / Math.min(this.calls, usualCalls);
    if (this.calls < FIRST_CALLS) return;
    this.slowMs = Math.min(maxSlowMs, Math.max(minSlowMs, this.usualMs * slowFactor));
  }
}

/**
 * Opens when the share of calls that take much longer than usual reaches a limit. The rule learns what is usual, so it needs
 * no number that somebody has to keep right. A call counts as soon as it is slow, not when it ends; while the circuit is
 * half-open, a slow probe counts as failed.
 *
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds, or the window cannot hold `minCalls`
 *
 * @example
 * ```ts
 * import { adaptiveFailureRatio, adaptiveSlowRatio, anyOf, circuitBreaker } from '@holdfast/circuit-breaker';
 *
 * const tripRule = anyOf(adaptiveFailureRatio(), adaptiveSlowRatio({ slowFactor: 4 }));
 * const breaker = circuitBreaker({ name: 'search', tripRule });
 * ```
 */
export function adaptiveSlowRatio(options: AdaptiveSlowRatioOptions = {}): TripRule {
  const read = readOptions('adaptiveSlowRatio', options, rules, defaults);
  check('adaptiveSlowRatio: maxSlowMs', read.maxSlowMs, number(read.minSlowMs));
  const { window, minCalls } = readWindow('adaptiveSlowRatio', read.window, read.minCalls);
  const judge = (hits: number, calls: number) => calls >= minCalls && hits / calls >= read.slowRatio;
  return {
    pace: { slowMs: read.maxSlowMs, start: () => new AdaptivePace(read) },
    start: (clock) => new SlowMeter('adaptive-slow-ratio', window.start(clock), judge),
  };
}
