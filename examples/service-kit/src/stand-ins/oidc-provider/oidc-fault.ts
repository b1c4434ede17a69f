/** What goes wrong with a request to the token or revocation endpoint, or before it is answered. */
export interface OidcFault {
  /** Answers with this status. */
  readonly status?: number | undefined;
  /** Answers with this error of OAuth, such as `invalid_grant`. */
  readonly error?: string | undefined;
  /** Waits before anything else, in milliseconds. */
  readonly latencyMs?: number | undefined;
}
