// The public API of @holdfast/http, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/http' {
  interface BodyFailedEvent {
    readonly type: 'fetch.body_failed';
    readonly strategy: string;
    readonly error: unknown;
  }
  type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
  type FetchEvent = RetryEvent | BodyFailedEvent;
  interface FetchOptions {
    readonly fetch?: ((input: RequestInfo | URL, init?: RequestInit) => Promise<Response>) | undefined;
    readonly timeoutMs?: number | undefined;
    readonly attemptMs?: number | undefined;
    readonly firstByteMs?: number | undefined;
    readonly idleMs?: number | undefined;
    readonly bodyMs?: number | undefined;
    readonly retry?:
      Omit<RetryOptions, 'idempotent' | 'retryOnResult' | 'clock' | 'random'> | false | undefined;
    readonly breaker?: Omit<CircuitBreakerOptions, 'name' | 'clock'> | false | undefined;
    readonly idempotencyKeys?: boolean | (() => string) | undefined;
    readonly deadlineHeader?: boolean | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface FetchStats {
    readonly calls: number;
    readonly running: number;
    readonly attempts: number;
    readonly retries: number;
    readonly recovered: number;
    readonly timeouts: number;
    readonly refused: number;
    readonly bodyFailures: number;
  }
  interface GuardedFetch extends Fetch, EventSource<FetchEvent> {
    readonly name: string;
    readonly breakers: BreakerRegistry;
    within(ctx: ExecutionContext): Fetch;
    stats(): FetchStats;
  }
  function createFetch(options?: FetchOptions): GuardedFetch;
  const fetchDefaults: {
    timeoutMs: number;
    attemptMs: number;
    firstByteMs: number;
    idleMs: number;
    bodyMs: number;
    idempotencyKeys: false;
    deadlineHeader: true;
    name: string;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function isTransientStatus(status: number): boolean;
  function statusOutcome(status: number): Outcome;
  export {
    BodyFailedEvent,
    Fetch,
    FetchEvent,
    FetchOptions,
    FetchStats,
    GuardedFetch,
    createFetch,
    fetchDefaults,
    isTransientStatus,
    statusOutcome,
  };
}

declare module '@holdfast/http/models' {
  class BudgetExhaustedError extends HoldfastError {
    readonly name = 'BudgetExhaustedError';
    readonly code = 'ERR_BUDGET_EXHAUSTED';
    constructor(options: HoldfastErrorOptions);
  }
  interface BudgetExhaustedEvent {
    readonly type: 'budget.exhausted';
    readonly strategy: string;
    readonly spent: number;
    readonly limit: number;
  }
  interface ClassifyOptions {
    readonly clock?: Pick<Clock, 'wallNow'> | undefined;
  }
  interface CostBudget extends Strategy, EventSource<BudgetExhaustedEvent> {
    readonly actualCost: (value: unknown) => number | undefined;
    spend(amount: number): void;
    stats(): CostBudgetStats;
  }
  interface CostBudgetOptions {
    readonly limit: number;
    readonly windowMs: number;
    readonly costOf?: ((result: unknown) => number | undefined) | undefined;
    readonly estimate?: number | 'cost' | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface CostBudgetStats {
    readonly spent: number;
    readonly reserved: number;
    readonly remaining: number;
    readonly refused: number;
  }
  interface Failover<I, T, E = never> extends EventSource<ProviderFailedEvent> {
    readonly name: string;
    call(input: I, options?: CallOptions): Promise<FailoverAnswer<T>>;
    stream(input: I, options?: CallOptions): FailoverStream<E>;
    stats(): FailoverStats;
  }
  interface FailoverAnswer<T> {
    readonly value: T;
    readonly provider: string;
    readonly degraded: boolean;
    readonly failures: readonly ProviderFailure[];
  }
  interface FailoverOptions<I, T, E = never> {
    readonly providers: readonly ModelProvider<I, T, E>[];
    readonly order?: ProviderOrder | undefined;
    readonly firstItemMs?: number | undefined;
    readonly idleMs?: number | undefined;
    readonly classify?: ((error: unknown) => Pick<ModelError, 'kind' | 'failover'>) | undefined;
    readonly name?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface FailoverStats {
    readonly answered: Readonly<Record<string, number>>;
    readonly failed: Readonly<Record<string, number>>;
  }
  interface FailoverStream<E> extends AsyncIterableIterator<E> {
    readonly provider: string | undefined;
    readonly degraded: boolean;
  }
  interface HttpError {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
  }
  interface JsonRpcError {
    readonly code: number;
    readonly message: string;
    readonly data: {
      readonly reason: string;
      readonly retryAfterMs?: number;
    };
  }
  interface ModelError {
    readonly kind: ModelErrorKind;
    readonly retryable: boolean;
    readonly failover: boolean;
    readonly countsAsFailure: boolean;
    readonly retryAfterMs: number | undefined;
  }
  type ModelErrorKind =
    | 'rate-limited'
    | 'overloaded'
    | 'quota-exhausted'
    | 'content-filtered'
    | 'invalid-request'
    | 'authentication'
    | 'timeout'
    | 'aborted'
    | 'server'
    | 'unknown';
  interface ModelEvent {
    readonly event: string;
    readonly data: unknown;
  }
  interface ModelProvider<I, T, E = never> {
    readonly name: string;
    readonly strategy?: Strategy | undefined;
    readonly breaker?: ProviderBreaker | undefined;
    readonly pricePerMillion?: number | undefined;
    run(input: I, ctx: ExecutionContext): T | PromiseLike<T>;
    stream?(input: I, ctx: ExecutionContext): StreamSource<E> | PromiseLike<StreamSource<E>>;
    resume?(
      input: I,
      progress: StreamProgress<E>,
      ctx: ExecutionContext,
    ): StreamSource<E> | PromiseLike<StreamSource<E>>;
  }
  class ModelStreamError extends Error {
    readonly name = 'ModelStreamError';
    readonly code = 'ERR_MODEL_STREAM';
    readonly event: unknown;
    constructor(event: unknown);
  }
  interface ProviderBreaker {
    readonly state: string;
    stats?(): {
      readonly retryAfterMs?: number | undefined;
    };
  }
  interface ProviderFailedEvent {
    readonly type: 'failover.provider_failed';
    readonly strategy: string;
    readonly provider: string;
    readonly kind: ModelErrorKind;
  }
  interface ProviderFailure {
    readonly provider: string;
    readonly kind: ModelErrorKind;
    readonly error: unknown;
  }
  type ProviderOrder = 'listed' | 'price';
  function classifyAgentError(answer: unknown, options?: ClassifyOptions): ModelError | undefined;
  function classifyModelError(error: unknown, options?: ClassifyOptions): ModelError;
  function costBudget(options: CostBudgetOptions): CostBudget;
  function failover<I, T, E = never>(options: FailoverOptions<I, T, E>): Failover<I, T, E>;
  function isBudgetExhausted(value: unknown): value is BudgetExhaustedError;
  function modelError(kind: ModelErrorKind, retryAfterMs?: number): ModelError;
  function modelEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ModelEvent, void>;
  function readModelError(response: Response, options?: ClassifyOptions): Promise<ModelError | undefined>;
  function toHttpError(error: unknown): HttpError;
  function toJsonRpcError(error: unknown): JsonRpcError;
  export {
    BudgetExhaustedError,
    BudgetExhaustedEvent,
    ClassifyOptions,
    CostBudget,
    CostBudgetOptions,
    CostBudgetStats,
    Failover,
    FailoverAnswer,
    FailoverOptions,
    FailoverStats,
    FailoverStream,
    HttpError,
    JsonRpcError,
    ModelError,
    ModelErrorKind,
    ModelEvent,
    ModelProvider,
    ModelStreamError,
    ProviderBreaker,
    ProviderFailedEvent,
    ProviderFailure,
    ProviderOrder,
    classifyAgentError,
    classifyModelError,
    costBudget,
    failover,
    isBudgetExhausted,
    modelError,
    modelEvents,
    readModelError,
    toHttpError,
    toJsonRpcError,
  };
}
