// The public API of @holdfast/circuit-breaker, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/circuit-breaker' {
  interface AdaptiveFailureRatioOptions {
    readonly marginRatio?: number | undefined;
    readonly maxFailureRatio?: number | undefined;
    readonly normalCalls?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly window?: CallWindow | undefined;
    readonly zScore?: number | undefined;
  }
  interface AdaptiveSlowRatioOptions {
    readonly slowFactor?: number | undefined;
    readonly minSlowMs?: number | undefined;
    readonly maxSlowMs?: number | undefined;
    readonly usualCalls?: number | undefined;
    readonly slowRatio?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly window?: CallWindow | undefined;
  }
  interface Admission extends Disposable {
    succeed(value?: unknown): void;
    fail(error?: unknown): void;
    ignore(): void;
  }
  type AsyncMethod = (...args: never[]) => PromiseLike<unknown>;
  interface BreakerHealth {
    readonly status: 'healthy' | 'degraded' | 'unhealthy';
    readonly total: number;
    readonly states: Readonly<Record<CircuitState, number>>;
    readonly refusing: readonly string[];
  }
  type BreakerMode = 'enabled' | 'metrics-only' | 'disabled';
  interface BreakerRegistry extends EventSource<CircuitEvent>, Iterable<CircuitBreaker> {
    get(name: string, overrides?: CircuitBreakerOptions): CircuitBreaker;
    keyed(options: KeyedBreakerOptions): KeyedBreaker;
    tryAll<O extends GroupOperations>(operations: O, options?: CallOptions): Promise<GroupOutcome<O>>;
    resetAll(): void;
    health(): BreakerHealth;
  }
  interface BreakerStore {
    report(circuit: string, instance: string, open: boolean, ttlMs: number): void | PromiseLike<void>;
    subscribe(circuit: string, onVerdict: (verdict: Verdict) => void): () => void;
    leaseProbe(circuit: string, instance: string, leaseMs: number): number | PromiseLike<number>;
  }
  interface CallWindow {
    readonly maxCalls?: number | undefined;
    start(clock: Clock): WindowMeter;
  }
  interface CircuitBreaker extends Strategy, EventSource<CircuitEvent> {
    readonly state: CircuitState;
    stats(): CircuitBreakerStats;
    wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Guarded<F>;
    executeSync<T>(operation: () => T): T;
    tryAcquire(): number;
    record(permit: number, outcome: Outcome, durationMs?: number): void;
    acquire(): Admission;
    reset(): void;
    trip(openMs?: number): void;
    isolate(): Disposable;
    setMode(mode: BreakerMode): void;
  }
  interface CircuitBreakerOptions {
    readonly name?: string | undefined;
    readonly tripRule?: TripRule | undefined;
    readonly openMs?: OpenMs | undefined;
    readonly maxProbes?: number | undefined;
    readonly successesToClose?: number | undefined;
    readonly probeTimeoutMs?: number | undefined;
    readonly overflow?: 'reject' | 'wait' | undefined;
    readonly maxWaiting?: number | undefined;
    readonly maxWaitMs?: number | undefined;
    readonly rampUpMs?: number | undefined;
    readonly classifyError?: ((error: unknown) => Outcome | undefined) | undefined;
    readonly classifyResult?: ((value: unknown) => Outcome | undefined) | undefined;
    readonly mode?: BreakerMode | undefined;
    readonly captureStack?: boolean | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface CircuitBreakerStats {
    readonly name: string;
    readonly state: CircuitState;
    readonly changedAtMs: number;
    readonly retryAfterMs: number | undefined;
    readonly successes: number;
    readonly failures: number;
    readonly ignored: number;
    readonly rejected: number;
    readonly inFlight: number;
    readonly waiting: number;
    readonly openings: number;
    readonly consecutiveFailures: number;
    readonly lastFailureAtMs: number | undefined;
    readonly lastError?: unknown;
    readonly reading: RuleReading;
  }
  interface CircuitClosed extends CircuitEventBase {
    readonly type: 'circuit.closed';
    readonly cause: CloseCause;
  }
  interface CircuitDisabled extends CircuitEventBase {
    readonly type: 'circuit.disabled';
  }
  type CircuitEvent =
    | CircuitOpened
    | CircuitWouldOpen
    | CircuitHalfOpened
    | CircuitClosed
    | CircuitIsolated
    | CircuitDisabled
    | CircuitMetricsOnly;
  interface CircuitEventBase {
    readonly strategy: string;
    readonly atMs: number;
    readonly from: CircuitState;
  }
  interface CircuitHalfOpened extends CircuitEventBase {
    readonly type: 'circuit.half_opened';
  }
  interface CircuitIsolated extends CircuitEventBase {
    readonly type: 'circuit.isolated';
  }
  interface CircuitMetricsOnly extends CircuitEventBase {
    readonly type: 'circuit.metrics_only';
  }
  class CircuitOpenError extends HoldfastError implements CircuitRejection {
    readonly name = 'CircuitOpenError';
    readonly code = 'ERR_CIRCUIT_OPEN';
    readonly state: RefusingState;
    constructor(state: RefusingState, options: HoldfastErrorOptions);
  }
  interface CircuitOpened extends CircuitEventBase {
    readonly type: 'circuit.opened';
    readonly cause: OpenCause;
    readonly reading: RuleReading;
    readonly openMs: number;
    readonly openings: number;
    readonly error?: unknown;
  }
  interface CircuitRejection extends Rejection {
    readonly code: 'ERR_CIRCUIT_OPEN';
    readonly state: RefusingState;
  }
  interface CircuitSnapshot {
    readonly version: 1;
    readonly takenAtMs: number;
    readonly state: 'closed' | 'open' | 'half-open';
    readonly openUntilAtMs?: number | undefined;
    readonly openings: number;
    readonly successes: number;
    readonly memory: readonly number[];
  }
  type CircuitState = State['kind'];
  interface CircuitWouldOpen extends CircuitEventBase {
    readonly type: 'circuit.would_open';
    readonly cause: OpenCause;
    readonly reading: RuleReading;
    readonly error?: unknown;
  }
  type CloseCause = 'probes' | 'reset' | 'released' | 'mode' | 'restored' | 'store';
  interface ConfidentFailureRatioOptions {
    readonly failureRatio?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly window?: CallWindow | undefined;
    readonly recentCalls?: number | undefined;
    readonly zScore?: number | undefined;
  }
  interface ConsecutiveFailuresOptions {
    readonly failures?: number | undefined;
  }
  interface CountWindowOptions {
    readonly calls?: number | undefined;
  }
  interface ExponentialOpenOptions {
    readonly baseMs?: number | undefined;
    readonly factor?: number | undefined;
    readonly maxMs?: number | undefined;
    readonly jitterRatio?: number | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface FailureRatioOptions {
    readonly failureRatio?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly window?: CallWindow | undefined;
  }
  type GroupOperations = Readonly<Record<string, Operation<unknown>>>;
  interface GroupOutcome<O extends GroupOperations> {
    readonly results: {
      readonly [K in keyof O]: Result<Awaited<ReturnType<O[K]>>>;
    };
    readonly health: BreakerHealth;
  }
  type Guarded<F> = F & {
    readonly breaker: CircuitBreaker;
  };
  type KeyBy = (attributes: Readonly<Record<string, string>>) => string | undefined;
  interface KeyedBreaker extends Strategy {
    readonly size: number;
    find(key: string | undefined): CircuitBreaker | undefined;
  }
  interface KeyedBreakerOptions extends CircuitBreakerOptions {
    readonly keyBy: KeyBy;
    readonly maxKeys?: number | undefined;
    readonly idleMs?: number | undefined;
  }
  interface MemoryBreakerStoreOptions {
    readonly quorum?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  type OpenCause =
    | 'failures'
    | 'slow-calls'
    | 'probe-failed'
    | 'probe-slow'
    | 'probe-timeout'
    | 'manual'
    | 'restored'
    | 'store';
  type OpenMs = number | ((opening: Opening) => number);
  interface Opening {
    readonly openings: number;
    readonly cause: OpenCause;
    readonly error: unknown;
  }
  interface PaceRule {
    readonly slowMs: number;
    start(): Pace;
  }
  type RefusingState = 'open' | 'half-open' | 'isolated' | 'ramp-up';
  interface RetryAfterOpenOptions {
    readonly otherwiseMs?: OpenMs | undefined;
    readonly maxMs?: number | undefined;
    readonly read?: ((error: unknown) => number | undefined) | undefined;
  }
  interface RuleReading {
    readonly rule: string;
    readonly calls: number;
    readonly hits: number;
    readonly limitRatio?: number;
  }
  interface ShareBreakerOptions {
    readonly store: BreakerStore;
    readonly instance: string;
    readonly leaseMs?: number | undefined;
    readonly answerMs?: number | undefined;
  }
  interface SlowRatioOptions {
    readonly slowMs?: number | undefined;
    readonly slowRatio?: number | undefined;
    readonly minCalls?: number | undefined;
    readonly window?: CallWindow | undefined;
  }
  interface TimeWindowOptions {
    readonly windowMs?: number | undefined;
    readonly buckets?: number | undefined;
  }
  interface TripMeter {
    settled(failed: boolean): boolean;
    paced?(slow: boolean): boolean;
    reading(): RuleReading;
    reset(): void;
    save(): readonly number[];
    load(memory: readonly number[], ageMs: number): void;
  }
  interface TripRule {
    readonly pace?: PaceRule | undefined;
    start(clock: Clock): TripMeter;
  }
  interface Verdict {
    readonly open: boolean;
    readonly remainingMs: number;
  }
  interface WindowMeter {
    record(hit: boolean): void;
    readonly calls: number;
    readonly hits: number;
    refresh(): void;
    reset(): void;
    save(): readonly number[];
    load(memory: readonly number[], ageMs: number): void;
  }
  function adaptiveFailureRatio(options?: AdaptiveFailureRatioOptions): TripRule;
  function adaptiveSlowRatio(options?: AdaptiveSlowRatioOptions): TripRule;
  function anyOf(...rules: readonly TripRule[]): TripRule;
  function breakerOf(fn: (...args: never[]) => unknown): CircuitBreaker | undefined;
  function circuitBreaker(options?: CircuitBreakerOptions): CircuitBreaker;
  function circuitBroken(
    options?: CircuitBreakerOptions,
  ): <F extends AsyncMethod>(method: F, context: ClassMethodDecoratorContext) => F;
  function confidentFailureRatio(options?: ConfidentFailureRatioOptions): TripRule;
  function consecutiveFailures(options?: ConsecutiveFailuresOptions): TripRule;
  function countWindow(options?: CountWindowOptions): CallWindow;
  function createBreakerRegistry(defaults?: CircuitBreakerOptions): BreakerRegistry;
  function exponentialOpen(options?: ExponentialOpenOptions): (opening: Opening) => number;
  function failureRatio(options?: FailureRatioOptions): TripRule;
  function isCircuitOpen(value: unknown): value is CircuitOpenError | CircuitRejection;
  function memoryBreakerStore(options?: MemoryBreakerStoreOptions): BreakerStore;
  function restoreBreaker(breaker: CircuitBreaker, snapshot: CircuitSnapshot): void;
  function retryAfterOpen(options?: RetryAfterOpenOptions): (opening: Opening) => number;
  function shareBreaker(breaker: CircuitBreaker, options: ShareBreakerOptions): Disposable;
  function slowRatio(options?: SlowRatioOptions): TripRule;
  function snapshotOf(breaker: CircuitBreaker): CircuitSnapshot;
  function timeWindow(options?: TimeWindowOptions): CallWindow;
  // Not exported, but part of the types above.
  interface Closed {
    readonly kind: 'closed';
    guests: number;
    ramp: Ramp | undefined;
  }
  interface Disabled {
    readonly kind: 'disabled';
  }
  interface HalfOpen {
    readonly kind: 'half-open';
    readonly probes: Probes;
    readonly openings: number;
    successes: number;
  }
  interface Isolated {
    readonly kind: 'isolated';
    holders: number;
  }
  interface MetricsOnly {
    readonly kind: 'metrics-only';
  }
  interface Open {
    readonly kind: 'open';
    readonly since: Stopwatch;
    readonly openMs: number;
    readonly openings: number;
    remainingMs: number;
  }
  class Pace {
    slowMs: number;
    constructor(slowMs: number);
    start(permit: number, nowMs: number, call: Pick<Call, 'respondedAtMs'> | undefined): PacedCall;
    finish(paced: PacedCall, nowMs: number): boolean | undefined;
    isSlow(durationMs: number): boolean;
    notice(
      nowMs: number,
      listener: {
        pace(permit: number, slow: boolean): void;
      },
    ): void;
  }
  class PacedCall {
    readonly permit: number;
    startedAtMs: number;
    previous: PacedCall | undefined;
    next: PacedCall | undefined;
    known: boolean;
    constructor(permit: number, startedAtMs: number, call: Pick<Call, 'respondedAtMs'> | undefined);
    elapsedMs(nowMs: number): number;
  }
  class Probes {
    constructor(maxProbes: number, timeoutMs: number);
    start(nowMs: number, allowed?: number): number;
    finish(probe: number): void;
    expiresInMs(nowMs: number): number;
  }
  class Ramp {
    constructor(rampUpMs: number, nowMs: number);
    isOver(nowMs: number): boolean;
    admits(nowMs: number): boolean;
  }
  type State = Closed | Open | HalfOpen | Isolated | Disabled | MetricsOnly;
  class Stopwatch {
    constructor(nowMs: number);
    elapsedMs(nowMs: number): number;
  }
  export {
    AdaptiveFailureRatioOptions,
    AdaptiveSlowRatioOptions,
    Admission,
    AsyncMethod,
    BreakerHealth,
    BreakerMode,
    BreakerRegistry,
    BreakerStore,
    CallWindow,
    CircuitBreaker,
    CircuitBreakerOptions,
    CircuitBreakerStats,
    CircuitClosed,
    CircuitDisabled,
    CircuitEvent,
    CircuitEventBase,
    CircuitHalfOpened,
    CircuitIsolated,
    CircuitMetricsOnly,
    CircuitOpenError,
    CircuitOpened,
    CircuitRejection,
    CircuitSnapshot,
    CircuitState,
    CircuitWouldOpen,
    CloseCause,
    ConfidentFailureRatioOptions,
    ConsecutiveFailuresOptions,
    CountWindowOptions,
    ExponentialOpenOptions,
    FailureRatioOptions,
    GroupOperations,
    GroupOutcome,
    Guarded,
    KeyBy,
    KeyedBreaker,
    KeyedBreakerOptions,
    MemoryBreakerStoreOptions,
    OpenCause,
    OpenMs,
    Opening,
    PaceRule,
    RefusingState,
    RetryAfterOpenOptions,
    RuleReading,
    ShareBreakerOptions,
    SlowRatioOptions,
    TimeWindowOptions,
    TripMeter,
    TripRule,
    Verdict,
    WindowMeter,
    adaptiveFailureRatio,
    adaptiveSlowRatio,
    anyOf,
    breakerOf,
    circuitBreaker,
    circuitBroken,
    confidentFailureRatio,
    consecutiveFailures,
    countWindow,
    createBreakerRegistry,
    exponentialOpen,
    failureRatio,
    isCircuitOpen,
    memoryBreakerStore,
    restoreBreaker,
    retryAfterOpen,
    shareBreaker,
    slowRatio,
    snapshotOf,
    timeWindow,
  };
}

declare module '@holdfast/circuit-breaker/redis' {
  interface RedisBreakerStoreOptions {
    readonly client: RedisClient;
    readonly quorum?: number | undefined;
    readonly pollMs?: number | undefined;
    readonly prefix?: string | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  function redisBreakerStore(options: RedisBreakerStoreOptions): BreakerStore;
  // Not exported, but part of the types above.
  interface BreakerStore {
    report(circuit: string, instance: string, open: boolean, ttlMs: number): void | PromiseLike<void>;
    subscribe(circuit: string, onVerdict: (verdict: Verdict) => void): () => void;
    leaseProbe(circuit: string, instance: string, leaseMs: number): number | PromiseLike<number>;
  }
  interface Verdict {
    readonly open: boolean;
    readonly remainingMs: number;
  }
  export { RedisBreakerStoreOptions, redisBreakerStore };
}
