import { httpStatusOf, isTransient } from './is-transient.ts';
import type { RetryOptions } from './options.ts';

/**
 * Options for what crosses a network: 3 attempts, delays that grow from 1 s.
 *
 * @example
 * ```ts
 * import { networkOperation, retry } from '@holdfast/retry';
 *
 * const resolve = retry(networkOperation);
 * ```
 */
export const networkOperation = Object.freeze({
  maxAttempts: 3,
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
}) satisfies RetryOptions;

/**
 * Options for calls of remote APIs: 5 attempts, delays that grow from 2 s.
 *
 * @example
 * ```ts
 * import { apiCall, retry } from '@holdfast/retry';
 *
 * const orders = retry({ ...apiCall, name: 'orders' });
 * ```
 */
export const apiCall = Object.freeze({
  maxAttempts: 5,
  baseDelayMs: 2_000,
  maxDelayMs: 60_000,
}) satisfies RetryOptions;

/** Codes with which AWS services say that a later attempt may succeed. */
const AWS_TRANSIENT = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'IDPCommunicationError',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'InternalServerException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TimeoutError',
  'TransactionInProgressException',
]);

/** How Node and undici name the failures of a network, e.g. ECONNRESET. */
const NETWORK_CODE = /^(E[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/**
 * Whether another attempt may mend an error of an AWS client: throttling, a failing service, or the network.
 *
 * @example
 * ```ts
 * import { isAwsTransient } from '@holdfast/retry';
 *
 * console.assert(isAwsTransient({ name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }));
 * ```
 */
export function isAwsTransient(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, Code, $retryable, $metadata } = error as Readonly<Record<string, unknown>>;
  if ([name, code, Code].some((it) => typeof it === 'string' && AWS_TRANSIENT.has(it))) return true;
  if ($retryable !== undefined) return true;
  const status =
    ($metadata as { httpStatusCode?: number } | undefined)?.httpStatusCode ?? httpStatusOf(error);
  return status === undefined ? typeof code === 'string' && NETWORK_CODE.test(code) : isTransient({ status });
}

/**
 * Options for calls of AWS services, as their SDKs make them: 3 retries, delays that grow from 1 s to 60 s, and only
 * after throttling, a failing service or network. Switch the retries of the SDK itself off (`maxAttempts: 1`).
 *
 * @example
 * ```ts
 * import { awsCall, quotaBudget, retry } from '@holdfast/retry';
 *
 * const s3 = retry({ ...awsCall, budget: quotaBudget() });
 * ```
 */
export const awsCall = Object.freeze({
  maxAttempts: 4,
  baseDelayMs: 1_000,
  maxDelayMs: 60_000,
  retryIf: isAwsTransient,
}) satisfies RetryOptions;
