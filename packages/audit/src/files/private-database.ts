import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Opens a database; a new one is for its owner alone, with all that SQLite puts beside it. */
export function openPrivateDatabase(file: string): DatabaseSync {
  try {
    // Only where there is none: closing a file ends every lock that this process has on it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return new DatabaseSync(file);
}
