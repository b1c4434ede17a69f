import { createPrivateKey, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** Bytes of a public key and of the seed that a private key is made from. */
export const KEY_BYTES = 32;

/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

// DER wraps the 32 bytes of an Ed25519 key into fixed frames (RFC 8410).
const PRIVATE_FRAME = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_FRAME = Buffer.from('302a300506032b6570032100', 'hex');

/** The private key made from a seed of 32 bytes. */
export function privateKeyFrom(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PRIVATE_FRAME, seed]), format: 'der', type: 'pkcs8' });
}

/** The seed of a private key. */
export function seedOf(privateKey: KeyObject): Buffer {
  return privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-KEY_BYTES);
}

/** The 32 bytes of the public key that belongs to a private one. */
export function publicBytesOf(privateKey: KeyObject): Buffer {
  return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-KEY_BYTES);
}

/** Makes a function that tells whether a signature of a message is by the key of 32 bytes. */
export function ed25519Verifier(
  publicKey: Uint8Array,
): (message: Uint8Array, signature: Uint8Array) => boolean {
  const key = createPublicKey({
    key: Buffer.concat([PUBLIC_FRAME, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return (message, signature) =>
    signature.length === SIGNATURE_BYTES && verify(null, message, key, signature);
}
