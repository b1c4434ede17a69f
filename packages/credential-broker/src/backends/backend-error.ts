/**
 * What went wrong at a backend:
 *
 * - `not-found`: there is no such credential, or it has no such field
 * - `denied`: the backend does not let the broker have it
 * - `quota`: the backend, or the limit that keeps the broker below the backend's, wants fewer requests
 * - `unavailable`: it did not answer, not in time, or with an error of its own
 * - `invalid`: what was asked cannot be asked, or what came back cannot be understood
 */
export type BackendFailure = 'not-found' | 'denied' | 'quota' | 'unavailable' | 'invalid';

/** What the constructor of a {@link BackendError} takes. */
export interface BackendErrorOptions extends ErrorOptions {
  /** When to ask again, in milliseconds from now, where the backend said so. What is no such time counts as not said. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the same call may succeed a moment later. Default: only where the failure is `unavailable`. */
  readonly transient?: boolean | undefined;
}

/**
 * A backend did not give a credential. Its message holds no part of an answer, so it is safe to show.
 *
 * @example
 * ```ts
 * import type { BackendError } from '@holdfast/credential-broker';
 *
 * const isMissing = (error: BackendError) => error.failure === 'not-found';
 * ```
 */
export class BackendError extends Error {
  override readonly name = 'BackendError';
  readonly code = 'ERR_BROKER_BACKEND';
  readonly failure: BackendFailure;
  readonly retryAfterMs: number | undefined;
  readonly transient: boolean;

  constructor(failure: BackendFailure, message: string, options: BackendErrorOptions = {}) {
    super(message, options);
    this.failure = failure;
    const { retryAfterMs = NaN } = options;
    this.retryAfterMs = Number.isFinite(retryAfterMs) && retryAfterMs >= 0 ? retryAfterMs : undefined;
    this.transient = options.transient ?? failure === 'unavailable';
  }
}
