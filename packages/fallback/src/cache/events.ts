/** The second level failed, or did not answer in time; the cache goes on without it. */
export interface CacheStoreFailedEvent {
  readonly type: 'cache.store_failed';
  /** The name of the cache. */
  readonly strategy: string;
  /** What the store threw. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** A value could not be renewed behind the back of a caller, who got the stale one. */
export interface CacheRenewalFailedEvent {
  readonly type: 'cache.renewal_failed';
  readonly strategy: string;
  /** What the operation threw. Not enumerable, so that it stays out of JSON. */
  readonly error: unknown;
}

/** What a cache tells. */
export type CacheEvent = CacheStoreFailedEvent | CacheRenewalFailedEvent;
