// The public API of @holdfast/retry, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/retry' {
  type Attributes = Readonly<Record<string, string>>;
  type BackoffFunction = (retry: number, cause: unknown) => number | undefined;
  type BackoffKind = 'full-jitter' | 'decorrelated-jitter' | 'exponential' | 'constant';
  interface Hedge extends Strategy, EventSource<HedgeEvent> {
    stats(): HedgeStats;
  }
  interface HedgeBudgetExhaustedEvent {
    readonly type: 'hedge.budget_exhausted';
    readonly strategy: string;
    readonly attempt: number;
  }
  type HedgeEvent = HedgeStartedEvent | HedgeBudgetExhaustedEvent | HedgeWonEvent;
  interface HedgeOptions {
    readonly delayMs: number | ((hedge: number, attributes: Attributes) => number);
    readonly maxHedges?: number | undefined;
    readonly budget?: RetryBudget | undefined;
    readonly idempotent?: boolean | ((attributes: Attributes) => boolean) | undefined;
    readonly collectErrors?: boolean | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface HedgeStartedEvent {
    readonly type: 'hedge.started';
    readonly strategy: string;
    readonly attempt: number;
  }
  interface HedgeStats {
    readonly calls: number;
    readonly hedges: number;
    readonly won: number;
    readonly budgetExhausted: number;
  }
  interface HedgeWonEvent {
    readonly type: 'hedge.won';
    readonly strategy: string;
    readonly attempt: number;
  }
  interface KeyedBudgetOptions {
    readonly keyBy: (attributes: Attributes) => string | undefined;
    readonly create: () => RetryBudget;
    readonly maxKeys?: number | undefined;
  }
  interface QuotaBudgetOptions {
    readonly tokens?: number | undefined;
    readonly retryCost?: number | undefined;
    readonly timeoutCost?: number | undefined;
  }
  interface Retry extends Strategy, EventSource<RetryEvent> {
    stats(): RetryStats;
  }
  interface RetryBudget {
    withdraw(cause: unknown, attributes: Attributes): number;
    record(ok: boolean, price: number, attributes: Attributes): void;
  }
  interface RetryBudgetOptions {
    readonly ratio?: number | undefined;
    readonly minPerSecond?: number | undefined;
    readonly burst?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  type RetryEvent =
    | RetryScheduledEvent
    | RetryRecoveredEvent
    | RetryGivenUpEvent<'retry.exhausted'>
    | RetryGivenUpEvent<'retry.budget_exhausted'>
    | RetryGivenUpEvent<'retry.deadline_exhausted'>;
  interface RetryGivenUpEvent<Limit extends RetryLimit> {
    readonly type: Limit;
    readonly strategy: string;
    readonly attempt: number;
    readonly cause: unknown;
  }
  type RetryLimit = 'retry.exhausted' | 'retry.budget_exhausted' | 'retry.deadline_exhausted';
  interface RetryOptions {
    readonly maxAttempts?: number | undefined;
    readonly baseDelayMs?: number | undefined;
    readonly maxDelayMs?: number | undefined;
    readonly backoff?: BackoffKind | BackoffFunction | undefined;
    readonly retryIf?: ((error: unknown, attempt: number) => boolean) | undefined;
    readonly retryOnResult?: ((value: unknown) => boolean) | undefined;
    readonly maxRetryAfterMs?: number | undefined;
    readonly minAttemptMs?: number | undefined;
    readonly budget?: RetryBudget | undefined;
    readonly idempotent?: boolean | ((attributes: Attributes) => boolean) | undefined;
    readonly retryRejections?: boolean | undefined;
    readonly collectErrors?: boolean | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface RetryRecoveredEvent {
    readonly type: 'retry.recovered';
    readonly strategy: string;
    readonly attempt: number;
  }
  interface RetryScheduledEvent {
    readonly type: 'retry.scheduled';
    readonly strategy: string;
    readonly attempt: number;
    readonly delayMs: number;
    readonly cause: unknown;
  }
  interface RetryStats {
    readonly calls: number;
    readonly retries: number;
    readonly recovered: number;
    readonly exhausted: number;
    readonly budgetExhausted: number;
    readonly deadlineExhausted: number;
  }
  interface TokenBudgetOptions {
    readonly maxTokens?: number | undefined;
    readonly tokenRatio?: number | undefined;
  }
  const apiCall: Readonly<{
    maxAttempts: 5;
    baseDelayMs: 2000;
    maxDelayMs: 60000;
  }>;
  const awsCall: Readonly<{
    maxAttempts: 4;
    baseDelayMs: 1000;
    maxDelayMs: 60000;
    retryIf: typeof isAwsTransient;
  }>;
  function hedge(options: HedgeOptions): Hedge;
  const hedgeDefaults: {
    maxHedges: number;
    idempotent: boolean | ((attributes: Attributes) => boolean);
    collectErrors: false;
    name: string;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function isAwsTransient(error: unknown): boolean;
  function isTransient(error: unknown): boolean;
  function keyedBudget(options: KeyedBudgetOptions): RetryBudget;
  const networkOperation: Readonly<{
    maxAttempts: 3;
    baseDelayMs: 1000;
    maxDelayMs: 60000;
  }>;
  function quotaBudget(options?: QuotaBudgetOptions): RetryBudget;
  function retry(options?: RetryOptions): Retry;
  function retryAfterOf(error: unknown, clock?: Pick<Clock, 'wallNow'>): number | undefined;
  function retryBudget(options?: RetryBudgetOptions): RetryBudget;
  const retryDefaults: {
    maxAttempts: number;
    baseDelayMs: number;
    maxDelayMs: number;
    backoff: BackoffKind | BackoffFunction;
    retryIf: (error: unknown, attempt: number) => boolean;
    maxRetryAfterMs: number;
    minAttemptMs: number;
    idempotent: boolean | ((attributes: Attributes) => boolean);
    retryRejections: false;
    collectErrors: false;
    name: string;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
    random: () => number;
  };
  function tokenBudget(options?: TokenBudgetOptions): RetryBudget;
  export {
    Attributes,
    BackoffFunction,
    BackoffKind,
    Hedge,
    HedgeBudgetExhaustedEvent,
    HedgeEvent,
    HedgeOptions,
    HedgeStartedEvent,
    HedgeStats,
    HedgeWonEvent,
    KeyedBudgetOptions,
    QuotaBudgetOptions,
    Retry,
    RetryBudget,
    RetryBudgetOptions,
    RetryEvent,
    RetryGivenUpEvent,
    RetryLimit,
    RetryOptions,
    RetryRecoveredEvent,
    RetryScheduledEvent,
    RetryStats,
    TokenBudgetOptions,
    apiCall,
    awsCall,
    hedge,
    hedgeDefaults,
    isAwsTransient,
    isTransient,
    keyedBudget,
    networkOperation,
    quotaBudget,
    retry,
    retryAfterOf,
    retryBudget,
    retryDefaults,
    tokenBudget,
  };
}

declare module '@holdfast/retry/redis' {
  interface RedisRetryBudgetOptions {
    readonly client: RedisClient;
    readonly name: string;
    readonly ratio?: number | undefined;
    readonly minPerSecond?: number | undefined;
    readonly burst?: number | undefined;
    readonly lease?: number | undefined;
    readonly askEveryMs?: number | undefined;
    readonly answerMs?: number | undefined;
    readonly prefix?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  function redisRetryBudget(options: RedisRetryBudgetOptions): RetryBudget;
  // Not exported, but part of the types above.
  type Attributes = Readonly<Record<string, string>>;
  interface RetryBudget {
    withdraw(cause: unknown, attributes: Attributes): number;
    record(ok: boolean, price: number, attributes: Attributes): void;
  }
  export { RedisRetryBudgetOptions, redisRetryBudget };
}
