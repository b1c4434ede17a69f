import { check, integer } from '@holdfast/pipeline';
import type { HashReader } from './hash-reader.ts';
import { emptyRoot, nodeHash } from './hash.ts';
import { exponentOf, powerBelow } from './powers.ts';

/** MTH of RFC 6962 over the leaves from `from` up to `to`; `from` is a multiple of every power of two that fits. */
async function subtree(reader: HashReader, from: number, to: number): Promise<Uint8Array> {
  const leaves = to - from;
  const level = exponentOf(leaves);
  if (level !== undefined) return reader.hash(level, from / leaves);
  const middle = from + powerBelow(leaves);
  const [left, right] = await Promise.all([subtree(reader, from, middle), subtree(reader, middle, to)]);
  return nodeHash(left, right);
}

/**
 * The root hash of the first `size` leaves (RFC 6962, section 2.1).
 *
 * @param size - leaves, at least 0; the root of none is the hash of nothing
 * @throws {@link RangeError} when `size` is no such number
 *
 * @example
 * ```ts
 * import { rootOf } from '@holdfast/audit';
 *
 * const root = await rootOf({ hash: () => Buffer.alloc(32) }, 0);
 * console.log(Buffer.from(root).toString('hex')); // e3b0c442…
 * ```
 */
export async function rootOf(reader: HashReader, size: number): Promise<Uint8Array> {
  check('rootOf: size', size, integer(0));
  return size === 0 ? emptyRoot() : subtree(reader, 0, size);
}

/**
 * Proves that a leaf is in the tree of the first `size` leaves (RFC 6962, section 2.1.1).
 *
 * @param index - of the leaf, from 0 to `size - 1`
 * @param size - leaves of the tree, at least 1
 * @returns the hashes beside the path from the leaf up to the root
 * @throws {@link RangeError} when there is no such leaf
 *
 * @example
 * ```ts
 * import { inclusionProof, type HashReader } from '@holdfast/audit';
 *
 * const proveFirst = (reader: HashReader, size: number) => inclusionProof(reader, 0, size);
 * ```
 */
export async function inclusionProof(
  reader: HashReader,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  check('inclusionProof: size', size, integer(1));
  check('inclusionProof: index', index, integer(0, size - 1));
  const siblings: Promise<Uint8Array>[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + powerBelow(to - from);
    if (index < middle) {
      siblings.push(subtree(reader, middle, to));
      to = middle;
    } else {
      siblings.push(subtree(reader, from, middle));
      from = middle;
    }
  }
  return Promise.all(siblings.reverse());
}

/**
 * Proves that the tree of the first `second` leaves begins with that of the first `first` ones (RFC 6962, section
 * 2.1.2).
 *
 * @param first - leaves of the earlier tree, from 0 to `second`
 * @param second - leaves of the later tree, at least 0
 * @returns the hashes; none when the trees are the same or the first has no leaves
 * @throws {@link RangeError} when `first` is larger than `second`
 *
 * @example
 * ```ts
 * import { consistencyProof, type HashReader } from '@holdfast/audit';
 *
 * const grown = (reader: HashReader) => consistencyProof(reader, 1_000, 1_500);
 * ```
 */
export async function consistencyProof(
  reader: HashReader,
  first: number,
  second: number,
): Promise<readonly Uint8Array[]> {
  check('consistencyProof: second', second, integer(0));
  check('consistencyProof: first', first, integer(0, second));
  if (first === 0 || first === second) return [];
  const hashes: Promise<Uint8Array>[] = [];
  let from = 0;
  let to = second;
  while (first !== to) {
    const middle = from + powerBelow(to - from);
    if (first <= middle) {
      hashes.push(subtree(reader, middle, to));
      to = middle;
    } else {
      hashes.push(subtree(reader, from, middle));
      from = middle;
    }
  }
  // Whoever checks the proof knows the earlier root; it is told again only where it is not a subtree at the left edge.
  if (from > 0) hashes.push(subtree(reader, from, to));
  return Promise.all(hashes.reverse());
}
