import { createSecretKey, randomBytes, scrypt, type KeyObject } from 'node:crypto';
import type { Secret } from '../../secret/secret.ts';
import { BackendError } from '../backend-error.ts';
import type { ScryptParameters } from './vault-body.ts';

/** What opens a vault: a passphrase, or a key of 32 bytes. */
export type VaultKey = { readonly passphrase: Secret } | { readonly key: Secret };

/** How much work a passphrase costs. */
export interface ScryptCost {
  /** A power of two from 2^14 to 2^20; memory is 128 × N × r bytes. */
  readonly N: number;
  /** 8 to 16. */
  readonly r: number;
  /** 1 to 8. */
  readonly p: number;
}

/** What new vaults cost: 128 MiB, some 0.3 s. */
export const scryptDefaults: ScryptCost = Object.freeze({ N: 2 ** 17, r: 8, p: 1 });

const within = (value: unknown, min: number, max: number) =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

/** Whether parameters are neither so cheap that they protect nothing nor so dear that they are an attack. */
export const isSoundCost = ({ N, r, p }: Partial<ScryptCost>): boolean =>
  within(N, 2 ** 14, 2 ** 20) &&
  Number.isInteger(Math.log2(Number(N))) &&
  within(r, 8, 16) &&
  within(p, 1, 8);

/** Makes parameters for a new vault, or none for a key that needs none. */
export const newScrypt = (by: VaultKey, { N, r, p }: ScryptCost): ScryptParameters | null =>
  'key' in by ? null : { N, r, p, salt: randomBytes(16).toString('base64url') };

/**
 * Makes the key of a vault.
 *
 * @throws {@link BackendError} `denied`, when the vault is opened by the other kind; `invalid`, when its parameters are out
 * of bounds
 */
export async function deriveKey(by: VaultKey, parameters: ScryptParameters | null): Promise<KeyObject> {
  if ('key' in by) {
    if (parameters !== null)
      throw new BackendError('denied', 'the vault is opened by a passphrase, not by a key');
    return createSecretKey(by.key.bytes());
  }
  if (parameters === null)
    throw new BackendError('denied', 'the vault is opened by a key, not by a passphrase');
  const { N, r, p, salt } = parameters;
  if (!isSoundCost(parameters) || !/^[\w-]{22}$/.test(salt)) {
    throw new BackendError('invalid', 'the scrypt parameters of the vault are out of bounds');
  }
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 2 ** 20 };
  const bytes = await new Promise<Buffer>((resolve, reject) =>
    scrypt(by.passphrase.bytes(), Buffer.from(salt, 'base64url'), 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
