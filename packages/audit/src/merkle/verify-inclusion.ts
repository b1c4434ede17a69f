import { nodeHash } from './hash.ts';
import { half, isOdd } from './powers.ts';

/** What {@link verifyInclusion} looks at. */
export interface InclusionClaim {
  /** Where the leaf stands in the tree, from 0. */
  readonly index: number;
  /** How many leaves the tree has. */
  readonly size: number;
  /** The hash of the leaf, 32 bytes. */
  readonly leafHash: Uint8Array;
  /** The root of the tree, 32 bytes. */
  readonly root: Uint8Array;
  /** The hashes beside the path from the leaf up to the root. */
  readonly proof: readonly Uint8Array[];
}

/**
 * The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2).
 *
 * @returns nothing when the proof has the wrong shape
 *
 * @example
 * ```ts
 * import { leafHash, rootFromInclusion } from '@holdfast/audit';
 *
 * const leaf = leafHash(Buffer.from('the only event'));
 * console.log(rootFromInclusion({ index: 0, size: 1, leafHash: leaf, proof: [] })?.length); // 32
 * ```
 */
export function rootFromInclusion(claim: Omit<InclusionClaim, 'root'>): Uint8Array | undefined {
  const { index, size, leafHash, proof } = claim;
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return undefined;
  let position = index;
  let last = size - 1;
  let hash = leafHash;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (isOdd(position) || position === last) {
      hash = nodeHash(sibling, hash);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 ? hash : undefined;
}

/**
 * Whether a leaf is in a tree. Never throws: a claim of the wrong shape is a false one.
 *
 * @example
 * ```ts
 * import { leafHash, verifyInclusion } from '@holdfast/audit';
 *
 * const leaf = leafHash(Buffer.from('the only event'));
 * console.log(verifyInclusion({ index: 0, size: 1, leafHash: leaf, root: leaf, proof: [] })); // true
 * ```
 */
export function verifyInclusion(claim: InclusionClaim): boolean {
  if ([claim.leafHash, claim.root, ...claim.proof].some((hash) => hash.length !== 32)) return false;
  const root = rootFromInclusion(claim);
  return root !== undefined && Buffer.compare(root, claim.root) === 0;
}
