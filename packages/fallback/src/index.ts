export type { Attributes } from './attributes.ts';
export { batch, type AddOptions, type Batch, type BatchStats } from './batch/batch.ts';
export { batchDefaults, type BatchOptions, type BatchOutcome } from './batch/options.ts';
export { cache, type Cache, type CacheStats } from './cache/cache.ts';
export type { CacheEntry, CacheStore } from './cache/cache-store.ts';
export type { CacheEvent, CacheRenewalFailedEvent, CacheStoreFailedEvent } from './cache/events.ts';
export { cacheDefaults, type CacheOptions } from './cache/options.ts';
export { BatchClosedError, BatchFullError, isBatchFull } from './errors.ts';
export {
  basic,
  fromCache,
  mock,
  type DegradationStep,
  type FailedCall,
  type Remembering,
} from './fallback/degradation-step.ts';
export type {
  FallbackEvent,
  FallbackExhaustedEvent,
  FallbackStepFailedEvent,
  FallbackUsedEvent,
} from './fallback/events.ts';
export { fallback, type Fallback, type FallbackStats } from './fallback/fallback.ts';
export { fallbackDefaults, type FallbackOptions } from './fallback/options.ts';
