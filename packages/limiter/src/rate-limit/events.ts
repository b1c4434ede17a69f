import type { BulkheadReason } from '../errors.ts';

/** A call was refused. */
export interface RateLimitedEvent {
  readonly type: 'rate_limit.rejected';
  /** The name of the limit. */
  readonly strategy: string;
  readonly reason: BulkheadReason;
  /** The key of the call; `undefined` for calls without one. */
  readonly key: string | undefined;
  /** In how many milliseconds the call may pass; `undefined` when that cannot be known. */
  readonly retryAfterMs: number | undefined;
}

/** The store did not answer, or not in time: this instance goes by its own count. */
export interface RateStoreFailedEvent {
  readonly type: 'rate_limit.store_failed';
  readonly strategy: string;
  /** What the store threw. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** What a rate limit tells. */
export type RateLimitEvent = RateLimitedEvent | RateStoreFailedEvent;
