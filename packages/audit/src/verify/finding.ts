/** What kind of thing was found. */
export type FindingKind =
  | 'entry-changed'
  | 'entry-dropped'
  | 'entry-inserted'
  | 'entries-swapped'
  | 'tile-changed'
  | 'file-missing'
  | 'pruned-undeclared'
  | 'root-mismatch'
  | 'checkpoint-invalid'
  | 'wrong-log'
  | 'rolled-back'
  | 'forked'
  | 'kept-too-old'
  | 'not-witnessed';

/** Something that is not as the log signed it, or that could not be shown to be. */
export interface Finding {
  readonly kind: FindingKind;
  /** What was found, in a sentence. */
  readonly message: string;
  /** The file, relative to the log, where it is in one. */
  readonly file?: string;
  /** The first entry concerned, where that is known. */
  readonly index?: number;
  /** How many entries from `index` on are concerned, where that is known. */
  readonly entries?: number;
}

/** Entries by their numbers, for a message. */
export function entriesText(index: number, entries: number): string {
  return entries === 1 ? `entry ${index}` : `entries ${index} to ${index + entries - 1}`;
}
