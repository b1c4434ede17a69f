import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { AppendFile, AuditFiles, FileIdentity } from './audit-files.ts';

// The promises of `node:fs/promises` hold a handle object for each open file, which costs three times a descriptor.
const open = promisify(fs.open);
const close = promisify(fs.close);
const rename = promisify(fs.rename);
const mkdir = promisify(fs.mkdir);
const readdir = promisify(fs.readdir);
const readFile = promisify(fs.readFile);
const fsync = promisify(fs.fsync);
const rm = promisify(fs.rm);
const stat = promisify(fs.stat);
const fstat = promisify(fs.fstat);
const fdatasync = promisify(fs.fdatasync);
const ftruncate = promisify(fs.ftruncate);

const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

function write(descriptor: number, bytes: Uint8Array, from: number, to: number): Promise<number> {
  return new Promise((resolve, reject) =>
    fs.write(descriptor, bytes, from, to - from, null, (error, count) =>
      error === null ? resolve(count) : reject(error),
    ),
  );
}

/** A write may be short, for one when the disk fills up; only the next one says why. */
async function writeAll(descriptor: number, bytes: Uint8Array, length: number): Promise<void> {
  for (let done = 0; done < length;) {
    done += await write(descriptor, bytes, done, length);
  }
}

const identityOf = ({ dev, ino, size }: fs.Stats): FileIdentity => ({ device: dev, inode: ino, size });

async function missingIs<T>(fallback: T, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (isMissing(error)) return fallback;
    throw error;
  }
}

async function withDescriptor(file: string, flags: string, use: (descriptor: number) => Promise<void>) {
  const descriptor = await open(file, flags);
  try {
    await use(descriptor);
  } finally {
    await close(descriptor);
  }
}

class DiskFile implements AppendFile {
  private readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  write(bytes: Uint8Array, length: number): Promise<void> {
    return writeAll(this.descriptor, bytes, length);
  }

  sync(): Promise<void> {
    return fdatasync(this.descriptor);
  }

  truncate(length: number): Promise<void> {
    return ftruncate(this.descriptor, length);
  }

  close(): Promise<void> {
    return close(this.descriptor);
  }

  async identity(): Promise<FileIdentity> {
    return identityOf(await fstat(this.descriptor));
  }
}

async function renameInto(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!isMissing(error)) throw error;
    await mkdir(path.dirname(to), { recursive: true });
    await rename(from, to);
  }
}

/**
 * The files of the machine.
 *
 * @example
 * ```ts
 * import { diskFiles } from '@holdfast/audit';
 *
 * const names = await diskFiles.list('/var/lib/audit');
 * ```
 */
export const diskFiles: AuditFiles = {
  makeFolder: async (folder) => void (await mkdir(folder, { recursive: true, mode: 0o700 })),
  list: (folder) => missingIs<readonly string[]>([], readdir(folder)),
  read: (file) => missingIs<Uint8Array | undefined>(undefined, readFile(file)),
  // Appending, so that the file comes out too short when somebody cut it under the log.
  create: async (file) => new DiskFile(await open(file, 'ax')),
  rename: renameInto,
  async replace(file, bytes, draft) {
    try {
      await withDescriptor(draft, 'w', (descriptor) => writeAll(descriptor, bytes, bytes.length));
      await renameInto(draft, file);
    } catch (error) {
      // Half a draft on a full disk takes the space that is short.
      await rm(draft, { force: true }).catch(() => undefined);
      throw error;
    }
  },
  sync: (file) => withDescriptor(file, 'r', (descriptor) => fsync(descriptor)),
  remove: (file) => rm(file, { recursive: true, force: true }),
  identity: async (file) => {
    const stats = await missingIs<fs.Stats | undefined>(undefined, stat(file));
    return stats && identityOf(stats);
  },
};
