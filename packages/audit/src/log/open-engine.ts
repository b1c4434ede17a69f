import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { segmentsAmong } from '../wal/segment.ts';
import { WalWriter } from '../wal/wal-writer.ts';
import type { AuditEngine } from './engine.ts';
import { readEngineOptions, type EngineOptions, type EngineSettings } from './engine-options.ts';
import { keepAnchored } from './load-tree.ts';
import { LogEngine } from './log-engine.ts';
import { lockDirectory, type DirectoryLock } from './lock.ts';
import { recover } from './recover.ts';
import { TreeBook } from './tree-book.ts';
import { verifyCheckpoints } from './verify-checkpoints.ts';

/**
 * Opens the durable part of a log: takes the directory, recovers what was acknowledged, holds it against the signed
 * checkpoints.
 *
 * @throws {@link AuditLockedError} when the directory is open elsewhere
 * @throws {@link AuditDamagedError} when what is on disk is shorter than a signed checkpoint, or altered
 * @throws {@link TypeError} when an option is missing or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { generateSigner, openEngine } from '@holdfast/audit';
 *
 * const engine = await openEngine({ dir: '/var/lib/audit', origin: 'audit.example/prod', signer: generateSigner() });
 * const { index } = await engine.append('acme', Buffer.from('{"type":"session.created"}'));
 * await engine.close();
 * ```
 */
export async function openEngine(options: EngineOptions): Promise<AuditEngine> {
  const settings = readEngineOptions(options);
  const { dir, files } = settings;
  await makeDurable(path.resolve(dir), files);
  const lock = await lockDirectory(dir, files);
  try {
    return await openLocked({ ...settings, dir: path.resolve(dir) }, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openLocked(settings: EngineSettings, lock: DirectoryLock): Promise<AuditEngine> {
  const { dir, origin, files, segmentBytes } = settings;
  const folder = {
    wal: path.join(dir, 'wal'),
    logs: path.join(dir, 'logs'),
    drafts: path.join(dir, 'drafts'),
  };
  const book = new TreeBook(origin, folder.logs);
  const { sealed, ordinal, end } = await recover(folder.wal, book, files);
  await verifyCheckpoints({ folder: folder.logs, files, signer: settings.signer, book, end });
  // Only now is anything changed: what does not open is left as it was found.
  await files.remove(folder.drafts);
  for (const made of [folder.wal, folder.logs, folder.drafts]) await files.makeFolder(made);
  await files.sync(dir);
  await removeLeftovers(folder.wal, settings);
  for (const tree of book.all()) {
    tree.inherit();
    await keepAnchored(tree, files);
  }
  // Entries that a dead process wrote but did not sync are in the kernel's memory only; what is appended from now on
  // counts on them.
  for (const segment of sealed.slice(-1)) await files.sync(segment.path);
  const wal = new WalWriter({ files, folder: folder.wal, ordinal, trees: () => book.all(), segmentBytes });
  wal.sealed.push(...sealed);
  await wal.open();
  return new LogEngine({ settings, lock, book, wal, drafts: folder.drafts });
}

/** Makes a folder, and sees to it that a loss of power does not take its name with all that is in it. */
async function makeDurable(dir: string, files: AuditFiles): Promise<void> {
  const parents: string[] = [];
  for (let at = dir; at !== path.dirname(at) && (await files.identity(at)) === undefined;) {
    at = path.dirname(at);
    parents.push(at);
  }
  await files.makeFolder(dir);
  for (const parent of parents) await files.sync(parent);
}

/** Removes drafts, and segments that a base stands in for. */
async function removeLeftovers(folder: string, { files }: EngineSettings): Promise<void> {
  const names = await files.list(folder);
  const needed = new Set(segmentsAmong(names).map(({ name }) => name));
  for (const name of names) if (!needed.has(name)) await files.remove(path.join(folder, name));
}
