import { leafHash } from '../merkle/hash.ts';
import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import { openCheckpoint, type OpenedCheckpoint } from '../witness/open-checkpoint.ts';
import type { WitnessPolicy } from '../witness/witness-policy.ts';
import { ProofError } from './proof-error.ts';
import { parseProof } from './tlog-proof.ts';

/** A proof that holds: the checkpoint that vouches for the entry, and where the entry stands. */
export interface CheckedProof extends OpenedCheckpoint {
  /** Where the entry stands in the log, from 0. */
  readonly index: number;
}

/**
 * Checks offline that an entry is in a log: that the log signed the checkpoint, that the entry is in its tree, and
 * that the witnesses that the policy asks for cosigned it. Look at the `origin` of the answer: it is the log, and so
 * the tenant, that the entry is of.
 *
 * @param proof - the text of the proof
 * @param entry - the bytes of the entry, as the log has them
 * @param policy - the keys to trust: {@link trustLog} or {@link parsePolicy}
 * @throws {@link ProofError} when the text is no proof, the entry is another one, or too few witnesses cosigned
 * @throws {@link NoteError} when the checkpoint is malformed, of an unknown log, or bears a false signature
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { checkProof, trustLog } from '@holdfast/audit';
 *
 * const policy = trustLog(readFileSync('audit.pub', 'utf8'));
 * const { origin, index } = checkProof(
 *   readFileSync('login.tlog-proof', 'utf8'),
 *   readFileSync('login.json'),
 *   policy,
 * );
 * console.log(`entry ${index} of ${origin}`);
 * ```
 */
export function checkProof(proof: string, entry: Uint8Array, policy: WitnessPolicy): CheckedProof {
  const { index, hashes, checkpoint } = parseProof(proof);
  const opened = openCheckpoint(checkpoint, policy);
  const claim = { index, size: opened.size, leafHash: leafHash(entry), root: opened.root, proof: hashes };
  if (!verifyInclusion(claim)) {
    throw new ProofError(
      'not-in-log',
      `this is not entry ${index} of ${opened.origin} with ${opened.size} entries`,
    );
  }
  if (!opened.witnessed) {
    const names = opened.cosigned.map(({ name }) => name).join(', ');
    throw new ProofError(
      'not-witnessed',
      `the checkpoint is cosigned by ${names || 'no witness'}: no quorum of the policy`,
    );
  }
  return { ...opened, index };
}
