import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { check } from '@holdfast/pipeline';
import { publicBytesOf } from './ed25519.ts';
import { keyIdOf, SIGNATURE_TYPE } from './key-id.ts';
import { keyNameRule } from './key-name.ts';

/**
 * A key that signs: the one of this package, or your own that asks a key service. It has no name; each log that it
 * signs for names it after itself.
 */
export interface Signer {
  /** The Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs bytes with Ed25519 (RFC 8032); 64 bytes. */
  sign(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** A key with the name under which it signs notes. */
export interface NoteSigner {
  /** The name of the key; that of a log is its origin. */
  readonly name: string;
  /** The ID of the key: 32 bits that tell keys of one name apart. */
  readonly keyId: number;
  /** Signs the text of a note. */
  sign(text: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/**
 * Makes a signer from an Ed25519 private key: a `KeyObject` or PEM text.
 *
 * @throws {@link TypeError} when the key is not an Ed25519 private key
 *
 * @example
 * ```ts
 * import { generateKeyPairSync } from 'node:crypto';
 * import { createSigner } from '@holdfast/audit';
 *
 * const signer = createSigner(generateKeyPairSync('ed25519').privateKey);
 * console.log(signer.publicKey.length); // 32
 * ```
 */
export function createSigner(privateKey: KeyObject | string): Signer {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey;
  if (key.type !== 'private' || key.asymmetricKeyType !== 'ed25519') {
    throw new TypeError('createSigner: privateKey must be an Ed25519 private key');
  }
  return signerOf(key);
}

function signerOf(key: KeyObject): Signer {
  return { publicKey: publicBytesOf(key), sign: (message) => sign(null, message, key) };
}

/**
 * Makes a signer with a fresh key that nobody else knows and that is gone with the process.
 *
 * @example
 * ```ts
 * import { generateSigner, vkeyOf } from '@holdfast/audit';
 *
 * console.log(vkeyOf('audit.example/test', generateSigner())); // audit.example/test+…
 * ```
 */
export function generateSigner(): Signer {
  return signerOf(generateKeyPairSync('ed25519').privateKey);
}

/**
 * Names a key, so that it can sign notes.
 *
 * @throws {@link TypeError} when the name has spaces or plus signs
 *
 * @example
 * ```ts
 * import { generateSigner, noteSigner, signNote } from '@holdfast/audit';
 *
 * const note = await signNote('all is well\n', [noteSigner('audit.example/test', generateSigner())]);
 * ```
 */
export function noteSigner(name: string, signer: Signer): NoteSigner {
  check('noteSigner: name', name, keyNameRule);
  return {
    name,
    keyId: keyIdOf(name, SIGNATURE_TYPE.ed25519, signer.publicKey),
    sign: (text) => signer.sign(text),
  };
}
