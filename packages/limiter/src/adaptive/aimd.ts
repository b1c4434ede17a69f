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

/** What {@link aimd} takes. */
export interface AimdOptions extends LimitBounds {
  /** What the limit is multiplied with on overload; above 0, below 1. Default 0.9. */
  readonly backoffRatio?: number | undefined;
  /** A call that takes longer tells of overload, too. Milliseconds, at least 0. Default: none does. */
  readonly slowMs?: number | undefined;
}

type Settings = Bounds & { readonly backoffRatio: number; readonly slowMs: number };

const rules: Rules<AimdOptions> = {
  ...boundRules,
  backoffRatio: number(Number.MIN_VALUE, 1 - Number.EPSILON),
  slowMs: number(0),
};
const defaults = { ...boundDefaults, backoffRatio: 0.9, slowMs: Infinity };

class AimdEstimate implements LimitEstimate {
  private readonly settings: Settings;
  private estimate: number;
  private loweredAtMs = -Infinity;

  constructor(settings: Settings) {
    this.settings = settings;
    this.estimate = settings.initialLimit;
  }

  get limit(): number {
    return Math.floor(this.estimate);
  }

  sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void {
    const { backoffRatio, slowMs } = this.settings;
    const { limit } = this;
    if (overloaded || durationMs > slowMs) {
      // A call that began before the limit was lowered tells nothing about the lower one.
      if (nowMs - durationMs < this.loweredAtMs && nowMs >= this.loweredAtMs) return;
      this.loweredAtMs = nowMs;
      this.set(limit * backoffRatio);
    } else if (inFlight * 2 >= limit) this.set(this.estimate + 1 / limit);
  }

  private set(estimate: number): void {
    this.estimate = clampLimit(estimate, this.settings);
  }
}

/**
 * Makes a limit that grows by one while a whole round of calls goes well, and shrinks by a ratio on overload, once a round
 * (additive increase, multiplicative decrease, as TCP does: RFC 5681). It needs errors to learn from: timeouts, or what
 * `isOverload` of the bulkhead tells.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see https://www.rfc-editor.org/rfc/rfc5681
 *
 * @example
 * ```ts
 * import { aimd, bulkhead } from '@holdfast/limiter';
 *
 * const inventory = bulkhead({ name: 'inventory', maxConcurrent: aimd({ maxLimit: 200 }) });
 * ```
 */
export function aimd(options: AimdOptions = {}): AdaptiveLimit {
  const settings = readOptions('aimd', options, rules, defaults) as Settings;
  checkBounds('aimd', settings);
  return { name: 'aimd', start: () => new AimdEstimate(settings) };
}
