import type { Clock } from '@holdfast/pipeline';
import { pause } from '../log/pause.ts';
import { consistencyProof } from '../merkle/proofs.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { NoteError } from '../note/note-error.ts';
import { ProofError } from '../proof/proof-error.ts';
import { CHECKPOINT_PATH } from '../tiles/paths.ts';
import { tileReader } from '../tiles/tile-reader.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import { openCheckpoint, type OpenedCheckpoint } from '../witness/open-checkpoint.ts';
import type { WitnessPolicy } from '../witness/witness-policy.ts';

/** What {@link followHeads} needs. */
export interface HeadFeed {
  readonly source: TileSource;
  readonly policy: WitnessPolicy;
  /** Milliseconds between two looks. */
  readonly everyMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * The present checkpoint, opened.
 *
 * @throws {@link NoteError} when it is missing, or not signed by a log of the policy
 */
export async function readHead(source: TileSource, policy: WitnessPolicy): Promise<OpenedCheckpoint> {
  const bytes = await source.read(CHECKPOINT_PATH);
  if (bytes === undefined) throw new NoteError('malformed', 'there is no checkpoint');
  return openCheckpoint(Buffer.from(bytes).toString(), policy);
}

async function checkGrowth(
  source: TileSource,
  last: OpenedCheckpoint,
  next: OpenedCheckpoint,
): Promise<void> {
  if (next.size < last.size) {
    throw new ProofError('not-in-log', `the log was cut back from ${last.size} to ${next.size} entries`);
  }
  const claim = { first: last.size, second: next.size, firstRoot: last.root, secondRoot: next.root };
  const proof = await consistencyProof(tileReader(source, next.size), last.size, next.size);
  if (!verifyConsistency({ ...claim, proof })) {
    throw new ProofError('not-in-log', `the first ${last.size} entries are not the same any more`);
  }
}

/**
 * The present checkpoint of a log and each later one, every one proven to continue the one before. Ends when the signal
 * aborts.
 *
 * @throws {@link ProofError} when the log was cut back or rewritten
 */
export async function* followHeads(feed: HeadFeed): AsyncGenerator<OpenedCheckpoint> {
  const { source, policy, everyMs, clock, signal } = feed;
  let last = await readHead(source, policy);
  yield last;
  while (!signal.aborted) {
    await pause(everyMs, signal, clock, { keepAlive: true });
    const next = await readHead(source, policy);
    await checkGrowth(source, last, next);
    if (next.size > last.size && !signal.aborted) yield next;
    last = next;
  }
}
