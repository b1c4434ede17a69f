/** The errors of OAuth 2 (RFC 6749, section 5.2; RFC 8693, section 2.2.2; RFC 9449, section 5). */
export type OAuthErrorName =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce';

/**
 * A request to an OAuth endpoint is refused. As JSON it is the body of the answer.
 *
 * @example
 * ```ts
 * import { OAuthError } from '@holdfast/credential-broker';
 *
 * const error = new OAuthError('invalid_scope', 'the scope is wider than that of the token');
 * console.log(error.status, JSON.stringify(error));
 * ```
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly code = 'ERR_BROKER_OAUTH';
  readonly error: OAuthErrorName;

  /** @param description - holds nothing that the client did not send */
  constructor(error: OAuthErrorName, description: string) {
    super(description);
    this.error = error;
  }

  /** The status of the answer. */
  get status(): 400 | 401 {
    return this.error === 'invalid_client' ? 401 : 400;
  }

  toJSON(): { readonly error: OAuthErrorName; readonly error_description: string } {
    return { error: this.error, error_description: this.message };
  }
}
