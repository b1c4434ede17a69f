/**
 * Gives the hashes of complete subtrees. Level 0 holds the leaf hashes; the hash at `(level, index)` covers the leaves
 * from `index * 2^level` up to, not including, `(index + 1) * 2^level`.
 *
 * @example
 * ```ts
 * import { rootOf, type HashReader } from '@holdfast/audit';
 *
 * const rootAt = async (reader: HashReader, size: number) => Buffer.from(await rootOf(reader, size)).toString('base64');
 * ```
 */
export interface HashReader {
  /**
   * @param level - of the subtree: 0 for a leaf, 1 for a node above two leaves
   * @param index - of the subtree among those of its level
   * @returns its 32 bytes; throws or rejects when it is not to be had
   */
  hash(level: number, index: number): Uint8Array | Promise<Uint8Array>;
}
