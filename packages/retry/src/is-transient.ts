/** Statuses below 500 that ask for another attempt: request timeout, too early, too many requests (RFC 9110, 8470, 6585). */
const TRANSIENT_STATUSES = new Set([408, 425, 429]);

/** Statuses from 500 that another attempt does not change: not implemented, HTTP version not supported. */
const PERMANENT_STATUSES = new Set([501, 505]);

/**
 * Whether another attempt may mend an error: what {@link retry} goes by unless it is given `retryIf`.
 *
 * Errors with an HTTP status (`status`, `statusCode`, or those of `response`) are judged by it, and an `AbortError` is
 * somebody's decision. Everything else is retried, a `TypeError` too: it is what `fetch` throws for a network that
 * failed, in words that differ from runtime to runtime.
 *
 * @example
 * ```ts
 * import { isTransient } from '@holdfast/retry';
 *
 * console.assert(isTransient({ status: 503 }) && !isTransient({ status: 404 }));
 * ```
 */
export function isTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return true;
  if ('name' in error && error.name === 'AbortError') return false;
  const status = httpStatusOf(error);
  if (status === undefined || status < 400) return true;
  return status >= 500 ? !PERMANENT_STATUSES.has(status) : TRANSIENT_STATUSES.has(status);
}

/** Reads the HTTP status of an error as the usual clients hold it. */
export function httpStatusOf(error: object): number | undefined {
  const { status, statusCode, response } = error as Record<'status' | 'statusCode' | 'response', unknown>;
  if (typeof status === 'number') return status;
  if (typeof statusCode === 'number') return statusCode;
  return typeof response === 'object' && response !== null ? httpStatusOf(response) : undefined;
}
