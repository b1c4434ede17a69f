import type { Introspection } from '../../broker/broker.ts';
import type { TokenClaims } from '../jose/sign-token.ts';
import { tokenTypeOf } from './exchange-response.ts';
import { optional, required } from './parameters.ts';

/** A request to introspect (RFC 7662, section 2.1) or to revoke (RFC 7009, section 2.1) a token. */
export interface TokenRequest {
  readonly token: string;
  /** What the client takes it for; of no consequence. */
  readonly hint: string | undefined;
}

/**
 * Reads the form of an introspection or a revocation. The answer to a revocation is an empty 200, whatever the token.
 *
 * @throws {@link OAuthError} `invalid_request` when there is no token, or more than one
 *
 * @example
 * ```ts
 * import { readTokenRequest } from '@holdfast/credential-broker';
 *
 * console.log(readTokenRequest(new URLSearchParams('token=eyJ')).token); // eyJ
 * ```
 */
export function readTokenRequest(form: URLSearchParams): TokenRequest {
  return { token: required(form, 'token'), hint: optional(form, 'token_type_hint') };
}

/** What others may know of a token. What it carries is none of it. */
const TOLD = ['iss', 'aud', 'sub', 'tid', 'jti', 'iat', 'nbf', 'exp', 'scope', 'rt', 'rn', 'cnf', 'act'];

/**
 * Says what an introspection answers (RFC 7662, section 2.2).
 *
 * @param claims - of a token that is verified, active, and the caller's to know; else nothing, whatever the reason
 *
 * @example
 * ```ts
 * import { introspectionOf } from '@holdfast/credential-broker';
 *
 * console.log(introspectionOf(undefined)); // { active: false }
 * ```
 */
export function introspectionOf(claims: TokenClaims | undefined): Introspection {
  if (claims === undefined) return { active: false };
  const told: TokenClaims = Object.fromEntries(
    TOLD.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]),
  );
  return { ...told, active: true, token_type: tokenTypeOf(claims) };
}
