/**
 * Why a flow, a renewal or a revocation failed:
 *
 * - `redirect`: the address to come back to is not on the list
 * - `state`: no such flow was begun in this browser, or it is over, or was used
 * - `denied`: the provider, or the user, said no; see `error`
 * - `response`: what came is not what this provider answers
 * - `grant`: the code or the refresh token is not valid any more
 * - `refused`: the provider refused the request; see `error`
 * - `unavailable`: the provider gave no answer, or could not be reached
 */
export type OAuthClientFailure =
  'redirect' | 'state' | 'denied' | 'response' | 'grant' | 'refused' | 'unavailable';

/**
 * Something of OAuth failed. The message holds nothing that a provider or a browser sent.
 *
 * @example
 * ```ts
 * import type { OAuthClientError } from '@holdfast/credential-broker/oauth';
 *
 * const status = ({ failure }: OAuthClientError) => (failure === 'unavailable' ? 503 : 400);
 * ```
 */
export class OAuthClientError extends Error {
  override readonly name = 'OAuthClientError';
  readonly code = 'ERR_OAUTH_CLIENT';
  readonly failure: OAuthClientFailure;
  /** The error code of the provider (RFC 6749, 4.1.2.1 and 5.2), such as `access_denied`. */
  readonly error: string | undefined;

  constructor(
    failure: OAuthClientFailure,
    message: string,
    options: ErrorOptions & { readonly error?: string | undefined } = {},
  ) {
    super(message, options);
    this.failure = failure;
    this.error = options.error;
  }
}
