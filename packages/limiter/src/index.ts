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
export type { RateMeter, RateRule } from './rate-limit/rate-rule.ts';
export { slidingWindow, type SlidingWindowOptions } from './rate-limit/sliding-window.ts';
export { tokenBucket, type TokenBucketOptions } from './rate-limit/token-bucket.ts';
