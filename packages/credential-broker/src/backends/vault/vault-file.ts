import { constants, existsSync } from 'node:fs';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { BackendError } from '../backend-error.ts';
import { lockVault } from './vault-lock.ts';

/** Group and others. */
const NOT_THE_OWNER = 0o077;
const MAX_BYTES = 64 * 1_048_576;

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
/** A link is not followed, and a pipe not waited for. */
const TO_READ = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

/** Says what became of a file, and nothing of what is in it. */
function unavailable(error: unknown): BackendError {
  if (error instanceof BackendError) return error;
  const { code = 'an error' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new BackendError('unavailable', 'there is no vault at this place');
  if (code === 'ELOOP')
    return new BackendError('unavailable', 'what is at this place is a link, not the vault');
  return new BackendError('unavailable', `the file of the vault failed: ${code}`);
}

function refuseTooLarge(bytes: number): void {
  if (bytes > MAX_BYTES) throw new BackendError('invalid', `the vault is larger than ${MAX_BYTES} bytes`);
}

async function refuseOpenToOthers(handle: FileHandle): Promise<void> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new BackendError('unavailable', 'what is at this place is no file');
  const { mode, size } = stats;
  refuseTooLarge(size);
  if (process.platform === 'win32' || (mode & NOT_THE_OWNER) === 0) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw new BackendError('denied', `the vault has the mode ${octal}: run chmod 600, and change its key`);
}

/**
 * Reads the file of a vault, which nobody but its owner may read.
 *
 * @throws {@link BackendError} `denied`, when others may; `unavailable`, when it cannot be read
 */
export async function readVaultFile(file: string): Promise<string> {
  try {
    await using handle = await open(file, TO_READ);
    await refuseOpenToOthers(handle);
    return await handle.readFile('utf8');
  } catch (error) {
    throw unavailable(error);
  }
}

/** What tells one state of a file from the next, without reading it. */
export async function vaultFileState(file: string): Promise<string> {
  try {
    await using handle = await open(file, TO_READ);
    await refuseOpenToOthers(handle);
    const { ino, mtimeNs, size } = await handle.stat({ bigint: true });
    return `${ino}:${mtimeNs}:${size}`;
  } catch (error) {
    throw unavailable(error);
  }
}

/** Puts a text in the place of a file: whoever reads it, and whatever happens, finds the old one or the new one. */
async function replaceFile(file: string, text: string): Promise<void> {
  const next = `${file}.new`;
  // Left over by a writer that died; the lock says that there is no other.
  await rm(next, { force: true });
  {
    await using handle = await open(next, 'wx', 0o600);
    await handle.writeFile(text);
    await handle.sync();
  }
  await rename(next, file);
  if (process.platform === 'win32') return;
  await using folder = await open(path.dirname(file), O_RDONLY);
  await folder.sync();
}

/**
 * Changes the file of a vault, alone.
 *
 * @param change - gets what is there, or nothing, and answers what shall be there
 * @throws {@link BackendError} `unavailable`, when somebody else is changing it; `invalid`, when it becomes too large
 */
export async function changeVaultFile(
  file: string,
  change: (before: string | undefined) => Promise<string>,
): Promise<void> {
  using _lock = lockVault(file);
  const after = await change(existsSync(file) ? await readVaultFile(file) : undefined);
  // Nobody could read it any more.
  refuseTooLarge(Buffer.byteLength(after));
  try {
    await replaceFile(file, after);
  } catch (error) {
    throw unavailable(error);
  }
}
