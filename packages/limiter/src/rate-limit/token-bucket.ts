import { check, number, readOptions, type Rules } from '@holdfast/pipeline';
import type { RateMeter, RateRule } from './rate-rule.ts';

/** What {@link tokenBucket} takes. */
export interface TokenBucketOptions {
  /** How much flows in per window, evenly. Above 0. */
  readonly limit: number;
  /** The time to which the limit refers, in milliseconds. Above 0. */
  readonly windowMs: number;
  /** How much may pass at once after a pause. Above 0. Default: the limit. */
  readonly burst?: number | undefined;
}

const rules: Rules<TokenBucketOptions> = {
  limit: number(Number.MIN_VALUE),
  windowMs: number(Number.MIN_VALUE),
  burst: number(Number.MIN_VALUE),
};

/** Rounding may leave a bucket a hair short of what has surely flown in. */
const HAIR = 1e-9;

class TokenBucket implements RateMeter {
  private readonly burst: number;
  private readonly perMs: number;
  // Numbers from the start: what was undefined once is a new object on the heap each time it changes.
  private tokens = 0;
  private filledAtMs = 0;

  constructor(burst: number, perMs: number, nowMs: number) {
    this.burst = burst;
    this.perMs = perMs;
    this.tokens = burst;
    this.filledAtMs = nowMs;
  }

  take(nowMs: number, cost: number): number {
    if (cost > this.burst) return Infinity;
    const waitMs = this.waitMs(nowMs, cost);
    if (waitMs === 0) this.tokens -= cost;
    return waitMs;
  }

  waitMs(nowMs: number, cost: number): number {
    this.fill(nowMs);
    return this.tokens + HAIR < cost ? (cost - this.tokens) / this.perMs : 0;
  }

  charge(nowMs: number, cost: number): void {
    this.fill(nowMs);
    this.tokens = Math.min(this.burst, this.tokens - cost);
  }

  remaining(nowMs: number): number {
    this.fill(nowMs);
    return Math.max(0, this.tokens);
  }

  resetMs(nowMs: number): number {
    this.fill(nowMs);
    return (this.burst - this.tokens) / this.perMs;
  }

  private fill(nowMs: number): void {
    // A clock that jumped back fills nothing until it has caught up: nothing is filled twice.
    if (nowMs <= this.filledAtMs) return;
    this.tokens = Math.min(this.burst, this.tokens + (nowMs - this.filledAtMs) * this.perMs);
    this.filledAtMs = nowMs;
  }
}

/**
 * Makes a rule by which tokens flow in evenly, up to a burst, and each call takes its cost in tokens: smooth over time,
 * quick after a pause. Over any window at most `limit` plus `burst` pass.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { rateLimit, tokenBucket } from '@holdfast/limiter';
 *
 * const perSecond = rateLimit({ rule: tokenBucket({ limit: 100, windowMs: 1_000, burst: 20 }) });
 * ```
 */
export function tokenBucket(options: TokenBucketOptions): RateRule {
  const { limit, windowMs, burst } = readOptions('tokenBucket', options, rules, { burst: options.limit });
  check('tokenBucket: limit', limit, rules.limit);
  check('tokenBucket: windowMs', windowMs, rules.windowMs);
  const perMs = limit / windowMs;
  return {
    kind: 'token-bucket',
    limit: burst,
    windowMs,
    start: (nowMs) => new TokenBucket(burst, perMs, nowMs),
  };
}
