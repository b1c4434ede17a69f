import { TILE_WIDTH } from '../merkle/geometry.ts';
import { leafHash } from '../merkle/hash.ts';
import { inclusionProof } from '../merkle/proofs.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { ProofError } from '../proof/proof-error.ts';
import { readBundle } from '../tiles/read-tile.ts';
import { tileReader } from '../tiles/tile-reader.ts';
import type { TileSource } from '../tiles/tile-source.ts';

/** An entry that is in the tree of a checkpoint. */
export interface VerifiedEntry {
  readonly index: number;
  readonly entry: Uint8Array;
}

/**
 * Reads entries from index `from` on and proves each against a signed root before it is given out.
 *
 * @param head - a checkpoint whose signature was verified
 * @throws {@link ProofError} at the first entry that is not the one that was signed
 * @throws {@link TileError} when files are missing
 */
export async function* verifiedEntries(
  source: TileSource,
  head: { readonly size: number; readonly root: Uint8Array },
  from: number,
): AsyncGenerator<VerifiedEntry> {
  const { size, root } = head;
  for (let index = from; index < size;) {
    const bundle = Math.floor(index / TILE_WIDTH);
    const entries = await readBundle(source, bundle, size);
    const reader = tileReader(source, size);
    for (const entry of entries.slice(index % TILE_WIDTH)) {
      const proof = await inclusionProof(reader, index, size);
      if (!verifyInclusion({ index, size, leafHash: leafHash(entry), root, proof })) {
        throw new ProofError(
          'not-in-log',
          `the log is damaged: entry ${index} is not the one that was signed`,
        );
      }
      yield { index, entry };
      index++;
    }
  }
}
