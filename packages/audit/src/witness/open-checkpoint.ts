import { parseCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { isKeyName } from '../note/key-name.ts';
import { NoteError } from '../note/note-error.ts';
import { openNote, parseNote } from '../note/note.ts';
import { verifierFrom, vkeyOf, type NoteVerifier } from '../note/verifier.ts';
import { keyMaterialOf } from './key-material.ts';
import { quorumMet } from './quorum.ts';
import type { WitnessPolicy } from './witness-policy.ts';

/** A witness that cosigned, and when. */
export interface Cosigned {
  /** What the policy calls the witness. */
  readonly name: string;
  /** The instant that it states, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A checkpoint whose signature by the log was verified. */
export interface OpenedCheckpoint extends Checkpoint {
  /** The witnesses of the policy that cosigned it. */
  readonly cosigned: readonly Cosigned[];
  /** Whether they are the quorum that the policy asks for. */
  readonly witnessed: boolean;
}

/**
 * The keys of a log by its origin. The key of `audit.example` also speaks for `audit.example/<tenant>`: the trees of
 * one log are signed by one key, under the name of each.
 */
export function keysFor(origin: string, policy: WitnessPolicy): readonly NoteVerifier[] {
  if (!isKeyName(origin)) return [];
  return policy.logs.flatMap(({ vkey, verifier }) => {
    if (origin === verifier.name) return [verifier];
    if (!origin.startsWith(`${verifier.name}/`)) return [];
    return [verifierFrom(vkeyOf(origin, { publicKey: keyMaterialOf(vkey) }))];
  });
}

/**
 * Opens a signed checkpoint: verifies the signature of the log, and the cosignatures of the witnesses that a policy
 * knows. Whether they are enough is told by `witnessed`, not thrown.
 *
 * @throws {@link NoteError} when it is malformed, not signed by a log of the policy, or bears a false signature
 *
 * @example
 * ```ts
 * import { openCheckpoint, trustLog } from '@holdfast/audit';
 *
 * const size = (note: string, vkey: string) => openCheckpoint(note, trustLog(vkey)).size;
 * ```
 */
export function openCheckpoint(note: string, policy: WitnessPolicy): OpenedCheckpoint {
  const checkpoint = parseCheckpoint(parseNote(note).text);
  const logKeys = keysFor(checkpoint.origin, policy);
  const { verified } = openNote(note, [...logKeys, ...policy.witnesses.map(({ verifier }) => verifier)]);
  if (!verified.some(({ verifier }) => logKeys.includes(verifier))) {
    throw new NoteError('unsigned', `no known key of ${checkpoint.origin} signed the checkpoint`);
  }
  const cosigned = verified.flatMap(({ verifier, signature }) => {
    const witness = policy.witnesses.find((each) => each.verifier === verifier);
    return witness ? [{ name: witness.name, atMs: verifier.signedAtMs(signature) ?? 0 }] : [];
  });
  const names = new Set(cosigned.map(({ name }) => name));
  return { ...checkpoint, cosigned, witnessed: quorumMet(policy.quorum, names) };
}
