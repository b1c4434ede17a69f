import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { OpeningKey } from './sealing-key.ts';
import { readPrivateKey } from './signing-key.ts';
import { thumbprintOf } from './thumbprint.ts';
import { readPublicKey, webKey } from './web-key.ts';

/** What WebCrypto calls the algorithms. */
const X25519 = { name: 'X25519' };
const P256 = { name: 'ECDH', namedCurve: 'P-256' };
type Agreement = typeof X25519 | typeof P256;

/** The key of a workload, to which credentials are sealed so that nobody else can open them. */
export interface WorkloadKey extends OpeningKey {
  readonly alg: 'ECDH-ES';
  /** The public key: what a request says in `sealTo`. */
  readonly jwk: JsonWebKey;
}

/** A public key that credentials are sealed to. */
export interface RecipientKey {
  readonly kid: string;
  readonly alg: 'dir' | 'ECDH-ES';
  readonly sealWith: CryptoKey;
}

/**
 * Makes the key of a workload from a private key for key agreement.
 *
 * @param privateKey - PEM text or a key object, of X25519 or P-256
 * @throws {@link TypeError} when it is neither
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { workloadKey } from '@holdfast/credential-broker';
 *
 * const key = workloadKey(generateKeyPairSync('x25519').privateKey);
 * console.log(key.jwk.crv); // X25519
 * ```
 */
export function workloadKey(privateKey: KeyObject | string): WorkloadKey {
  const key = readPrivateKey(privateKey);
  const algorithm = key && agreementOf(key);
  if (key === undefined || algorithm === undefined) {
    throw new TypeError('workloadKey: privateKey must be a private key of X25519 or P-256');
  }
  return workloadKeyOf(key, algorithm);
}

function workloadKeyOf(key: KeyObject, algorithm: Agreement): WorkloadKey {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  return {
    alg: 'ECDH-ES',
    openWith: webKey(key, algorithm, ['deriveBits']),
    jwk: { ...jwk, kid: thumbprintOf(jwk) } as JsonWebKey,
  };
}

/**
 * Makes a fresh key for a workload, which is gone with the process.
 *
 * @param curve - default `X25519`
 *
 * @example
 * ```ts
 * import { generateWorkloadKey } from '@holdfast/credential-broker';
 *
 * const key = generateWorkloadKey();
 * console.log(key.jwk.kty); // OKP
 * ```
 */
export function generateWorkloadKey(curve: 'X25519' | 'P-256' = 'X25519'): WorkloadKey {
  return curve === 'X25519'
    ? workloadKeyOf(generateKeyPairSync('x25519').privateKey, X25519)
    : workloadKeyOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, P256);
}

/** The key of somebody else to seal to; nothing for what is no public key of X25519 or P-256, and for a private one. */
export function readRecipient(jwk: JsonWebKey): RecipientKey | undefined {
  const key = 'd' in jwk ? undefined : readPublicKey(jwk);
  const algorithm = key && agreementOf(key);
  if (key === undefined || algorithm === undefined) return undefined;
  const kid = thumbprintOf(key.export({ format: 'jwk' }));
  return { kid, alg: 'ECDH-ES', sealWith: webKey(key, algorithm, []) };
}

function agreementOf(key: KeyObject): Agreement | undefined {
  if (key.asymmetricKeyType === 'x25519') return X25519;
  return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? P256 : undefined;
}
