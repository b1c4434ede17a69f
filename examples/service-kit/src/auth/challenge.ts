/** Why credentials do not do (RFC 6750, section 3.1). */
export type ChallengeError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/** What a challenge tells. */
export interface Challenge {
  readonly realm: string;
  /** Left out where there were no credentials at all. */
  readonly error?: ChallengeError | undefined;
  readonly description?: string | undefined;
  /** What would be needed. */
  readonly scope?: string | undefined;
  /** Where the metadata of the protected resource is (RFC 9728). */
  readonly resourceMetadata?: string | undefined;
}

/**
 * Writes the header field `WWW-Authenticate` (RFC 6750, section 3).
 *
 * @throws {@link TypeError} when something has characters that a header must not have
 */
export function challenge({ realm, error, description, scope, resourceMetadata }: Challenge): string {
  const parameters = Object.entries({
    realm,
    error,
    error_description: description,
    scope,
    resource_metadata: resourceMetadata,
  });
  const written = parameters.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quote(value)}`],
  );
  return `Bearer ${written.join(', ')}`;
}

function quote(value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw new TypeError('a challenge must be printable ASCII');
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
