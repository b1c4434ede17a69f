import { NoteError } from '../note/note-error.ts';
import { openCheckpoint, type OpenedCheckpoint } from '../witness/open-checkpoint.ts';
import type { FindingList } from './finding-list.ts';
import type { VerifySettings } from './options.ts';

/** A checkpoint that was opened for a verification. */
export type TrustedHead = OpenedCheckpoint;

/**
 * Opens a checkpoint of the log that is being verified; whatever is wrong with it becomes a finding.
 *
 * @param what - what the findings call it
 */
export function openFor(
  { policy, origin }: Pick<VerifySettings, 'policy' | 'origin'>,
  note: string,
  what: string,
  findings: FindingList,
): TrustedHead | undefined {
  try {
    const head = openCheckpoint(note, policy);
    if (origin === undefined || origin === head.origin) return head;
    findings.add({ kind: 'wrong-log', message: `${what} is of ${head.origin}, not of ${origin}` });
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    findings.add({ kind: 'checkpoint-invalid', message: `${what}: ${error.message}` });
  }
  return undefined;
}
