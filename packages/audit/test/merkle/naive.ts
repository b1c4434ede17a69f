import { createHash } from 'node:crypto';
import type { HashReader } from '@holdfast/audit';

const sha256 = (...parts: readonly Uint8Array[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** MTH of RFC 6962, section 2.1, word for word. */
export function naiveRoot(leaves: readonly Uint8Array[]): Buffer {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), first);
  const k = split(leaves.length);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
}

/** PATH of RFC 6962, section 2.1.1, word for word. */
export function naivePath(index: number, leaves: readonly Uint8Array[]): Buffer[] {
  if (leaves.length <= 1) return [];
  const k = split(leaves.length);
  return index < k
    ? [...naivePath(index, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naivePath(index - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
}

/** PROOF of RFC 6962, section 2.1.2, word for word. */
export function naiveProof(first: number, leaves: readonly Uint8Array[]): Buffer[] {
  return first === 0 || first === leaves.length ? [] : subproof(first, leaves, true);
}

function subproof(m: number, leaves: readonly Uint8Array[], whole: boolean): Buffer[] {
  if (m === leaves.length) return whole ? [] : [naiveRoot(leaves)];
  const k = split(leaves.length);
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), whole), naiveRoot(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
}

function split(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The hashes of complete subtrees of a list of leaves. */
export function naiveReader(leaves: readonly Uint8Array[]): HashReader {
  return {
    hash(level, index) {
      const width = 2 ** level;
      const part = leaves.slice(index * width, (index + 1) * width);
      if (part.length !== width) throw new RangeError(`there is no complete subtree ${level}/${index}`);
      return naiveRoot(part);
    },
  };
}

/** Leaves that all differ. */
export function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => Buffer.from(`leaf ${index}`));
}
