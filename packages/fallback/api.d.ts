// The public API of @holdfast/fallback, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/fallback' {
  interface AddOptions {
    readonly signal?: AbortSignal | undefined;
  }
  type Attributes = Readonly<Record<string, string>>;
  interface Batch<T, R> extends AsyncDisposable {
    readonly name: string;
    add(item: T, options?: AddOptions): Promise<R>;
    flush(): Promise<void>;
    close(): Promise<void>;
    stats(): BatchStats;
  }
  class BatchClosedError extends HoldfastError {
    readonly name = 'BatchClosedError';
    readonly code = 'ERR_BATCH_CLOSED';
    constructor(options: HoldfastErrorOptions);
  }
  class BatchFullError extends HoldfastError {
    readonly name = 'BatchFullError';
    readonly code = 'ERR_BATCH_FULL';
    constructor(options: HoldfastErrorOptions);
  }
  interface BatchOptions<T, R> {
    readonly run: (items: readonly T[], key: string) => PromiseLike<readonly BatchOutcome<R>[]>;
    readonly keyBy?: ((item: T) => string) | undefined;
    readonly maxItems?: number | undefined;
    readonly maxWaitMs?: number | undefined;
    readonly maxPending?: number | undefined;
    readonly waitUntil?: ((settled: Promise<void>) => void) | undefined;
    readonly name?: string | undefined;
    readonly clock?: Clock | undefined;
  }
  type BatchOutcome<R> =
    | {
        readonly ok: true;
        readonly value: R;
      }
    | {
        readonly ok: false;
        readonly error: unknown;
      };
  interface BatchStats {
    readonly waiting: number;
    readonly running: number;
    readonly batches: number;
    readonly items: number;
    readonly refused: number;
  }
  interface Cache<V> extends Strategy, EventSource<CacheEvent>, Remembering<V> {
    peek(key: string): V | undefined;
    set(key: string, value: V): void;
    delete(key: string): void;
    clear(): void;
    recall(attributes: Attributes): Promise<V | undefined>;
    stats(): CacheStats;
  }
  interface CacheEntry<V> {
    readonly value: V;
    readonly storedAtMs: number;
  }
  type CacheEvent = CacheStoreFailedEvent | CacheRenewalFailedEvent;
  interface CacheOptions<V> {
    readonly keyBy: (attributes: Attributes) => string | undefined;
    readonly ttlMs?: number | undefined;
    readonly staleMs?: number | undefined;
    readonly keepMs?: number | undefined;
    readonly maxEntries?: number | undefined;
    readonly maxSize?: number | undefined;
    readonly sizeOf?: ((value: V, key: string) => number) | undefined;
    readonly accept?: ((value: V) => boolean) | undefined;
    readonly store?: CacheStore | undefined;
    readonly answerMs?: number | undefined;
    readonly storeRetryMs?: number | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface CacheRenewalFailedEvent {
    readonly type: 'cache.renewal_failed';
    readonly strategy: string;
    readonly error: unknown;
  }
  interface CacheStats {
    readonly entries: number;
    readonly hits: number;
    readonly staleHits: number;
    readonly misses: number;
    readonly coalesced: number;
    readonly evictions: number;
    readonly hitRatio: number;
  }
  interface CacheStore {
    get(key: string): PromiseLike<CacheEntry<unknown> | undefined>;
    set(key: string, entry: CacheEntry<unknown>, keepMs: number): PromiseLike<void>;
    delete(key: string): PromiseLike<void>;
  }
  interface CacheStoreFailedEvent {
    readonly type: 'cache.store_failed';
    readonly strategy: string;
    readonly error: unknown;
  }
  interface DegradationStep<W> {
    readonly name: string;
    get(call: FailedCall): W | undefined | PromiseLike<W | undefined>;
  }
  interface FailedCall {
    readonly error: unknown;
    readonly attributes: Attributes;
  }
  interface Fallback<W> extends Strategy<W>, EventSource<FallbackEvent> {
    stats(): FallbackStats;
  }
  type FallbackEvent = FallbackUsedEvent | FallbackStepFailedEvent | FallbackExhaustedEvent;
  interface FallbackExhaustedEvent {
    readonly type: 'fallback.exhausted';
    readonly strategy: string;
    readonly error: unknown;
  }
  interface FallbackOptions<W> {
    readonly steps: readonly DegradationStep<W>[];
    readonly handles?: ((error: unknown) => boolean) | undefined;
    readonly isWrite?: ((attributes: Attributes) => boolean) | undefined;
    readonly stepMs?: number | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface FallbackStats {
    readonly calls: number;
    readonly used: Readonly<Record<string, number>>;
    readonly exhausted: number;
    readonly passed: number;
  }
  interface FallbackStepFailedEvent {
    readonly type: 'fallback.step_failed';
    readonly strategy: string;
    readonly step: string;
    readonly error: unknown;
  }
  interface FallbackUsedEvent {
    readonly type: 'fallback.used';
    readonly strategy: string;
    readonly step: string;
    readonly error: unknown;
  }
  interface Remembering<V> {
    recall(attributes: Attributes): V | undefined | PromiseLike<V | undefined>;
  }
  function basic<W>(value: W): DegradationStep<W>;
  function batch<T, R>(options: BatchOptions<T, R>): Batch<T, R>;
  const batchDefaults: {
    maxItems: number;
    maxWaitMs: number;
    maxPending: number;
    name: string;
    clock: Clock;
  };
  function cache<V>(options: CacheOptions<V>): Cache<V>;
  const cacheDefaults: {
    ttlMs: number;
    staleMs: number;
    keepMs: number;
    maxEntries: number;
    answerMs: number;
    storeRetryMs: number;
    name: string;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function fallback<W>(options: FallbackOptions<W>): Fallback<W>;
  const fallbackDefaults: {
    handles: (error: unknown) => boolean;
    isWrite: (attributes: Attributes) => boolean;
    stepMs: number;
    name: string;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function fromCache<V>(remembering: Remembering<V>): DegradationStep<V>;
  function isBatchFull(value: unknown): value is BatchFullError;
  function mock<W>(make: (call: FailedCall) => W | PromiseLike<W>): DegradationStep<W>;
  export {
    AddOptions,
    Attributes,
    Batch,
    BatchClosedError,
    BatchFullError,
    BatchOptions,
    BatchOutcome,
    BatchStats,
    Cache,
    CacheEntry,
    CacheEvent,
    CacheOptions,
    CacheRenewalFailedEvent,
    CacheStats,
    CacheStore,
    CacheStoreFailedEvent,
    DegradationStep,
    FailedCall,
    Fallback,
    FallbackEvent,
    FallbackExhaustedEvent,
    FallbackOptions,
    FallbackStats,
    FallbackStepFailedEvent,
    FallbackUsedEvent,
    Remembering,
    basic,
    batch,
    batchDefaults,
    cache,
    cacheDefaults,
    fallback,
    fallbackDefaults,
    fromCache,
    isBatchFull,
    mock,
  };
}

declare module '@holdfast/fallback/redis' {
  interface RedisCacheStoreOptions {
    readonly client: RedisClient;
    readonly prefix?: string | undefined;
    readonly serialize?: ((value: unknown) => string) | undefined;
    readonly parse?: ((text: string) => unknown) | undefined;
    readonly maxLength?: number | undefined;
  }
  function redisCacheStore(options: RedisCacheStoreOptions): CacheStore;
  // Not exported, but part of the types above.
  interface CacheEntry<V> {
    readonly value: V;
    readonly storedAtMs: number;
  }
  interface CacheStore {
    get(key: string): PromiseLike<CacheEntry<unknown> | undefined>;
    set(key: string, entry: CacheEntry<unknown>, keepMs: number): PromiseLike<void>;
    delete(key: string): PromiseLike<void>;
  }
  export { RedisCacheStoreOptions, redisCacheStore };
}
