import type { KeyObject } from 'node:crypto';
import { thumbprintOf } from './thumbprint.ts';
import { readPublicKey, webKey } from './web-key.ts';

/** The algorithms that tokens are signed with. `HS256` only with a {@link legacySecret}. */
export type SigningAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'HS256';

/** A key that tells whether a token is genuine. Its algorithm is its own: no token chooses it. */
export interface VerificationKey {
  /** The id of the key: the only thing that a token says of it. */
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly verifyWith: CryptoKey;
}

/** Where keys are found by their exact id. */
export interface VerificationKeys {
  find(kid: string): VerificationKey | undefined | PromiseLike<VerificationKey | undefined>;
}

/** A set of keys as it is published (RFC 7517, section 5). */
export interface JwkSet {
  readonly keys: readonly JsonWebKey[];
}

/** What WebCrypto calls the algorithms. */
export const WEB_ALGORITHMS = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  RS256: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
} as const;

/** Below, it can be broken; above, verifying takes too long for keys that anybody may send. */
const RSA_BITS = { min: 2048, max: 8192 };
/** Below, a signature can be made up, with 1 without any key (FIPS 186-5, appendix A.1.1); above, again, it takes too long. */
const RSA_EXPONENT = { min: 65_537n, max: 0xffff_ffffn };

/** The one algorithm that an asymmetric key is used with; nothing for a key that is never used. */
export function algorithmOf(key: KeyObject): keyof typeof WEB_ALGORITHMS | undefined {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ed25519') return 'EdDSA';
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'ES256';
  const isSized = modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max;
  const isSound = publicExponent >= RSA_EXPONENT.min && publicExponent <= RSA_EXPONENT.max;
  return key.asymmetricKeyType === 'rsa' && isSized && isSound ? 'RS256' : undefined;
}

/**
 * A public key that came from elsewhere, as a key to verify with; nothing for what is not one.
 *
 * @param kid - its id. Default the thumbprint of the key, not of the way it is spelled
 */
export function readPublicJwk(jwk: JsonWebKey, kid?: string): VerificationKey | undefined {
  const key = readPublicKey(jwk);
  const alg = key && algorithmOf(key);
  if (key === undefined || alg === undefined) return undefined;
  return { kid: kid ?? thumbprintOf(key.export({ format: 'jwk' })), alg, verifyWith: verifierOf(key, alg) };
}

/** The form of a public key that verifies quickly. */
export function verifierOf(key: KeyObject, alg: keyof typeof WEB_ALGORITHMS): CryptoKey {
  return webKey(key, WEB_ALGORITHMS[alg], ['verify']);
}
