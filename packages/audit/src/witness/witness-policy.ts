import { verifierFrom, type NoteVerifier } from '../note/verifier.ts';
import type { Quorum } from './quorum.ts';

/** A log whose checkpoints a policy accepts. */
export interface PolicyLog {
  /** The verifier key as text. Its name is the origin of the log. */
  readonly vkey: string;
  /** The key, to check signatures with. */
  readonly verifier: NoteVerifier;
  /** Where the log is served, where the policy says so. */
  readonly url: string | undefined;
}

/** A witness that a policy knows. */
export interface PolicyWitness {
  /** What the policy calls the witness; the name in its key may be another. */
  readonly name: string;
  /** The verifier key as text. */
  readonly vkey: string;
  /** The key, to check cosignatures with. */
  readonly verifier: NoteVerifier;
  /** The submission prefix of the witness, where the policy says so. */
  readonly url: string | undefined;
}

/** Whose signatures make a checkpoint count (C2SP tlog-policy): one of the logs and a quorum of the witnesses. */
export interface WitnessPolicy {
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: Quorum;
}

/**
 * The policy that trusts one log and asks for no witness.
 *
 * @param vkey - the verifier key of the log
 * @throws {@link NoteError} when the text is no verifier key
 *
 * @example
 * ```ts
 * import { generateSigner, trustLog, vkeyOf } from '@holdfast/audit';
 *
 * const policy = trustLog(vkeyOf('audit.example/test', generateSigner()));
 * ```
 */
export function trustLog(vkey: string): WitnessPolicy {
  const text = vkey.trim();
  const log = { vkey: text, verifier: verifierFrom(text), url: undefined };
  return { logs: [log], witnesses: [], quorum: { kind: 'none' } };
}
