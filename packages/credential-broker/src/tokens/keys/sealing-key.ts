import { createSecretKey, randomBytes } from 'node:crypto';
import { check, having } from '@holdfast/pipeline';
import type { Secret } from '../../secret/secret.ts';
import { readKeyOptions, type NamedKeyOptions } from './key-options.ts';
import type { ScheduledKey } from './key-schedule.ts';
import { webKey } from './web-key.ts';

/** A key that opens sealed credentials, with the one algorithm that it is used with. */
export interface OpeningKey {
  readonly alg: 'dir' | 'ECDH-ES';
  readonly openWith: CryptoKey;
}

/** A secret key that seals credentials, for those who share it. */
export interface SealingKey extends OpeningKey, ScheduledKey {
  readonly use: 'enc';
  readonly alg: 'dir';
}

/** AES-256. */
const BYTES = 32;

/**
 * Makes a key that seals credentials with AES-256-GCM (`dir`, `A256GCM`). Its nonces are random: replace it before it
 * has sealed four billion (2^32) of them.
 *
 * @param secret - 32 random bytes
 * @throws {@link TypeError} when it is no secret, or has another length, or an option is of the wrong type
 *
 * @example
 * ```ts
 * import { randomBytes } from 'node:crypto';
 * import { sealingKey, Secret } from '@holdfast/credential-broker';
 *
 * const key = sealingKey(new Secret(randomBytes(32)), { kid: 'seal-2026-11' });
 * console.log(key.kid);
 * ```
 */
export function sealingKey(secret: Secret, options: NamedKeyOptions): SealingKey {
  check('sealingKey: secret', secret, having('bytes'));
  return sealingKeyOf(secret.bytes(), options);
}

/**
 * Makes a fresh key that seals credentials, which is gone with the process.
 *
 * @throws {@link TypeError} when an option is of the wrong type
 *
 * @example
 * ```ts
 * import { generateSealingKey, generateSigningKey, keyRing } from '@holdfast/credential-broker';
 *
 * const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
 * console.log(keys.sealer().alg); // dir
 * ```
 */
export function generateSealingKey(options?: NamedKeyOptions): SealingKey {
  return sealingKeyOf(randomBytes(BYTES), options ?? { kid: `seal-${randomBytes(6).toString('base64url')}` });
}

function sealingKeyOf(bytes: Uint8Array, options: NamedKeyOptions): SealingKey {
  const schedule = readKeyOptions('sealingKey', options);
  if (bytes.length !== BYTES) {
    throw new TypeError(`sealingKey: secret must have ${BYTES} bytes, got ${bytes.length}`);
  }
  const openWith = webKey(createSecretKey(bytes), { name: 'AES-GCM' }, ['encrypt', 'decrypt']);
  return { ...schedule, use: 'enc', alg: 'dir', openWith };
}
