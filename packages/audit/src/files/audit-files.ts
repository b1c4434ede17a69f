/** What tells one file from another of the same name. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
  /** Bytes in the file. */
  readonly size: number;
}

/** A file that is written from its beginning to its end. */
export interface AppendFile {
  /** Writes the first `length` bytes of `bytes` behind what was written before. */
  write(bytes: Uint8Array, length: number): Promise<void>;
  /** Resolves when what was written is on the disk. Never called again once it failed. */
  sync(): Promise<void>;
  /** Cuts what was written behind `length` bytes. */
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
  /** Which file this is. */
  identity(): Promise<FileIdentity>;
}

/**
 * The file system as the log uses it. The one of this package is Node's; tests put faults in between.
 *
 * @example
 * ```ts
 * import { diskFiles, type AuditFiles } from '@holdfast/audit';
 *
 * const fullDisk: AuditFiles = {
 *   ...diskFiles,
 *   create: () => Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
 * };
 * ```
 */
export interface AuditFiles {
  /** Makes a folder, for its owner alone, and those above it; one that exists is fine as it is. */
  makeFolder(path: string): Promise<void>;
  /** The names in a folder; none when there is no such folder. */
  list(path: string): Promise<readonly string[]>;
  /** The bytes of a file, or nothing when there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes a new file; rejects when there is one. */
  create(path: string): Promise<AppendFile>;
  /** Renames a file; one that has the new name is replaced in the same step. */
  rename(from: string, to: string): Promise<void>;
  /** Puts a whole file in place, so that nobody ever sees a part of it: written to `draft`, then renamed. Not synced. */
  replace(path: string, bytes: Uint8Array, draft: string): Promise<void>;
  /** Resolves when a file, or the names in a folder, are on the disk. */
  sync(path: string): Promise<void>;
  /** Removes a file, or a folder with what is in it; one that is missing is fine. */
  remove(path: string): Promise<void>;
  /** Which file has this name; nothing when there is none. */
  identity(path: string): Promise<FileIdentity | undefined>;
}
