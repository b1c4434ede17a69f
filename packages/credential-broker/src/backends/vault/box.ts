import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

const bind = (about: readonly unknown[]) => Buffer.from(JSON.stringify(about));

/**
 * Encrypts with AES-256-GCM under a nonce of its own (NIST SP 800-38D, 8.2.2).
 *
 * @param about - what the text is; the box opens for nothing else
 * @returns nonce, ciphertext and tag in base64url
 */
export function closeBox(key: KeyObject, about: readonly unknown[], text: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bind(about));
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** Decrypts; nothing where the box is not what it is taken for, or the key is another. */
export function openBox(key: KeyObject, about: readonly unknown[], box: string): Buffer | undefined {
  const bytes = Buffer.from(box, 'base64url');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bind(about)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]);
  } catch {
    return undefined;
  } finally {
    text.fill(0);
  }
}
