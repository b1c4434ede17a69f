import { TILE_WIDTH } from '../merkle/geometry.ts';
import type { HashReader } from '../merkle/hash-reader.ts';
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

/** The tree of a checkpoint whose signature was verified. */
interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

async function prove(
  { size, root }: Head,
  reader: HashReader,
  index: number,
  entry: Uint8Array,
): Promise<void> {
  const proof = await inclusionProof(reader, index, size);
  if (verifyInclusion({ index, size, leafHash: leafHash(entry), root, proof })) return;
  throw new ProofError('not-in-log', `the log is damaged: entry ${index} is not the one that was signed`);
}

/**
 * Reads entries from index `from` on, and proves each one that is wanted against a signed root before it is given out.
 *
 * @param wanted - which entries to prove and give out. Default all
 * @throws {@link ProofError} at the first of them that is not the one that was signed
 * @throws {@link TileError} when files are missing
 */
export async function* verifiedEntries(
  source: TileSource,
  head: Head,
  from: number,
  wanted: (entry: Uint8Array) => boolean = () => true,
): AsyncGenerator<VerifiedEntry> {
  for (let index = from; index < head.size;) {
    const entries = await readBundle(source, Math.floor(index / TILE_WIDTH), head.size);
    const reader = tileReader(source, head.size);
    for (const entry of entries.slice(index % TILE_WIDTH)) {
      if (wanted(entry)) {
        await prove(head, reader, index, entry);
        yield { index, entry };
      }
      index++;
    }
  }
}
