import { createHash } from 'node:crypto';

/** What makes a key of each type, in the order of the alphabet (RFC 7638, section 3.2). */
const MEMBERS: Readonly<Record<string, readonly (keyof JsonWebKey)[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/** The public key alone: what the thumbprint is of, and nothing else. */
export function bareJwk(jwk: JsonWebKey): JsonWebKey {
  return Object.fromEntries((MEMBERS[jwk.kty ?? ''] ?? []).map((name) => [name, jwk[name]]));
}

/**
 * The SHA-256 thumbprint of a public key (RFC 7638), in base64url.
 *
 * @param jwk - as exported by a `KeyObject`, whose numbers are in canonical form
 */
export function thumbprintOf(jwk: JsonWebKey): string {
  return createHash('sha256')
    .update(JSON.stringify(bareJwk(jwk)))
    .digest('base64url');
}
