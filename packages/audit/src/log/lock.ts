import path from 'node:path';
import { AuditLockedError } from '../errors.ts';
import { FileLostError } from '../wal/wal-writer.ts';
import type { AuditFiles } from '../files/audit-files.ts';
import { openPrivateDatabase } from '../files/private-database.ts';

/** The right to write to a directory. */
export interface DirectoryLock {
  /** Rejects when the file that stands for the right was removed or replaced, so that another may have it as well. */
  check(): Promise<void>;
  /** Gives the right back. */
  release(): void;
}

/** SQLITE_BUSY: another connection holds the file. */
const BUSY = 5;

/**
 * Takes the right to write to a directory: a transaction in a SQLite file that is never ended. The kernel ends it with
 * the process, however that dies; a file with a process ID would outlive it.
 *
 * @throws {@link AuditLockedError} when another process, or another log in this one, has it
 */
export async function lockDirectory(dir: string, files: AuditFiles): Promise<DirectoryLock> {
  const file = path.join(dir, 'LOCK');
  const database = openPrivateDatabase(file);
  try {
    // In memory, for a journal in a file would outlive the process.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === BUSY) throw new AuditLockedError(dir, { cause: error });
    throw error;
  }
  const held = await files.identity(file);
  return {
    async check() {
      const found = await files.identity(file);
      if (found?.inode !== held?.inode || found?.device !== held?.device) {
        throw new FileLostError('LOCK was removed or replaced under the log');
      }
    },
    release: () => database.close(),
  };
}
