import { SignJWT } from 'jose';
import type { SigningKey } from '../keys/signing-key.ts';

/** What a token says (RFC 7519). */
export type TokenClaims = Readonly<Record<string, unknown>>;

/**
 * Signs claims.
 *
 * @param key - e.g. the `signer()` of a {@link keyRing}
 * @param type - what kind of token it is, e.g. `at+jwt`: a verifier takes no other
 *
 * @example
 * ```ts
 * import { generateSigningKey, signToken } from '@holdfast/credential-broker';
 *
 * const claims = { iss: 'https://broker.example', aud: 'api', sub: 'agent-1', iat: 1_767_225_600, exp: 1_767_225_900 };
 * const token = await signToken(generateSigningKey(), 'at+jwt', claims);
 * ```
 */
export function signToken(key: SigningKey, type: string, claims: TokenClaims): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, typ: type }).sign(key.signWith);
}
