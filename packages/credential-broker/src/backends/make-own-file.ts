import { closeSync, openSync } from 'node:fs';

/**
 * Makes an empty file that only its owner may read, unless there is one. One that there is is not opened: to close it again
 * would end every lock that this process has on it (POSIX), those of SQLite as well.
 */
export function makeOwnFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
