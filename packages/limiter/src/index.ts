export type { AdaptiveLimit, LimitBounds, LimitEstimate } from './adaptive/adaptive-limit.ts';
export { aimd, type AimdOptions } from './adaptive/aimd.ts';
export { gradient, type GradientOptions } from './adaptive/gradient.ts';
export { vegas, type VegasOptions } from './adaptive/vegas.ts';
export { bulkhead, type Bulkhead, type BulkheadStats } from './bulkhead/bulkhead.ts';
export type { BulkheadEvent, BulkheadLimitChangedEvent, BulkheadRejectedEvent } from './bulkhead/events.ts';
export { bulkheadDefaults, type BulkheadOptions } from './bulkhead/options.ts';
export {
  BulkheadFullError,
  isBulkheadFull,
  isRateLimited,
  RateLimitedError,
  type BulkheadReason,
  type BulkheadRejection,
  type RateRejection,
} from './errors.ts';
export type { Attributes } from './keys.ts';
export type { RateLimitedEvent, RateLimitEvent, RateStoreFailedEvent } from './rate-limit/events.ts';
export { rateLimitDefaults, type RateLimitOptions } from './rate-limit/options.ts';
export {
  rateLimit,
  type RateLimit,
  type RateLimitStats,
  type RateLimitStatus,
} from './rate-limit/rate-limit.ts';
export { rateLimitHeaders, type RateLimitHeaders } from './rate-limit/rate-limit-headers.ts';
export type { RateStore } from './rate-limit/rate-store.ts';
export type { RateMeter, RateRule } from './rate-limit/rate-rule.ts';
export { slidingWindow, type SlidingWindowOptions } from './rate-limit/sliding-window.ts';
export { tokenBucket, type TokenBucketOptions } from './rate-limit/token-bucket.ts';
