import { decodeBundle } from '../tiles/entry-bundle.ts';

/** The action of the entry by which a log says that it was pruned. */
export const PRUNED_ACTION = 'audit.pruned';

/** The field of that entry's details which holds the minimum index. */
export const MINIMUM_INDEX_FIELD = 'minimumIndex';

const MARKER = Buffer.from(JSON.stringify(PRUNED_ACTION));

interface Pruning {
  readonly action?: unknown;
  readonly details?: { readonly [MINIMUM_INDEX_FIELD]?: unknown } | null;
}

/**
 * The minimum index that an entry declares: entries below it may be gone.
 *
 * @returns 0 for an entry that declares none
 */
export function declaredBy(entry: Uint8Array): number {
  try {
    const { action, details } = JSON.parse(Buffer.from(entry).toString()) as Pruning;
    const index = details?.[MINIMUM_INDEX_FIELD];
    return action === PRUNED_ACTION && Number.isSafeInteger(index) ? (index as number) : 0;
  } catch {
    return 0; // an entry that is no event
  }
}

/** The largest minimum index that the entries of a bundle declare; 0 when none does, or it is damaged. */
export function minimumIndexIn(bundle: Uint8Array): number {
  if (Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length).indexOf(MARKER) < 0) return 0;
  try {
    return Math.max(0, ...decodeBundle(bundle).map(declaredBy));
  } catch {
    return 0;
  }
}
