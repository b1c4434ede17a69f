import { emptyRoot, nodeHash } from './hash.ts';
import { exponentOf, half, isOdd } from './powers.ts';

/** What {@link verifyConsistency} looks at. */
export interface ConsistencyClaim {
  /** How many leaves the earlier tree has. */
  readonly first: number;
  /** How many leaves the later tree has. */
  readonly second: number;
  /** The root of the earlier tree, 32 bytes. */
  readonly firstRoot: Uint8Array;
  /** The root of the later tree, 32 bytes. */
  readonly secondRoot: Uint8Array;
  /** The hashes that lead from one to the other. */
  readonly proof: readonly Uint8Array[];
}

const same = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0;

/** RFC 9162, section 2.1.4.2, for `0 < first < second`. */
function walk({ first, second, firstRoot, secondRoot, proof }: ConsistencyClaim): boolean {
  // A tree of 2^n leaves is a subtree of every later one: its root is not repeated in the proof.
  const path = exponentOf(first) === undefined ? proof : [firstRoot, ...proof];
  const [start, ...rest] = path;
  if (start === undefined || rest.length === 0) return false;
  let position = first - 1;
  let last = second - 1;
  while (isOdd(position)) {
    position = half(position);
    last = half(last);
  }
  let earlier = start;
  let later = start;
  for (const hash of rest) {
    if (last === 0) return false;
    if (isOdd(position) || position === last) {
      earlier = nodeHash(hash, earlier);
      later = nodeHash(hash, later);
      while (!isOdd(position) && position !== 0) {
        position = half(position);
        last = half(last);
      }
    } else {
      later = nodeHash(later, hash);
    }
    position = half(position);
    last = half(last);
  }
  return last === 0 && same(earlier, firstRoot) && same(later, secondRoot);
}

/**
 * Whether a later tree begins with an earlier one, so that nothing below it was altered, inserted or removed. Never
 * throws: a claim of the wrong shape is a false one.
 *
 * @example
 * ```ts
 * import { leafHash, verifyConsistency } from '@holdfast/audit';
 *
 * const root = leafHash(Buffer.from('the only event'));
 * console.log(verifyConsistency({ first: 1, second: 1, firstRoot: root, secondRoot: root, proof: [] })); // true
 * ```
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 0 || first > second)
    return false;
  if ([firstRoot, secondRoot, ...proof].some((hash) => hash.length !== 32)) return false;
  if (first === second) return proof.length === 0 && same(firstRoot, secondRoot);
  if (first === 0) return proof.length === 0 && same(firstRoot, emptyRoot());
  return walk(claim);
}
