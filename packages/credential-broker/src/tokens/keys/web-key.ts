import { createPublicKey, type JsonWebKey as NodeJwk, type KeyObject } from 'node:crypto';
import { bareJwk } from './thumbprint.ts';

/** A key in the form that computes quickest, which cannot be exported. */
export function webKey(key: KeyObject, algorithm: Algorithm, usages: readonly KeyUsage[]): CryptoKey {
  // Node's type knows more usages than the DOM's, which jose takes.
  return key.toCryptoKey(algorithm, false, [...usages]) as CryptoKey;
}

/** The public key alone of what somebody else says is one; nothing for what is none. */
export function readPublicKey(jwk: JsonWebKey): KeyObject | undefined {
  try {
    return createPublicKey({ key: bareJwk(jwk) as NodeJwk, format: 'jwk' });
  } catch {
    return undefined;
  }
}
