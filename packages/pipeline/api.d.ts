// The public API of @holdfast/pipeline, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/pipeline' {
  interface Attempt {
    readonly result: Promise<unknown>;
    end(reason: unknown): void;
  }
  class BaseStrategy<out W = never> implements Strategy<W> {
    readonly name: string;
    readonly [strategyHooks]: StrategyHooks<W>;
    constructor(name: string, hooks: readonly Hook[]);
    execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W>;
    try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>>;
    wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Wrapped<F, W>;
    define<A extends unknown[], T>(
      fn: (ctx: ExecutionContext, ...args: A) => T | PromiseLike<T>,
    ): (...args: A) => Promise<T | W>;
    stream<T>(operation: Operation<StreamSource<T>>, options?: StreamOptions<T>): AsyncIterableIterator<T>;
  }
  interface Call extends ExecutionContext {
    readonly cost: number;
    readonly ended: boolean;
    readonly committed: boolean;
    end(scope: number, reason: unknown, strict: boolean): void;
    onEnd(listener: (reason: unknown) => void): () => void;
    readonly respondedAtMs: number | undefined;
    commit(resumable: boolean): void;
    degrade(): void;
  }
  interface CallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly within?: ExecutionContext | undefined;
    readonly attributes?: Readonly<Record<string, string>> | undefined;
    readonly cost?: number | undefined;
  }
  interface Clock {
    now(): number;
    wallNow(): number;
    setTimer(callback: () => void, delayMs: number): Timer;
    readonly sharedTimers: boolean;
  }
  interface Composable<out W = unknown> {
    readonly [strategyHooks]: StrategyHooks<W>;
  }
  interface DriverHook {
    readonly kind: 'driver';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    run(call: Call, start: Start): PromiseLike<unknown>;
  }
  interface Emitter<
    E extends {
      readonly type: string;
    },
  > extends EventSource<E> {
    readonly active: boolean;
    emit(event: E): void;
  }
  interface EventSource<
    E extends {
      readonly type: string;
    },
  > {
    on<T extends E['type']>(
      type: T,
      listener: (
        event: Extract<
          E,
          {
            readonly type: T;
          }
        >,
      ) => void,
    ): () => void;
    subscribe(listener: (event: E) => void): () => void;
  }
  interface ExecutionContext {
    readonly signal: AbortSignal;
    readonly attempt: number;
    readonly attributes: Readonly<Record<string, string>>;
    remainingMs(): number | undefined;
  }
  interface Expiry extends ScopeHandle {
    readonly call: Call;
    readonly scope: number;
    readonly dueAtMs: number;
  }
  interface ExpiryQueue {
    add(call: Call, scope: number): Expiry;
    remove(expiry: Expiry): void;
  }
  interface ExplainedStep {
    readonly type: string;
    readonly name: string;
    readonly kind: Hook['kind'];
  }
  interface Explanation {
    readonly steps: readonly ExplainedStep[];
    readonly warnings: readonly string[];
    toString(): string;
  }
  interface ForeignStrategy {
    execute<T>(operation: () => T | PromiseLike<T>): PromiseLike<T>;
  }
  interface GateHook {
    readonly kind: 'gate';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    admit(call: Call): Permit | Rejection | PromiseLike<Permit | Rejection>;
    settle(permit: Permit, outcome: Outcome, result: unknown, call: Call): void;
    toError(rejection: Rejection): Error;
  }
  abstract class HoldfastError extends Error implements Rejection {
    abstract readonly code: string;
    readonly strategy: string;
    readonly retryAfterMs: number | undefined;
    constructor(message: string, options: HoldfastErrorOptions);
  }
  interface HoldfastErrorOptions {
    readonly strategy: string;
    readonly retryAfterMs?: number | undefined;
    readonly captureStack?: boolean | undefined;
  }
  type Hook = GateHook | ScopeHook | RecoveryHook | DriverHook;
  type ListenerErrorHandler = (error: unknown) => void;
  type Operation<T> = (ctx: ExecutionContext) => T | PromiseLike<T>;
  type Outcome = 'success' | 'failure' | 'ignored';
  type Permit = number | object;
  interface RecoveryHook {
    readonly kind: 'recovery';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    accept?(value: unknown, call: Call): boolean;
    recover(settled: Settled, call: Call, start: Start): PromiseLike<unknown>;
  }
  interface Rejection {
    readonly code: string;
    readonly strategy: string;
    readonly retryAfterMs: number | undefined;
  }
  type Result<T> =
    | {
        readonly ok: true;
        readonly value: T;
        readonly degraded: boolean;
      }
    | {
        readonly ok: false;
        readonly error: unknown;
      };
  type Rule = (value: unknown) => string | undefined;
  type Rules<O> = {
    readonly [K in keyof O]-?: Rule;
  };
  interface ScopeHandle {
    readonly dueAtMs?: number;
  }
  interface ScopeHook {
    readonly kind: 'scope';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    readonly strict: boolean;
    enter(call: Call, scope: number): ScopeHandle | undefined;
    exit(handle: ScopeHandle | undefined): void;
  }
  type Settled =
    | {
        readonly ok: true;
        readonly value: unknown;
      }
    | {
        readonly ok: false;
        readonly error: unknown;
      };
  type Start = (attempt: number, onCommit?: () => void) => Attempt;
  interface Strategy<out W = never> extends Composable<W> {
    readonly name: string;
    execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W>;
    try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>>;
    wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Wrapped<F, W>;
    define<A extends unknown[], T>(
      fn: (ctx: ExecutionContext, ...args: A) => T | PromiseLike<T>,
    ): (...args: A) => Promise<T | W>;
    stream<T>(operation: Operation<StreamSource<T>>, options?: StreamOptions<T>): AsyncIterableIterator<T>;
  }
  interface StrategyHooks<out W> extends ReadonlyArray<Hook> {
    readonly widens?: () => W;
  }
  interface StreamOptions<T> extends CallOptions {
    readonly firstItemMs?: number | undefined;
    readonly idleMs?: number | undefined;
    readonly resume?:
      | ((
          progress: StreamProgress<T>,
          ctx: ExecutionContext,
        ) => StreamSource<T> | PromiseLike<StreamSource<T>>)
      | undefined;
  }
  interface StreamProgress<T> {
    readonly delivered: number;
    readonly last: T;
  }
  type StreamSource<T> = AsyncIterable<T> | ReadableStream<T>;
  class TimeoutError extends HoldfastError {
    readonly name = 'TimeoutError';
    readonly code = 'ERR_TIMEOUT';
    readonly timeoutMs: number;
    constructor(timeoutMs: number, options: HoldfastErrorOptions);
  }
  interface Timer {
    cancel(): void;
    ref(): void;
    unref(): void;
  }
  type WidenedBy<S> = S extends Composable<infer W> ? W : never;
  type Wrapped<F, W> = [W] extends [never]
    ? F
    : F extends (this: infer This, ...args: infer A) => PromiseLike<infer T>
      ? (this: This, ...args: A) => Promise<T | W>
      : never;
  function check(name: string, value: unknown, rule: Rule): void;
  function createEmitter<
    E extends {
      readonly type: string;
    },
  >(onListenerError?: ListenerErrorHandler): Emitter<E>;
  function createExpiryQueue(clock: Clock, delayMs: number, expire: (expiry: Expiry) => void): ExpiryQueue;
  function defineStrategy<W = never>(name: string, hooks: Hook | readonly Hook[]): Strategy<W>;
  function either(...rules: readonly Rule[]): Rule;
  function explain(strategy: Composable): Explanation;
  function having(...methods: readonly string[]): Rule;
  function integer(min: number, max?: number): Rule;
  function isAdmissionRejection(value: unknown): value is Rejection;
  function isRejection(value: unknown): value is Rejection;
  function isTimeout(value: unknown): value is TimeoutError;
  function number(min: number, max?: number): Rule;
  function oneOf(...choices: readonly string[]): Rule;
  function pipeline<const S extends readonly (Composable | ForeignStrategy)[]>(
    ...strategies: S
  ): Strategy<WidenedBy<S[number]>>;
  function readOptions<O extends object, D extends Partial<O>>(
    owner: string,
    options: O,
    rules: Rules<O>,
    defaults: D,
  ): Readonly<O & D>;
  function rejection(code: string, strategy: string, retryAfterMs?: number): Rejection;
  function reportListenerError(handler: ListenerErrorHandler, error: unknown): void;
  function sleep(delayMs: number, call: Pick<Call, 'onEnd'>, clock: Clock): Promise<void>;
  const strategyHooks: unique symbol;
  const systemClock: Clock;
  function type(name: 'function' | 'string' | 'boolean' | 'object'): Rule;
  export {
    Attempt,
    BaseStrategy,
    Call,
    CallOptions,
    Clock,
    Composable,
    DriverHook,
    Emitter,
    EventSource,
    ExecutionContext,
    Expiry,
    ExpiryQueue,
    ExplainedStep,
    Explanation,
    ForeignStrategy,
    GateHook,
    HoldfastError,
    HoldfastErrorOptions,
    Hook,
    ListenerErrorHandler,
    Operation,
    Outcome,
    Permit,
    RecoveryHook,
    Rejection,
    Result,
    Rule,
    Rules,
    ScopeHandle,
    ScopeHook,
    Settled,
    Start,
    Strategy,
    StrategyHooks,
    StreamOptions,
    StreamProgress,
    StreamSource,
    TimeoutError,
    Timer,
    WidenedBy,
    Wrapped,
    check,
    createEmitter,
    createExpiryQueue,
    defineStrategy,
    either,
    explain,
    having,
    integer,
    isAdmissionRejection,
    isRejection,
    isTimeout,
    number,
    oneOf,
    pipeline,
    readOptions,
    rejection,
    reportListenerError,
    sleep,
    strategyHooks,
    systemClock,
    type,
  };
}

declare module '@holdfast/pipeline/cli' {
  interface Command<T> {
    readonly name: string;
    readonly summary: string;
    readonly args: string;
    readonly arity: readonly [number, number];
    readonly options: Readonly<Record<string, CommandOption>>;
    readonly about: string;
    readonly examples: readonly (readonly [string, string])[];
    run(args: CommandArgs, terminal: T): Promise<number | void>;
  }
  interface CommandArgs {
    readonly positionals: readonly string[];
    has(name: string): boolean;
    value(name: string): string | undefined;
    values(name: string): readonly string[];
  }
  interface CommandOption {
    readonly description: string;
    readonly value?: string;
    readonly multiple?: boolean;
  }
  interface OutputStreams {
    readonly stdout: NodeJS.WritableStream;
    readonly stderr: NodeJS.WritableStream;
  }
  interface Program<T> {
    readonly name: string;
    readonly summary: string;
    readonly usage: string;
    readonly commands: readonly Command<T>[];
    readonly options: Readonly<Record<string, CommandOption>>;
    readonly about: Readonly<Record<string, string>>;
    readonly examples: Command<T>['examples'];
    readonly exitCodes: Readonly<Record<number, string>>;
  }
  class UsageError extends Error {
    readonly name = 'UsageError';
    readonly code = 'ERR_USAGE';
  }
  function readArgs(command: Shape, argv: readonly string[]): CommandArgs;
  function runOn(
    { stdout, stderr }: OutputStreams,
    run: (unread: AbortSignal) => Promise<number>,
  ): Promise<number>;
  function runProgram<
    T extends {
      line(text: string): void;
    },
  >(program: Program<T>, argv: readonly string[], terminal: T): Promise<number>;
  // Not exported, but part of the types above.
  type Shape = Pick<Command<never>, 'name' | 'args' | 'arity' | 'options'>;
  export {
    Command,
    CommandArgs,
    CommandOption,
    OutputStreams,
    Program,
    UsageError,
    readArgs,
    runOn,
    runProgram,
  };
}

declare module '@holdfast/pipeline/node' {
  function ambient<W>(strategy: Strategy<W>): Strategy<W>;
  function currentContext(): ExecutionContext | undefined;
  function runWithin<T>(ctx: ExecutionContext, fn: () => T): T;
  // Not exported, but part of the types above.
  interface Attempt {
    readonly result: Promise<unknown>;
    end(reason: unknown): void;
  }
  interface Call extends ExecutionContext {
    readonly cost: number;
    readonly ended: boolean;
    readonly committed: boolean;
    end(scope: number, reason: unknown, strict: boolean): void;
    onEnd(listener: (reason: unknown) => void): () => void;
    readonly respondedAtMs: number | undefined;
    commit(resumable: boolean): void;
    degrade(): void;
  }
  interface CallOptions {
    readonly signal?: AbortSignal | undefined;
    readonly timeoutMs?: number | undefined;
    readonly within?: ExecutionContext | undefined;
    readonly attributes?: Readonly<Record<string, string>> | undefined;
    readonly cost?: number | undefined;
  }
  interface Clock {
    now(): number;
    wallNow(): number;
    setTimer(callback: () => void, delayMs: number): Timer;
    readonly sharedTimers: boolean;
  }
  interface Composable<out W = unknown> {
    readonly [strategyHooks]: StrategyHooks<W>;
  }
  interface DriverHook {
    readonly kind: 'driver';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    run(call: Call, start: Start): PromiseLike<unknown>;
  }
  interface ExecutionContext {
    readonly signal: AbortSignal;
    readonly attempt: number;
    readonly attributes: Readonly<Record<string, string>>;
    remainingMs(): number | undefined;
  }
  interface GateHook {
    readonly kind: 'gate';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    admit(call: Call): Permit | Rejection | PromiseLike<Permit | Rejection>;
    settle(permit: Permit, outcome: Outcome, result: unknown, call: Call): void;
    toError(rejection: Rejection): Error;
  }
  type Hook = GateHook | ScopeHook | RecoveryHook | DriverHook;
  type Operation<T> = (ctx: ExecutionContext) => T | PromiseLike<T>;
  type Outcome = 'success' | 'failure' | 'ignored';
  type Permit = number | object;
  interface RecoveryHook {
    readonly kind: 'recovery';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    accept?(value: unknown, call: Call): boolean;
    recover(settled: Settled, call: Call, start: Start): PromiseLike<unknown>;
  }
  interface Rejection {
    readonly code: string;
    readonly strategy: string;
    readonly retryAfterMs: number | undefined;
  }
  type Result<T> =
    | {
        readonly ok: true;
        readonly value: T;
        readonly degraded: boolean;
      }
    | {
        readonly ok: false;
        readonly error: unknown;
      };
  interface ScopeHandle {
    readonly dueAtMs?: number;
  }
  interface ScopeHook {
    readonly kind: 'scope';
    readonly name: string;
    readonly type?: string;
    readonly clock?: Clock;
    readonly strict: boolean;
    enter(call: Call, scope: number): ScopeHandle | undefined;
    exit(handle: ScopeHandle | undefined): void;
  }
  type Settled =
    | {
        readonly ok: true;
        readonly value: unknown;
      }
    | {
        readonly ok: false;
        readonly error: unknown;
      };
  type Start = (attempt: number, onCommit?: () => void) => Attempt;
  interface Strategy<out W = never> extends Composable<W> {
    readonly name: string;
    execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W>;
    try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>>;
    wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Wrapped<F, W>;
    define<A extends unknown[], T>(
      fn: (ctx: ExecutionContext, ...args: A) => T | PromiseLike<T>,
    ): (...args: A) => Promise<T | W>;
    stream<T>(operation: Operation<StreamSource<T>>, options?: StreamOptions<T>): AsyncIterableIterator<T>;
  }
  interface StrategyHooks<out W> extends ReadonlyArray<Hook> {
    readonly widens?: () => W;
  }
  interface StreamOptions<T> extends CallOptions {
    readonly firstItemMs?: number | undefined;
    readonly idleMs?: number | undefined;
    readonly resume?:
      | ((
          progress: StreamProgress<T>,
          ctx: ExecutionContext,
        ) => StreamSource<T> | PromiseLike<StreamSource<T>>)
      | undefined;
  }
  interface StreamProgress<T> {
    readonly delivered: number;
    readonly last: T;
  }
  type StreamSource<T> = AsyncIterable<T> | ReadableStream<T>;
  interface Timer {
    cancel(): void;
    ref(): void;
    unref(): void;
  }
  type Wrapped<F, W> = [W] extends [never]
    ? F
    : F extends (this: infer This, ...args: infer A) => PromiseLike<infer T>
      ? (this: This, ...args: A) => Promise<T | W>
      : never;
  const strategyHooks: unique symbol;
  export { ambient, currentContext, runWithin };
}

declare module '@holdfast/pipeline/redis' {
  interface IoredisLike {
    eval(script: string, keyCount: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
    evalsha(sha: string, keyCount: number, ...keysAndArguments: string[]): PromiseLike<unknown>;
  }
  interface NodeRedisEvalOptions {
    keys: string[];
    arguments: string[];
  }
  interface NodeRedisLike {
    eval(script: string, options: NodeRedisEvalOptions): PromiseLike<unknown>;
    evalSha(sha: string, options: NodeRedisEvalOptions): PromiseLike<unknown>;
  }
  type RedisClient = IoredisLike | NodeRedisLike;
  interface RedisScript {
    run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  }
  function createRedisScript(client: RedisClient, source: string): RedisScript;
  export { IoredisLike, NodeRedisEvalOptions, NodeRedisLike, RedisClient, RedisScript, createRedisScript };
}

declare module '@holdfast/pipeline/testing' {
  interface EventRecorder<
    E extends {
      readonly type: string;
    },
  > {
    readonly events: readonly E[];
    readonly types: readonly E['type'][];
    stop(): void;
  }
  interface ManualClock extends Clock {
    readonly pendingTimers: number;
    readonly refedTimers: number;
    advance(ms: number): Promise<void>;
    run(untilMs?: number): Promise<void>;
    jumpWall(ms: number): void;
  }
  interface ManualClockOptions {
    readonly startMs?: number;
    readonly wallStartMs?: number;
    readonly sharedTimers?: boolean;
  }
  interface ScriptStep<T> {
    readonly value?: T;
    readonly error?: unknown;
    readonly afterMs?: number;
  }
  interface ScriptedOperation<T> extends Operation<T> {
    readonly calls: readonly ExecutionContext[];
  }
  function manualClock(options?: ManualClockOptions): ManualClock;
  function recordEvents<
    E extends {
      readonly type: string;
    },
  >(source: EventSource<E>): EventRecorder<E>;
  function script<T>(clock: Clock, ...steps: readonly ScriptStep<T>[]): ScriptedOperation<T>;
  function seededRandom(seed: number): () => number;
  // Not exported, but part of the types above.
  interface Clock {
    now(): number;
    wallNow(): number;
    setTimer(callback: () => void, delayMs: number): Timer;
    readonly sharedTimers: boolean;
  }
  interface EventSource<
    E extends {
      readonly type: string;
    },
  > {
    on<T extends E['type']>(
      type: T,
      listener: (
        event: Extract<
          E,
          {
            readonly type: T;
          }
        >,
      ) => void,
    ): () => void;
    subscribe(listener: (event: E) => void): () => void;
  }
  interface ExecutionContext {
    readonly signal: AbortSignal;
    readonly attempt: number;
    readonly attributes: Readonly<Record<string, string>>;
    remainingMs(): number | undefined;
  }
  type Operation<T> = (ctx: ExecutionContext) => T | PromiseLike<T>;
  interface Timer {
    cancel(): void;
    ref(): void;
    unref(): void;
  }
  export {
    EventRecorder,
    ManualClock,
    ManualClockOptions,
    ScriptStep,
    ScriptedOperation,
    manualClock,
    recordEvents,
    script,
    seededRandom,
  };
}
