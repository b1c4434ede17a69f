import path from 'node:path';
import { LeaseFileError } from './lease-file-error.ts';

/** SQLITE_BUSY: another connection holds the file. */
const BUSY = 5;

/**
 * Takes the right to write to a folder: a transaction in a SQLite file that is never ended. The kernel ends it with the
 * process, however that dies; a file with the number of a process would outlive it.
 *
 * @returns gives the right back
 */
export async function lockFolder(dir: string): Promise<() => void> {
  // Loaded only here: on some versions of Node it warns that it is experimental.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(path.join(dir, 'LOCK'));
  try {
    // In memory, for a journal in a file would outlive the process.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === BUSY)
      throw new LeaseFileError('locked', { cause: error });
    throw error;
  }
  return () => database.close();
}
