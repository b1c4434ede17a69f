import type { StoredEntry } from '../log/engine.ts';

/** A way to write entries down. */
export interface EntryFormat {
  /** What comes before the first one. */
  readonly header: string;
  /** @param origin - of the tree that the entry is in */
  readonly line: (entry: StoredEntry, origin: string) => string;
}
