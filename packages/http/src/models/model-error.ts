/** What may go wrong with a call of a model, whoever offers it. */
export type ModelErrorKind =
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

/** What an error of a model API means for whoever guards the call. */
export interface ModelError {
  readonly kind: ModelErrorKind;
  /** Whether the same call of the same provider may succeed later. */
  readonly retryable: boolean;
  /** Whether another provider may answer. */
  readonly failover: boolean;
  /** Whether it speaks against the provider, so that a breaker should count it. */
  readonly countsAsFailure: boolean;
  /** How long the provider asks to be left alone, in milliseconds; `undefined` when it does not say. */
  readonly retryAfterMs: number | undefined;
}

type Verdict = readonly [retryable: boolean, failover: boolean, countsAsFailure: boolean];

/** An account without money answers nobody; a key that is refused may be one caller's alone. */
const VERDICTS: Readonly<Record<ModelErrorKind, Verdict>> = {
  'rate-limited': [true, true, false],
  overloaded: [true, true, true],
  'quota-exhausted': [false, true, true],
  'content-filtered': [false, false, false],
  'invalid-request': [false, false, false],
  authentication: [false, true, false],
  timeout: [true, true, true],
  aborted: [false, false, false],
  server: [true, true, true],
  unknown: [false, true, true],
};

/**
 * What a kind of error means.
 *
 * @param retryAfterMs - how long the provider asks to be left alone, in milliseconds
 *
 * @example
 * ```ts
 * import { modelError } from '@holdfast/http/models';
 *
 * console.assert(modelError('overloaded', 2_000).retryable);
 * ```
 */
export function modelError(kind: ModelErrorKind, retryAfterMs?: number): ModelError {
  const [retryable, failover, countsAsFailure] = VERDICTS[kind];
  return { kind, retryable, failover, countsAsFailure, retryAfterMs };
}
