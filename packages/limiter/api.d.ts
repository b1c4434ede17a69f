// The public API of @holdfast/limiter, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/limiter' {
  interface AdaptiveLimit {
    readonly name: string;
    start(): LimitEstimate;
  }
  interface AimdOptions extends LimitBounds {
    readonly backoffRatio?: number | undefined;
    readonly slowMs?: number | undefined;
  }
  type Attributes = Readonly<Record<string, string>>;
  interface Bulkhead extends Strategy, EventSource<BulkheadEvent> {
    stats(): BulkheadStats;
  }
  type BulkheadEvent = BulkheadRejectedEvent | BulkheadLimitChangedEvent;
  class BulkheadFullError extends HoldfastError implements BulkheadRejection {
    readonly name = 'BulkheadFullError';
    readonly code = 'ERR_BULKHEAD_FULL';
    readonly reason: BulkheadReason;
    constructor(reason: BulkheadReason, options: HoldfastErrorOptions);
  }
  interface BulkheadLimitChangedEvent {
    readonly type: 'bulkhead.limit_changed';
    readonly strategy: string;
    readonly from: number;
    readonly to: number;
    readonly key: string | undefined;
  }
  interface BulkheadOptions {
    readonly maxConcurrent: number | AdaptiveLimit;
    readonly maxQueue?: number | undefined;
    readonly maxQueueMs?: number | undefined;
    readonly order?: 'fifo' | 'lifo' | undefined;
    readonly priorityBy?: ((attributes: Attributes) => number) | undefined;
    readonly keyBy?: ((attributes: Attributes) => string | undefined) | undefined;
    readonly maxKeys?: number | undefined;
    readonly isOverload?: ((error: unknown) => boolean) | undefined;
    readonly name?: string | undefined;
    readonly captureStack?: boolean | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  type BulkheadReason = 'full' | 'queue-timeout' | 'shed';
  interface BulkheadRejectedEvent {
    readonly type: 'bulkhead.rejected';
    readonly strategy: string;
    readonly reason: BulkheadReason;
    readonly key: string | undefined;
  }
  interface BulkheadRejection extends Rejection {
    readonly code: 'ERR_BULKHEAD_FULL';
    readonly reason: BulkheadReason;
  }
  interface BulkheadStats {
    readonly inFlight: number;
    readonly queueLength: number;
    readonly limit: number;
    readonly compartments: number;
    readonly admitted: number;
    readonly queued: number;
    readonly rejected: Readonly<Record<BulkheadReason, number>>;
  }
  interface GradientOptions extends LimitBounds {
    readonly windowMs?: number | undefined;
    readonly probeEveryMs?: number | undefined;
    readonly toleranceRatio?: number | undefined;
    readonly queueSize?: number | undefined;
    readonly smoothingRatio?: number | undefined;
  }
  interface LimitBounds {
    readonly initialLimit?: number | undefined;
    readonly minLimit?: number | undefined;
    readonly maxLimit?: number | undefined;
  }
  interface LimitEstimate {
    readonly limit: number;
    sample(nowMs: number, durationMs: number, inFlight: number, overloaded: boolean): void;
  }
  interface RateLimit extends Strategy, EventSource<RateLimitEvent> {
    tryAcquire(cost?: number, attributes?: Attributes): boolean;
    status(attributes?: Attributes): RateLimitStatus;
    stats(): RateLimitStats;
  }
  type RateLimitEvent = RateLimitedEvent | RateStoreFailedEvent;
  interface RateLimitHeaders {
    readonly 'RateLimit-Policy': string;
    readonly RateLimit: string;
    readonly 'Retry-After'?: string;
  }
  interface RateLimitOptions {
    readonly rule?: RateRule | undefined;
    readonly count?: 'calls' | 'cost' | undefined;
    readonly actualCost?: ((value: unknown) => number | undefined) | undefined;
    readonly maxQueue?: number | undefined;
    readonly maxQueueMs?: number | undefined;
    readonly priorityBy?: ((attributes: Attributes) => number) | undefined;
    readonly keyBy?: ((attributes: Attributes) => string | undefined) | undefined;
    readonly maxKeys?: number | undefined;
    readonly store?: RateStore | undefined;
    readonly answerMs?: number | undefined;
    readonly storeRetryMs?: number | undefined;
    readonly name?: string | undefined;
    readonly captureStack?: boolean | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface RateLimitStats {
    readonly queueLength: number;
    readonly keys: number;
    readonly admitted: number;
    readonly queued: number;
    readonly rejected: Readonly<Record<BulkheadReason, number>>;
  }
  interface RateLimitStatus {
    readonly name: string;
    readonly limit: number;
    readonly windowMs: number;
    readonly remaining: number;
    readonly resetMs: number;
  }
  class RateLimitedError extends HoldfastError implements RateRejection {
    readonly name = 'RateLimitedError';
    readonly code = 'ERR_RATE_LIMITED';
    readonly reason: BulkheadReason;
    constructor(reason: BulkheadReason, options: HoldfastErrorOptions);
  }
  interface RateLimitedEvent {
    readonly type: 'rate_limit.rejected';
    readonly strategy: string;
    readonly reason: BulkheadReason;
    readonly key: string | undefined;
    readonly retryAfterMs: number | undefined;
  }
  interface RateMeter {
    take(nowMs: number, cost: number): number;
    waitMs(nowMs: number, cost: number): number;
    charge(nowMs: number, cost: number): void;
    remaining(nowMs: number): number;
    resetMs(nowMs: number): number;
  }
  interface RateRejection extends Rejection {
    readonly code: 'ERR_RATE_LIMITED';
    readonly reason: BulkheadReason;
  }
  interface RateRule {
    readonly kind: string;
    readonly limit: number;
    readonly windowMs: number;
    start(nowMs: number): RateMeter;
  }
  interface RateStore {
    take(key: string, cost: number, rule: RateRule): number | PromiseLike<number>;
    charge(key: string, cost: number, rule: RateRule): void | PromiseLike<void>;
  }
  interface RateStoreFailedEvent {
    readonly type: 'rate_limit.store_failed';
    readonly strategy: string;
    readonly error: unknown;
  }
  interface SlidingWindowOptions {
    readonly limit: number;
    readonly windowMs: number;
    readonly slots?: number | undefined;
  }
  interface TokenBucketOptions {
    readonly limit: number;
    readonly windowMs: number;
    readonly burst?: number | undefined;
  }
  interface VegasOptions extends LimitBounds {
    readonly windowMs?: number | undefined;
    readonly probeEveryMs?: number | undefined;
  }
  function aimd(options?: AimdOptions): AdaptiveLimit;
  function bulkhead(options: BulkheadOptions): Bulkhead;
  const bulkheadDefaults: {
    maxQueue: number;
    maxQueueMs: number;
    order: 'fifo' | 'lifo';
    maxKeys: number;
    isOverload: (error: unknown) => boolean;
    name: string;
    captureStack: false;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function gradient(options?: GradientOptions): AdaptiveLimit;
  function isBulkheadFull(value: unknown): value is BulkheadFullError | BulkheadRejection;
  function isRateLimited(value: unknown): value is RateLimitedError | RateRejection;
  function rateLimit(options?: RateLimitOptions): RateLimit;
  const rateLimitDefaults: {
    rule: RateRule;
    count: 'calls' | 'cost';
    maxQueue: number;
    maxQueueMs: number;
    maxKeys: number;
    answerMs: number;
    storeRetryMs: number;
    name: string;
    captureStack: false;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function rateLimitHeaders(
    { name, limit, windowMs, remaining, resetMs }: RateLimitStatus,
    refusal?: Rejection,
  ): RateLimitHeaders;
  function slidingWindow(options: SlidingWindowOptions): RateRule;
  function tokenBucket(options: TokenBucketOptions): RateRule;
  function vegas(options?: VegasOptions): AdaptiveLimit;
  export {
    AdaptiveLimit,
    AimdOptions,
    Attributes,
    Bulkhead,
    BulkheadEvent,
    BulkheadFullError,
    BulkheadLimitChangedEvent,
    BulkheadOptions,
    BulkheadReason,
    BulkheadRejectedEvent,
    BulkheadRejection,
    BulkheadStats,
    GradientOptions,
    LimitBounds,
    LimitEstimate,
    RateLimit,
    RateLimitEvent,
    RateLimitHeaders,
    RateLimitOptions,
    RateLimitStats,
    RateLimitStatus,
    RateLimitedError,
    RateLimitedEvent,
    RateMeter,
    RateRejection,
    RateRule,
    RateStore,
    RateStoreFailedEvent,
    SlidingWindowOptions,
    TokenBucketOptions,
    VegasOptions,
    aimd,
    bulkhead,
    bulkheadDefaults,
    gradient,
    isBulkheadFull,
    isRateLimited,
    rateLimit,
    rateLimitDefaults,
    rateLimitHeaders,
    slidingWindow,
    tokenBucket,
    vegas,
  };
}

declare module '@holdfast/limiter/redis' {
  interface RedisRateStoreOptions {
    readonly client: RedisClient;
    readonly mode?: 'exact' | 'leased' | undefined;
    readonly lease?: number | undefined;
    readonly slots?: number | undefined;
    readonly maxKeys?: number | undefined;
    readonly prefix?: string | undefined;
    readonly clock?: Clock | undefined;
  }
  function redisRateStore(options: RedisRateStoreOptions): RateStore;
  // Not exported, but part of the types above.
  interface RateMeter {
    take(nowMs: number, cost: number): number;
    waitMs(nowMs: number, cost: number): number;
    charge(nowMs: number, cost: number): void;
    remaining(nowMs: number): number;
    resetMs(nowMs: number): number;
  }
  interface RateRule {
    readonly kind: string;
    readonly limit: number;
    readonly windowMs: number;
    start(nowMs: number): RateMeter;
  }
  interface RateStore {
    take(key: string, cost: number, rule: RateRule): number | PromiseLike<number>;
    charge(key: string, cost: number, rule: RateRule): void | PromiseLike<void>;
  }
  export { RedisRateStoreOptions, redisRateStore };
}
