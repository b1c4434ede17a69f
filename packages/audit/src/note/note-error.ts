import { AuditError } from '../errors.ts';

/** What is wrong with a note. */
export type NoteFault = 'malformed' | 'unsigned' | 'bad-signature';

/**
 * A signed note, a checkpoint or a key is not what it should be: not in the format, not signed by a known key, or
 * signed falsely.
 *
 * @example
 * ```ts
 * import { NoteError, openNote } from '@holdfast/audit';
 *
 * try {
 *   openNote('no note at all', []);
 * } catch (error) {
 *   if (error instanceof NoteError) console.log(error.fault); // malformed
 * }
 * ```
 */
export class NoteError extends AuditError {
  override readonly name = 'NoteError';
  readonly code = 'ERR_AUDIT_NOTE';
  /** What is wrong. */
  readonly fault: NoteFault;

  constructor(fault: NoteFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
