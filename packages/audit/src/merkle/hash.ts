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

/**
 * The root of a tree without leaves: the hash of nothing.
 *
 * @example
 * ```ts
 * import { emptyRoot } from '@holdfast/audit';
 *
 * console.log(emptyRoot().toString('base64')); // 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
 * ```
 */
export function emptyRoot(): Buffer {
  return sha256(new Uint8Array());
}

/**
 * The hash of a leaf: SHA-256(0x00 || leaf).
 *
 * @example
 * ```ts
 * import { leafHash } from '@holdfast/audit';
 *
 * console.log(leafHash(Buffer.from('an entry')).length); // 32
 * ```
 */
export function leafHash(leaf: Uint8Array): Buffer {
  const output = Buffer.allocUnsafeSlow(HASH_BYTES);
  new Hasher().leaf(leaf, output);
  return output;
}

/**
 * The hash of a node: SHA-256(0x01 || left || right).
 *
 * @example
 * ```ts
 * import { leafHash, nodeHash } from '@holdfast/audit';
 *
 * const root = nodeHash(leafHash(Buffer.from('one')), leafHash(Buffer.from('two')));
 * ```
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  const input = Buffer.allocUnsafe(NODE_BYTES);
  input[0] = NODE_PREFIX;
  input.set(left, 1);
  input.set(right, 1 + HASH_BYTES);
  return sha256(input);
}

/** Hashes one leaf or node after another through the same scratch buffers. */
export class Hasher {
  private leafInput = Buffer.allocUnsafeSlow(0);
  private readonly nodeInput = Buffer.allocUnsafeSlow(NODE_BYTES);

  /** Writes the hash of a leaf to the beginning of `output`. */
  leaf(leaf: Uint8Array, output: Buffer): void {
    const length = leaf.length + 1;
    if (this.leafInput.length < length) this.leafInput = Buffer.allocUnsafeSlow(Math.max(1024, 2 * length));
    this.leafInput[0] = LEAF_PREFIX;
    this.leafInput.set(leaf, 1);
    sha256Into(this.leafInput.subarray(0, length), output, 0);
  }

  /** Writes the hash above `left`, 32 bytes from `leftAt` on, and `right` to the beginning of `output`. */
  node(left: Buffer, leftAt: number, right: Buffer, output: Buffer): void {
    this.nodeInput[0] = NODE_PREFIX;
    left.copy(this.nodeInput, 1, leftAt, leftAt + HASH_BYTES);
    right.copy(this.nodeInput, 1 + HASH_BYTES, 0, HASH_BYTES);
    sha256Into(this.nodeInput, output, 0);
  }
}
