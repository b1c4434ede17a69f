import type { AuditEvent } from '@holdfast/audit';

/** Somewhere events are written to. */
export interface Journal {
  /** Resolves once the event is as safe as the journal makes it. */
  append(event: AuditEvent): Promise<unknown>;
  /** Resolves once all that follows from the appends so far is done, such as tiles and checkpoints. */
  settle(): Promise<unknown>;
  /** How many events there are. */
  count(): number | Promise<number>;
  close(): Promise<unknown>;
}

/** Opens a journal in a folder of its own. */
export type OpenJournal = (folder: string) => Promise<Journal>;
