import { nodeHash, type HashReader } from '@holdfast/audit';

/** The hashes of a tree over leaf hashes, each made anew from the leaves when it is asked for. */
export function naiveTree(leaves: readonly Uint8Array[]): HashReader {
  const hash = (level: number, index: number): Uint8Array => {
    const leaf = leaves[index];
    if (level > 0) return nodeHash(hash(level - 1, 2 * index), hash(level - 1, 2 * index + 1));
    if (leaf === undefined) throw new RangeError(`no leaf ${index}`);
    return leaf;
  };
  return { hash };
}
