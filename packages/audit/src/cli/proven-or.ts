import { NoteError } from '../note/note-error.ts';
import { ProofError } from '../proof/proof-error.ts';
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** Runs what proves as it goes; what does not hold is said, and is an exit code. */
export async function provenOr(terminal: Terminal, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProofError || error instanceof NoteError)) throw error;
    terminal.remark(error.message);
    return EXIT.broken;
  }
}
