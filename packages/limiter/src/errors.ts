import { HoldfastError, isRejection, type HoldfastErrorOptions, type Rejection } from '@holdfast/pipeline';

/**
 * Why a bulkhead did not start an operation: no place was free and none to wait in (`full`), none got free in time
 * (`queue-timeout`), or a more important call took its place in the queue (`shed`).
 */
export type BulkheadReason = 'full' | 'queue-timeout' | 'shed';

/** Why a bulkhead did not start an operation: the plain form, which `try` returns. Frozen. */
export interface BulkheadRejection extends Rejection {
  readonly code: 'ERR_BULKHEAD_FULL';
  readonly reason: BulkheadReason;
}

const BULKHEAD_REASONS: Readonly<Record<BulkheadReason, string>> = {
  full: 'as many calls as it lets through are running, and none may wait',
  'queue-timeout': 'no place got free in time',
  shed: 'a more important call took its place in the queue',
};

/**
 * A bulkhead did not start an operation.
 *
 * @example
 * ```ts
 * import { BulkheadFullError } from '@holdfast/limiter';
 *
 * console.log(new BulkheadFullError('queue-timeout', { strategy: 'search' }).message);
 * ```
 */
export class BulkheadFullError extends HoldfastError implements BulkheadRejection {
  override readonly name = 'BulkheadFullError';
  readonly code = 'ERR_BULKHEAD_FULL';
  readonly reason: BulkheadReason;

  constructor(reason: BulkheadReason, options: HoldfastErrorOptions) {
    super(`${options.strategy} refuses the call: ${BULKHEAD_REASONS[reason]}`, options);
    this.reason = reason;
  }
}

/**
 * Whether a value says that a bulkhead refused a call.
 *
 * @example
 * ```ts
 * import { bulkhead, isBulkheadFull } from '@holdfast/limiter';
 *
 * const result = await bulkhead({ maxConcurrent: 10 }).try(() => fetch('https://search.example'));
 * if (!result.ok && isBulkheadFull(result.error)) console.log('busy:', result.error.reason);
 * ```
 */
export function isBulkheadFull(value: unknown): value is BulkheadFullError | BulkheadRejection {
  return isRejection(value) && value.code === 'ERR_BULKHEAD_FULL';
}

/** Why a rate limit did not start an operation: the plain form, which `try` returns. Frozen. */
export interface RateRejection extends Rejection {
  readonly code: 'ERR_RATE_LIMITED';
  readonly reason: BulkheadReason;
}

const RATE_REASONS: Readonly<Record<BulkheadReason, string>> = {
  full: 'the limit is used up',
  'queue-timeout': 'the limit left nothing for it in time',
  shed: 'a more important call took its place in the queue',
};

/**
 * A rate limit did not start an operation; `retryAfterMs` says when it may admit the call, where that is known.
 *
 * @example
 * ```ts
 * import { RateLimitedError } from '@holdfast/limiter';
 *
 * const refusal = new RateLimitedError('full', { strategy: 'per-client', retryAfterMs: 1_500 });
 * console.log(refusal.message); // per-client refuses the call: the limit is used up
 * ```
 */
export class RateLimitedError extends HoldfastError implements RateRejection {
  override readonly name = 'RateLimitedError';
  readonly code = 'ERR_RATE_LIMITED';
  readonly reason: BulkheadReason;

  constructor(reason: BulkheadReason, options: HoldfastErrorOptions) {
    super(`${options.strategy} refuses the call: ${RATE_REASONS[reason]}`, options);
    this.reason = reason;
  }
}

/**
 * Whether a value says that a rate limit refused a call.
 *
 * @example
 * ```ts
 * import { isRateLimited, rateLimit, tokenBucket } from '@holdfast/limiter';
 *
 * const perMinute = rateLimit({ rule: tokenBucket({ limit: 60, windowMs: 60_000 }) });
 * const result = await perMinute.try(() => fetch('https://search.example'));
 * if (!result.ok && isRateLimited(result.error)) console.log('in', result.error.retryAfterMs, 'ms');
 * ```
 */
export function isRateLimited(value: unknown): value is RateLimitedError | RateRejection {
  return isRejection(value) && value.code === 'ERR_RATE_LIMITED';
}
