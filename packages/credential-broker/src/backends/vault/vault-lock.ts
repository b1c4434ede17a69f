import { DatabaseSync } from 'node:sqlite';
import { BackendError } from '../backend-error.ts';
import { makeOwnFile } from '../make-own-file.ts';

/** SQLITE_BUSY: another connection holds the file. */
const BUSY = 5;

/**
 * Takes the right to change a vault: a transaction in a SQLite file beside it that is never ended. The kernel ends it with
 * the process, however that dies.
 *
 * @throws {@link BackendError} `unavailable`, when another has it
 */
export function lockVault(file: string): Disposable {
  try {
    makeOwnFile(`${file}.lock`);
    const database = new DatabaseSync(`${file}.lock`);
    try {
      // In memory, for a journal in a file would outlive the process.
      database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw error;
    }
    return { [Symbol.dispose]: () => database.close() };
  } catch (error) {
    const { errcode, code = 'an error' } = error as { errcode?: number; code?: string };
    if (errcode === BUSY) throw new BackendError('unavailable', 'somebody else is changing the vault');
    if (code === 'ENOENT') throw new BackendError('unavailable', 'there is no such folder');
    throw new BackendError('unavailable', `the lock of the vault failed: ${code}`);
  }
}
