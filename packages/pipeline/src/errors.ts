/** Why an operation was not started: the plain form of an admission rejection. Frozen. */
export interface Rejection {
  /** Which kind of rejection this is, e.g. `ERR_CIRCUIT_OPEN`. */
  readonly code: string;
  /** The name of the strategy that rejected. */
  readonly strategy: string;
  /** In how many milliseconds a new call may be admitted; `undefined` when that cannot be known. */
  readonly retryAfterMs: number | undefined;
}

/** What the constructor of a {@link HoldfastError} takes. */
export interface HoldfastErrorOptions {
  /** The name of the strategy that throws. */
  readonly strategy: string;
  /** In how many milliseconds a new call may be admitted. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the error carries a stack trace, which costs about 3 µs. Default `false`. */
  readonly captureStack?: boolean | undefined;
}

/**
 * What every error thrown by a strategy derives from. Tell them apart by `code`, which also works when two copies of
 * a package are installed; the guards ({@link isTimeout} and its like) do.
 *
 * @example
 * ```ts
 * import { HoldfastError } from '@holdfast/pipeline';
 *
 * class PoolEmptyError extends HoldfastError {
 *   override readonly name = 'PoolEmptyError';
 *   readonly code = 'ERR_POOL_EMPTY';
 * }
 * ```
 */
export abstract class HoldfastError extends Error implements Rejection {
  abstract readonly code: string;
  readonly strategy: string;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: HoldfastErrorOptions) {
    const limit = Error.stackTraceLimit;
    // Two thirds of the price of a rejection is its stack trace, which only ever shows this library.
    const stackless = options.captureStack !== true && setStackTraceLimit(0);
    super(message);
    if (stackless) setStackTraceLimit(limit);
    this.strategy = options.strategy;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** @returns false where the limit cannot be set (frozen intrinsics) */
function setStackTraceLimit(limit: number): boolean {
  try {
    Error.stackTraceLimit = limit;
    return true;
  } catch {
    return false;
  }
}

/**
 * An operation took longer than it was given: its own timeout or the deadline of the whole call.
 *
 * @example
 * ```ts
 * import type { TimeoutError } from '@holdfast/pipeline';
 *
 * const describe = ({ strategy, timeoutMs }: TimeoutError) => `${strategy} waited for ${timeoutMs} ms`;
 * ```
 */
export class TimeoutError extends HoldfastError {
  override readonly name = 'TimeoutError';
  readonly code = 'ERR_TIMEOUT';
  /** The milliseconds that were given. */
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options: HoldfastErrorOptions) {
    super(`${options.strategy} timed out after ${timeoutMs} ms`, options);
    this.timeoutMs = timeoutMs;
  }
}

/**
 * Whether a value is a rejection of any kind: an error of a strategy, or the plain object that `try` returns.
 *
 * @example
 * ```ts
 * import { isRejection } from '@holdfast/pipeline';
 *
 * const seconds = (error: unknown) => (isRejection(error) ? Math.ceil((error.retryAfterMs ?? 0) / 1000) : 0);
 * ```
 */
export function isRejection(value: unknown): value is Rejection {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Rejection>).code === 'string' &&
    typeof (value as Partial<Rejection>).strategy === 'string' &&
    'retryAfterMs' in value
  );
}

/**
 * Whether a value says that an operation ran out of time.
 *
 * @example
 * ```ts
 * import { isTimeout } from '@holdfast/pipeline';
 *
 * const status = (error: unknown) => (isTimeout(error) ? 504 : 502);
 * ```
 */
export function isTimeout(value: unknown): value is TimeoutError {
  return isRejection(value) && value.code === 'ERR_TIMEOUT';
}

/**
 * Whether a value says that an operation was refused before it started (circuit open, bulkhead full, rate limited),
 * so that it is safe to make the call elsewhere.
 *
 * @example
 * ```ts
 * import { isAdmissionRejection } from '@holdfast/pipeline';
 *
 * const safeToFailOver = (error: unknown) => isAdmissionRejection(error);
 * ```
 */
export function isAdmissionRejection(value: unknown): value is Rejection {
  return isRejection(value) && value.code !== 'ERR_TIMEOUT';
}

/**
 * Makes the plain form of an admission rejection, for a gate of your own.
 *
 * @example
 * ```ts
 * import { rejection } from '@holdfast/pipeline';
 *
 * const closed = rejection('ERR_SHOP_CLOSED', 'shop', 60_000);
 * ```
 */
export function rejection(code: string, strategy: string, retryAfterMs?: number): Rejection {
  return Object.freeze({ code, strategy, retryAfterMs });
}
