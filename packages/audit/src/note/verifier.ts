import { check } from '@holdfast/pipeline';
import { fromBase64 } from './base64.ts';
import { ed25519Verifier, KEY_BYTES, SIGNATURE_BYTES } from './ed25519.ts';
import { keyIdOf, showKeyId, SIGNATURE_TYPE } from './key-id.ts';
import { isKeyName, keyNameRule } from './key-name.ts';
import { NoteError } from './note-error.ts';
import type { Signer } from './signer.ts';

/** A key that checks signatures of notes. */
export interface NoteVerifier {
  /** The name of the key. */
  readonly name: string;
  /** The ID of the key. */
  readonly keyId: number;
  /** Whether this key states something about a checkpoint (a witness) instead of having issued it. */
  readonly cosigner: boolean;
  /** Whether a signature of the text of a note is by this key. */
  verify(text: Uint8Array, signature: Uint8Array): boolean;
  /** The instant that a signature states, in milliseconds since the Unix epoch; only cosignatures have one. */
  signedAtMs(signature: Uint8Array): number | undefined;
}

const TIMESTAMP_BYTES = 8;

/** Seconds that a cosignature states; it begins with them. */
const secondsOf = (signature: Uint8Array) => Buffer.from(signature).readBigUInt64BE(0);

/** C2SP tlog-cosignature: what is signed is the text under two lines of header. */
function cosignatureVerifier(publicKey: Uint8Array): NoteVerifier['verify'] {
  const verify = ed25519Verifier(publicKey);
  return (text, signature) => {
    if (signature.length !== TIMESTAMP_BYTES + SIGNATURE_BYTES) return false;
    const header = Buffer.from(`cosignature/v1\ntime ${secondsOf(signature).toString()}\n`);
    return verify(Buffer.concat([header, text]), signature.subarray(TIMESTAMP_BYTES));
  };
}

function split(vkey: string) {
  const [name = '', id = '', ...rest] = vkey.split('+');
  // Base 64 has plus signs of its own.
  const material = fromBase64(rest.join('+'));
  return { name, id, type: material?.[0], publicKey: material?.subarray(1) };
}

/**
 * Reads a verifier key, `<name>+<key ID>+<key>`: of a log (Ed25519, type 1) or of a witness (cosignature/v1, type 4).
 *
 * @throws {@link NoteError} when the text is no such key
 *
 * @example
 * ```ts
 * import { verifierFrom } from '@holdfast/audit';
 *
 * const key = verifierFrom('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW');
 * console.log(key.name); // PeterNeumann
 * ```
 */
export function verifierFrom(vkey: string): NoteVerifier {
  const { name, id, type, publicKey } = split(vkey);
  const known = type === SIGNATURE_TYPE.ed25519 || type === SIGNATURE_TYPE.cosignature;
  if (!isKeyName(name) || !known || publicKey?.length !== KEY_BYTES) {
    throw new NoteError('malformed', 'this is no verifier key for Ed25519 or cosignature/v1');
  }
  const keyId = keyIdOf(name, type, publicKey);
  if (id !== showKeyId(keyId)) {
    throw new NoteError('malformed', `the verifier key of ${name} has another key ID than it says`);
  }
  const cosigner = type === SIGNATURE_TYPE.cosignature;
  return {
    name,
    keyId,
    cosigner,
    verify: cosigner ? cosignatureVerifier(publicKey) : ed25519Verifier(publicKey),
    signedAtMs: (signature) => (cosigner ? Number(secondsOf(signature)) * 1000 : undefined),
  };
}

/**
 * The verifier key of a signer under a name, to hand to whoever checks what it signs.
 *
 * @param name - of the log: its origin
 * @throws {@link TypeError} when the name has spaces or plus signs
 *
 * @example
 * ```ts
 * import { generateSigner, verifierFrom, vkeyOf } from '@holdfast/audit';
 *
 * const verifier = verifierFrom(vkeyOf('audit.example/test', generateSigner()));
 * ```
 */
export function vkeyOf(name: string, signer: Pick<Signer, 'publicKey'>): string {
  check('vkeyOf: name', name, keyNameRule);
  const type = SIGNATURE_TYPE.ed25519;
  const material = Buffer.concat([Buffer.of(type), signer.publicKey]);
  return `${name}+${showKeyId(keyIdOf(name, type, signer.publicKey))}+${material.toString('base64')}`;
}
