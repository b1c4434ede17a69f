import { check, integer, number, readOptions, type, type Clock } from '@holdfast/pipeline';
import type { CallWindow, WindowMeter } from '../windows/call-window.ts';
import { timeWindow } from '../windows/time-window.ts';
import type { RuleReading, TripMeter, TripRule } from './trip-rule.ts';
import { wilsonLowerBound } from './wilson.ts';

/** Options of {@link adaptiveFailureRatio}. */
export interface AdaptiveFailureRatioOptions {
  /** By how much the share of failures has to exceed what is normal. Default 0.3; 0 to 1. */
  readonly marginRatio?: number | undefined;
  /** The limit is never above this share, however much has become normal. Default 0.9; 0 to 1, at least `marginRatio`. */
  readonly maxFailureRatio?: number | undefined;
  /** Over how many calls what is normal is averaged. Default 5,000; at least 1. */
  readonly normalCalls?: number | undefined;
  /** How many calls the window has to hold before the rule judges. Default 5; at least 1. */
  readonly minCalls?: number | undefined;
  /** Which calls to look at. Default `timeWindow({ windowMs: 10_000, buckets: 10 })`. */
  readonly window?: CallWindow | undefined;
  /** How many standard errors the share must be above the limit: 2.33 is 99 % confidence. Default 2.33; at least 0. */
  readonly zScore?: number | undefined;
}

const rules = {
  marginRatio: number(0, 1),
  maxFailureRatio: number(0, 1),
  normalCalls: integer(1),
  minCalls: integer(1),
  window: type('object'),
  zScore: number(0, 10),
};
const defaults = { marginRatio: 0.3, maxFailureRatio: 0.9, normalCalls: 5_000, minCalls: 5, zScore: 2.33 };

type Settings = Readonly<typeof defaults>;

/** Knows what is normal: an exponential average of all calls, which begins with a dependency that never fails. */
class AdaptiveFailureMeter implements TripMeter {
  private readonly settings: Settings;
  private readonly window: WindowMeter;
  private normalRatio = 0;

  constructor(settings: Settings, window: WindowMeter) {
    this.settings = settings;
    this.window = window;
  }

  settled(failed: boolean): boolean {
    const { window, settings } = this;
    window.record(failed);
    // Judged by what was normal before this call.
    const opens =
      failed &&
      window.calls >= settings.minCalls &&
      wilsonLowerBound(window.hits, window.calls, settings.zScore) >= this.limitRatio();
    this.normalRatio += ((failed ? 1 : 0) - this.normalRatio) / settings.normalCalls;
    return opens;
  }

  private limitRatio(): number {
    const { marginRatio, maxFailureRatio } = this.settings;
    return Math.min(maxFailureRatio, this.normalRatio + marginRatio);
  }

  reading(): RuleReading {
    const { window } = this;
    window.refresh();
    const { calls, hits } = window;
    return { rule: 'adaptive-failure-ratio', calls, hits, limitRatio: this.limitRatio() };
  }

  /** What is normal outlives an outage. */
  reset(): void {
    this.window.reset();
  }

  save(): readonly number[] {
    return [this.normalRatio, ...this.window.save()];
  }

  load(memory: readonly number[], ageMs: number): void {
    const [normalRatio = NaN, ...window] = memory;
    if (!(normalRatio >= 0 && normalRatio <= 1)) return;
    this.normalRatio = normalRatio;
    this.window.load(window, ageMs);
  }
}

/**
 * Opens when the share of failures is well above what is normal for the dependency, beyond reasonable doubt. The rule learns what
 * is normal: one that always fails a third of its calls does not open the circuit by that, one that never fails opens it
 * at a third. It begins with a dependency that never fails, and forgets nothing when the circuit opens or closes.
 *
 * @see Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds, or `maxFailureRatio` is below `marginRatio`
 *
 * @example
 * ```ts
 * import { adaptiveFailureRatio, circuitBreaker } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'scraper', tripRule: adaptiveFailureRatio({ marginRatio: 0.25 }) });
 * ```
 */
export function adaptiveFailureRatio(options: AdaptiveFailureRatioOptions = {}): TripRule {
  const { window = timeWindow(), ...settings } = readOptions(
    'adaptiveFailureRatio',
    options,
    rules,
    defaults,
  );
  check('adaptiveFailureRatio: maxFailureRatio', settings.maxFailureRatio, number(settings.marginRatio, 1));
  return { start: (clock: Clock) => new AdaptiveFailureMeter(settings, window.start(clock)) };
}
