import { check, integer } from '@holdfast/pipeline';
import { leafHash } from '../merkle/hash.ts';
import { inclusionProof } from '../merkle/proofs.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { parseCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { parseNote } from '../note/note.ts';
import { CHECKPOINT_PATH } from '../tiles/paths.ts';
import { readBundle } from '../tiles/read-tile.ts';
import { tileReader } from '../tiles/tile-reader.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import { WITNESSED_PATH } from '../witness/witnessed-path.ts';
import { ProofError } from './proof-error.ts';
import { formatProof } from './tlog-proof.ts';

/** An entry with its proof. */
export interface ProvenEntry {
  /** The bytes of the entry; nothing where they were pruned. */
  readonly entry: Uint8Array | undefined;
  /** The proof as text. */
  readonly proof: string;
}

interface SignedHead extends Checkpoint {
  readonly note: string;
}

async function headAt(source: TileSource, file: string): Promise<SignedHead | undefined> {
  const bytes = await source.read(file);
  if (bytes === undefined) return undefined;
  const note = Buffer.from(bytes).toString();
  return { ...parseCheckpoint(parseNote(note).text), note };
}

/** The witnessed checkpoint where it covers the entry, for it proves more; the last one otherwise. */
async function headFor(source: TileSource, index: number): Promise<SignedHead> {
  for (const file of [WITNESSED_PATH, CHECKPOINT_PATH]) {
    const head = await headAt(source, file);
    if (head !== undefined && index < head.size) return head;
  }
  throw new ProofError('not-in-log', `no checkpoint covers entry ${index} yet`);
}

async function entryAt(source: TileSource, index: number, size: number): Promise<Uint8Array | undefined> {
  const bundle = Math.floor(index / TILE_WIDTH);
  const entries = await readBundle(source, bundle, size).catch(() => undefined);
  return entries?.[index % TILE_WIDTH];
}

/**
 * Proves that an entry is in a log, from the files of the log: with the witnessed checkpoint where that covers the
 * entry, and with the last one otherwise.
 *
 * @param index - of the entry, from 0
 * @throws {@link ProofError} when no checkpoint covers the entry, or the log is damaged there
 * @throws {@link TileError} when hashes are missing, as they are for what was pruned with them
 * @throws {@link NoteError} when the checkpoint is malformed
 * @throws {@link RangeError} when the index is none
 *
 * @example
 * ```ts
 * import { writeFileSync } from 'node:fs';
 * import { directorySource, proveEntry } from '@holdfast/audit';
 *
 * const { entry, proof } = await proveEntry(directorySource('/var/lib/audit/logs/acme'), 17);
 * writeFileSync('17.tlog-proof', proof);
 * if (entry !== undefined) writeFileSync('17.json', entry);
 * ```
 */
export async function proveEntry(source: TileSource, index: number): Promise<ProvenEntry> {
  check('proveEntry: index', index, integer(0));
  const { size, root, note } = await headFor(source, index);
  const hashes = await inclusionProof(tileReader(source, size), index, size);
  const entry = await entryAt(source, index, size);
  if (entry !== undefined) {
    const claim = { index, size, leafHash: leafHash(entry), root, proof: hashes };
    if (!verifyInclusion(claim))
      throw new ProofError('not-in-log', `the log is damaged: entry ${index} is not the one that was signed`);
  }
  return { entry, proof: formatProof({ index, hashes, checkpoint: note }) };
}
