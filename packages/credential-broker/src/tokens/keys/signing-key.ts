import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readKeyOptions, type KeyOptions } from './key-options.ts';
import type { ScheduledKey } from './key-schedule.ts';
import { thumbprintOf } from './thumbprint.ts';
import { algorithmOf, verifierOf, WEB_ALGORITHMS, type VerificationKey } from './verification-key.ts';
import { webKey } from './web-key.ts';

/** A key that signs tokens, and tells whether it did. */
export interface SigningKey extends VerificationKey, ScheduledKey {
  readonly use: 'sig';
  readonly signWith: CryptoKey;
  /** The public key, to be published; nothing for a {@link legacySecret}. */
  readonly jwk: JsonWebKey | undefined;
}

/**
 * Makes a key for tokens from a private key: Ed25519 for `EdDSA`, P-256 for `ES256`, RSA of at least 2,048 bits for
 * `RS256`.
 *
 * @param privateKey - PEM text, or a key object
 * @throws {@link TypeError} when it is no such key, or an option is of the wrong type
 * @throws {@link RangeError} when an instant is negative
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { signingKey } from '@holdfast/credential-broker';
 *
 * const key = signingKey(generateKeyPairSync('ed25519').privateKey, { kid: '2026-11' });
 * console.log(key.alg); // EdDSA
 * ```
 */
export function signingKey(privateKey: KeyObject | string, options: KeyOptions = {}): SigningKey {
  const key = readPrivateKey(privateKey);
  const alg = key && algorithmOf(key);
  if (key === undefined || alg === undefined) {
    throw new TypeError(
      'signingKey: privateKey must be a private key of Ed25519, P-256, or RSA with at least 2,048 bits and an exponent of at least 65,537',
    );
  }
  const publicKey = createPublicKey(key);
  const jwk = publicKey.export({ format: 'jwk' });
  const schedule = readKeyOptions('signingKey', options, thumbprintOf(jwk));
  return {
    ...schedule,
    use: 'sig',
    alg,
    signWith: webKey(key, WEB_ALGORITHMS[alg], ['sign']),
    verifyWith: verifierOf(publicKey, alg),
    jwk: { ...jwk, kid: schedule.kid, alg, use: 'sig' } as JsonWebKey,
  };
}

/** Nothing for what is no private key; an error of the platform could quote it. */
export function readPrivateKey(key: KeyObject | string): KeyObject | undefined {
  try {
    const read = typeof key === 'string' ? createPrivateKey(key) : key;
    return read.type === 'private' ? read : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Makes a fresh key for tokens, which is gone with the process.
 *
 * @param alg - default `EdDSA`
 * @throws {@link TypeError} when an option is of the wrong type
 *
 * @example
 * ```ts
 * import { generateSigningKey, keyRing } from '@holdfast/credential-broker';
 *
 * const keys = keyRing({ signing: [generateSigningKey()] });
 * console.log(keys.jwks().keys.length); // 1
 * ```
 */
export function generateSigningKey(
  alg: 'EdDSA' | 'ES256' | 'RS256' = 'EdDSA',
  options: KeyOptions = {},
): SigningKey {
  return signingKey(privateKeyFor[alg](), options);
}

const privateKeyFor = {
  EdDSA: () => generateKeyPairSync('ed25519').privateKey,
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 3072 }).privateKey,
};
