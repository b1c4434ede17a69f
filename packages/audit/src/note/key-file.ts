import { generateKeyPairSync } from 'node:crypto';
import { check } from '@holdfast/pipeline';
import { fromBase64 } from './base64.ts';
import { KEY_BYTES, privateKeyFrom, publicBytesOf, seedOf } from './ed25519.ts';
import { keyIdOf, showKeyId, SIGNATURE_TYPE } from './key-id.ts';
import { isKeyName, keyNameRule } from './key-name.ts';
import { NoteError } from './note-error.ts';
import { createSigner, type Signer } from './signer.ts';
import { vkeyOf } from './verifier.ts';

const PREFIX = 'PRIVATE+KEY+';

/** A fresh pair of keys, as text. */
export interface KeyPairText {
  /** The private key: `PRIVATE+KEY+<name>+<key ID>+<seed>`, as the note tools of others read it. A secret. */
  readonly privateKey: string;
  /** The verifier key: `<name>+<key ID>+<key>`. For everyone. */
  readonly verifierKey: string;
}

/** A private key that was read. */
export interface NamedSigner {
  /** The name that the key was made for. */
  readonly name: string;
  readonly signer: Signer;
}

/**
 * Makes a pair of keys for a log.
 *
 * @param name - the origin of the log, such as `audit.example/prod`
 * @throws {@link TypeError} when the name has spaces or plus signs
 *
 * @example
 * ```ts
 * import { generateKeyPair } from '@holdfast/audit';
 *
 * const { verifierKey } = generateKeyPair('audit.example/prod');
 * console.log(verifierKey); // audit.example/prod+…
 * ```
 */
export function generateKeyPair(name: string): KeyPairText {
  check('generateKeyPair: name', name, keyNameRule);
  const { privateKey } = generateKeyPairSync('ed25519');
  const type = SIGNATURE_TYPE.ed25519;
  const publicKey = publicBytesOf(privateKey);
  const material = Buffer.concat([Buffer.of(type), seedOf(privateKey)]).toString('base64');
  const id = showKeyId(keyIdOf(name, type, publicKey));
  return { privateKey: `${PREFIX}${name}+${id}+${material}`, verifierKey: vkeyOf(name, { publicKey }) };
}

/**
 * Reads a private key as {@link generateKeyPair} makes it.
 *
 * @throws {@link NoteError} when the text is no such key; the message never holds any of it
 *
 * @example
 * ```ts
 * import { generateKeyPair, signerFrom } from '@holdfast/audit';
 *
 * const { name, signer } = signerFrom(generateKeyPair('audit.example/prod').privateKey);
 * ```
 */
export function signerFrom(privateKey: string): NamedSigner {
  const text = privateKey.trim();
  const [name = '', id = '', ...rest] = text.slice(PREFIX.length).split('+');
  const material = fromBase64(rest.join('+'));
  if (
    !text.startsWith(PREFIX) ||
    !isKeyName(name) ||
    material?.length !== 1 + KEY_BYTES ||
    material[0] !== SIGNATURE_TYPE.ed25519
  ) {
    throw new NoteError('malformed', 'this is no private key of the form PRIVATE+KEY+<name>+<key ID>+<seed>');
  }
  const signer = createSigner(privateKeyFrom(material.subarray(1)));
  if (id !== showKeyId(keyIdOf(name, SIGNATURE_TYPE.ed25519, signer.publicKey))) {
    throw new NoteError('malformed', `the private key of ${name} has another key ID than it says`);
  }
  return { name, signer };
}
