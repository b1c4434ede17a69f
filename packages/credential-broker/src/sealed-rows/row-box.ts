import { randomBytes } from 'node:crypto';
import { TokenError } from '../tokens/token-error.ts';
import type { SealingKey } from '../tokens/keys/sealing-key.ts';
import type { SealedRowName } from './sealed-row.ts';

/** The keys that rows are encrypted with; a `KeyRing` has them. */
export interface SealingKeys {
  /** The one that new rows are encrypted with. */
  sealer(): SealingKey;
  /** The one with an id, if rows encrypted with it may still be opened. */
  findSealing(kid: string): SealingKey | undefined;
}

const NONCE_BYTES = 12;

/** What a box is bound to: moved to another row, tenant or key it does not open. */
const algorithm = (kid: string, { kind, tenant, id }: SealedRowName, nonce: Uint8Array<ArrayBuffer>) => ({
  name: 'AES-GCM',
  iv: nonce,
  additionalData: Buffer.from(JSON.stringify([kid, kind, tenant, id])),
});

/** Encrypts the content of a row: the id of the key, then nonce, ciphertext and tag (NIST SP 800-38D). */
export async function closeRow(keys: SealingKeys, name: SealedRowName, content: string): Promise<string> {
  const { kid, openWith } = keys.sealer();
  const nonce = Uint8Array.from(randomBytes(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(algorithm(kid, name, nonce), openWith, Buffer.from(content));
  return `${kid}.${Buffer.concat([nonce, Buffer.from(sealed)]).toString('base64url')}`;
}

/**
 * Decrypts the content of a row.
 *
 * @throws {@link TokenError} `key` when its key is gone, `sealed` when it is not this row's
 */
export async function openRow(keys: SealingKeys, name: SealedRowName, box: string): Promise<string> {
  // An id of a key may hold a dot, what follows it cannot.
  const end = box.lastIndexOf('.');
  const kid = box.slice(0, Math.max(0, end));
  const key = keys.findSealing(kid);
  if (key === undefined) throw new TokenError('key', 'the key that the row was encrypted with is gone');
  const bytes = Uint8Array.from(Buffer.from(box.slice(end + 1), 'base64url'));
  const nonce = bytes.slice(0, NONCE_BYTES);
  try {
    const content = await crypto.subtle.decrypt(
      algorithm(kid, name, nonce),
      key.openWith,
      bytes.slice(NONCE_BYTES),
    );
    return Buffer.from(content).toString();
  } catch {
    throw new TokenError('sealed', 'the row does not open');
  }
}
