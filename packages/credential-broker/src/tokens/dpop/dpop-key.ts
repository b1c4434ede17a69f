import type { KeyObject } from 'node:crypto';
import { generateSigningKey, signingKey, type SigningKey } from '../keys/signing-key.ts';
import { bareJwk } from '../keys/thumbprint.ts';

/** A key whose possession a client proves. */
export interface DpopKey {
  /** The thumbprint of the key (RFC 7638): what tokens are bound to. */
  readonly thumbprint: string;
  readonly alg: SigningKey['alg'];
  /** The public key alone. */
  readonly jwk: JsonWebKey;
  readonly signWith: CryptoKey;
}

/**
 * Makes a key for proofs from a private key of P-256, Ed25519, or RSA with at least 2,048 bits.
 *
 * @param privateKey - PEM text, or a key object
 * @throws {@link TypeError} when it is no such key
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { dpopKey } from '@holdfast/credential-broker';
 *
 * const key = dpopKey(generateKeyPairSync('ed25519').privateKey);
 * console.log(key.thumbprint.length); // 43
 * ```
 */
export function dpopKey(privateKey: KeyObject | string): DpopKey {
  return dpopKeyOf(signingKey(privateKey));
}

/**
 * Makes a fresh key for proofs, which is gone with the process.
 *
 * @param alg - default `ES256`, which every server knows
 * @throws {@link TypeError} when it is another
 *
 * @example
 * ```ts
 * import { createDpopProof, generateDpopKey } from '@holdfast/credential-broker';
 *
 * const proof = await createDpopProof({ key: generateDpopKey(), method: 'GET', url: 'https://api.example/orders' });
 * ```
 */
export function generateDpopKey(alg: 'ES256' | 'EdDSA' | 'RS256' = 'ES256'): DpopKey {
  return dpopKeyOf(generateSigningKey(alg));
}

function dpopKeyOf({ kid, alg, jwk, signWith }: SigningKey): DpopKey {
  return { thumbprint: kid, alg, jwk: bareJwk(jwk ?? {}), signWith };
}
