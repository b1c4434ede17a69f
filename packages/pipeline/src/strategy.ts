import type { Hook } from './hook.ts';

/** What an operation is told about the call it serves. */
export interface ExecutionContext {
  /** Aborts when the call is cancelled or runs out of time. Made when first read; never aborts after success. */
  readonly signal: AbortSignal;
  /** Which attempt of the innermost retry or hedge this is, from 1. */
  readonly attempt: number;
  /** What the caller said about the call: host, tenant, tool. Empty when nothing was given. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Milliseconds until the nearest deadline, at least 0; `undefined` without one. */
  remainingMs(): number | undefined;
}

/** The protected piece of work. It may return a value, a promise or any thenable. */
export type Operation<T> = (ctx: ExecutionContext) => T | PromiseLike<T>;

/** What a single call may ask for. */
export interface CallOptions {
  /** Cancels the call; it settles in the turn of the abort, with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the whole call in milliseconds, waits and retries included. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** The context of the call that this one is made for: its deadline, abort and attributes are inherited. */
  readonly within?: ExecutionContext | undefined;
  /** Selects keyed breakers and limits, e.g. `{ host, tenant }`. Default: those of `within`, or none. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
  /** How much the call weighs in limits that count cost, such as tokens. Default 1. */
  readonly cost?: number | undefined;
}

/** What `try` answers. `degraded` says that the value is a substitute, e.g. from a fallback. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly degraded: boolean }
  | { readonly ok: false; readonly error: unknown };

/** A function behind a strategy: the function's own type where nothing widens the result. */
export type Wrapped<F, W> = [W] extends [never]
  ? F
  : F extends (this: infer This, ...args: infer A) => PromiseLike<infer T>
    ? (this: This, ...args: A) => Promise<T | W>
    : never;

/** What a stream operation may return. */
export type StreamSource<T> = AsyncIterable<T> | ReadableStream<T>;

/** How far a stream had come when an attempt at it failed. */
export interface StreamProgress<T> {
  /** How many items the consumer has been given. */
  readonly delivered: number;
  /** The last item given to the consumer. */
  readonly last: T;
}

/** What a call of `stream` may ask for. */
export interface StreamOptions<T> extends CallOptions {
  /** Longest wait for the first item, in milliseconds. Default: none. */
  readonly firstItemMs?: number | undefined;
  /** Longest wait between two items, in milliseconds; the time the consumer takes does not count. Default: none. */
  readonly idleMs?: number | undefined;
  /**
   * Opens the stream again after it broke midway, behind the items already delivered. Without it a stream is never
   * started again once its first item was delivered.
   */
  readonly resume?:
    | ((progress: StreamProgress<T>, ctx: ExecutionContext) => StreamSource<T> | PromiseLike<StreamSource<T>>)
    | undefined;
}

/** The key under which a strategy keeps its hooks, so that packages built apart still fuse. */
export const strategyHooks: unique symbol = Symbol.for('@holdfast/strategy/1') as never;

/** The steps of a strategy, outermost first. */
export interface StrategyHooks<out W> extends ReadonlyArray<Hook> {
  /** Never there: carries the type of what the strategy adds to results. */
  readonly widens?: () => W;
}

/** What a pipeline needs of a strategy, whatever other methods it has. */
export interface Composable<out W = unknown> {
  /** The strategy as steps that a pipeline can fuse. */
  readonly [strategyHooks]: StrategyHooks<W>;
}

/**
 * Something that protects operations. Pipelines are strategies too.
 *
 * @typeParam W - what a fallback adds to the type of the result; `never` for everything else
 */
export interface Strategy<out W = never> extends Composable<W> {
  /** Names the strategy in errors, events and `explain`. */
  readonly name: string;
  /**
   * Runs the operation under protection.
   *
   * @returns what the operation returned
   * @throws the operation's own error untouched, the caller's abort reason, or a typed rejection
   */
  execute<T>(operation: Operation<T>, options?: CallOptions): Promise<T | W>;
  /** Runs the operation under protection and never throws: an error comes back as `{ ok: false, error }`. */
  try<T>(operation: Operation<T>, options?: CallOptions): Promise<Result<T | W>>;
  /** Puts a function behind the strategy; generics, overloads and `this` survive where nothing widens the result. */
  wrap<F extends (...args: never[]) => PromiseLike<unknown>>(fn: F): Wrapped<F, W>;
  /** Makes a protected function from one that takes the execution context first. */
  define<A extends unknown[], T>(
    fn: (ctx: ExecutionContext, ...args: A) => T | PromiseLike<T>,
  ): (...args: A) => Promise<T | W>;
  /** Runs an operation that returns a stream; the outcome is judged when the stream ends, not when it starts. */
  stream<T>(operation: Operation<StreamSource<T>>, options?: StreamOptions<T>): AsyncIterableIterator<T>;
}
