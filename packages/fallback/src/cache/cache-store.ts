/** A value, and when it was learned. */
export interface CacheEntry<V> {
  readonly value: V;
  /** Milliseconds since the Unix epoch. */
  readonly storedAtMs: number;
}

/** A second level behind a cache, such as Redis, which several processes share. It may fail or take too long. */
export interface CacheStore {
  /** Answers what is stored under a key, or `undefined`. */
  get(key: string): PromiseLike<CacheEntry<unknown> | undefined>;
  /** @param keepMs - after how many milliseconds it may be forgotten */
  set(key: string, entry: CacheEntry<unknown>, keepMs: number): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}
