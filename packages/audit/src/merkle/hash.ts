import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

// RFC 6962, section 2.1: leaves and nodes are hashed under different first bytes, so that neither passes for the other.
const LEAF_PREFIX = 0x00;
const NODE_PREFIX = 0x01;

const NODE_BYTES = 1 + 2 * HASH_BYTES;

/**
 * Writes the SHA-256 hash of `input` to `output`. Asked for text, `crypto.hash` makes no buffer, which is two thirds of
 * the price of a small hash; `binary` (latin1) is the text that keeps every byte.
 */
export function sha256Into(input: Uint8Array, output: Buffer, at: number): void {
  output.write(hash('sha256', input, 'binary'), at, HASH_BYTES, 'latin1');
}

/** SHA-256 of bytes. */
export function sha256(input: Uint8Array): Buffer {
  const output = Buffer.allocUnsafeSlow(HASH_BYTES);
  sha256Into(input, output, 0);
  return output;
}

/** The root of a tree without leaves: the hash of nothing. */
export function emptyRoot(): Buffer {
  return sha256(new Uint8Array());
}

/** The hash of a leaf: SHA-256(0x00 || leaf). */
export function leafHash(leaf: Uint8Array): Buffer {
  const output = Buffer.allocUnsafeSlow(HASH_BYTES);
  leafHasher()(leaf, output, 0);
  return output;
}

/** The hash of a node: SHA-256(0x01 || left || right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(NODE_BYTES);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** Hashes leaves one after another through one scratch buffer; writes each hash to `output`. */
export function leafHasher(): (leaf: Uint8Array, output: Buffer, at: number) => void {
  let scratch = Buffer.allocUnsafeSlow(0);
  return (leaf, output, at) => {
    if (scratch.length <= leaf.length) scratch = Buffer.allocUnsafeSlow(Math.max(1024, 2 * leaf.length));
    scratch[0] = LEAF_PREFIX;
    scratch.set(leaf, 1);
    sha256Into(scratch.subarray(0, leaf.length + 1), output, at);
  };
}

/** Hashes nodes one after another through one scratch buffer; writes each hash to `output`. */
export function nodeHasher() {
  const scratch = Buffer.allocUnsafeSlow(NODE_BYTES);
  scratch[0] = NODE_PREFIX;
  return (left: Buffer, leftAt: number, right: Buffer, rightAt: number, output: Buffer, at: number): void => {
    left.copy(scratch, 1, leftAt, leftAt + HASH_BYTES);
    right.copy(scratch, 1 + HASH_BYTES, rightAt, rightAt + HASH_BYTES);
    sha256Into(scratch, output, at);
  };
}
