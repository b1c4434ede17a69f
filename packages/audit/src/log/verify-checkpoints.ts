import path from 'node:path';
import { AuditDamagedError } from '../errors.ts';
import type { AuditFiles } from '../files/audit-files.ts';
import { rootOf } from '../merkle/proofs.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { openNote } from '../note/note.ts';
import type { Signer } from '../note/signer.ts';
import { verifierFrom, vkeyOf } from '../note/verifier.ts';
import { CHECKPOINT_PATH } from '../tiles/paths.ts';
import { tileReader } from '../tiles/tile-reader.ts';
import { each } from './each.ts';
import type { PublishedCheckpoint } from './engine.ts';
import { filesSource } from './load-tree.ts';
import type { Recovered } from './recover.ts';
import { decodeTenant } from './tenant-name.ts';
import type { TenantTree } from './tenant-tree.ts';
import type { TreeBook } from './tree-book.ts';

const CONCURRENT_TENANTS = 8;

/** What {@link verifyCheckpoints} looks at. */
export interface CheckpointCheck {
  /** The folder of all tenants. */
  readonly folder: string;
  readonly files: AuditFiles;
  readonly signer: Signer;
  readonly book: TreeBook;
  readonly end: Recovered['end'];
}

/**
 * Holds every tree against its signed checkpoint: it must have as many entries, and the same ones.
 *
 * @throws {@link AuditDamagedError} when one is shorter, or others
 */
export async function verifyCheckpoints(check: CheckpointCheck): Promise<void> {
  const { folder, files, book } = check;
  await each(await files.list(folder), CONCURRENT_TENANTS, async (name) => {
    const tenant = decodeTenant(name);
    const note = tenant === undefined ? undefined : await readNote(files, path.join(folder, name));
    if (tenant === undefined || note === undefined) return;
    await verifyTree(check, book.obtain(tenant), note);
  });
}

/** The checkpoint of a tenant. It is not synced, so a loss of power may leave an empty file, or one of zeros. */
async function readNote(files: AuditFiles, folder: string): Promise<string | undefined> {
  const bytes = await files.read(path.join(folder, CHECKPOINT_PATH));
  return bytes === undefined || bytes.every((byte) => byte === 0) ? undefined : Buffer.from(bytes).toString();
}

async function verifyTree(check: CheckpointCheck, tree: TenantTree, note: string): Promise<void> {
  const checkpoint = openCheckpoint(check.signer, tree, note);
  const { tenant, size } = tree;
  if (checkpoint.size > size) {
    const place = check.end ?? { file: 'wal', offset: 0 };
    throw new AuditDamagedError(`there are ${size} entries where ${checkpoint.size} were signed`, {
      tenant,
      index: size,
      ...place,
    });
  }
  const source = tree.overlay(filesSource(check.files, tree.folder));
  const root =
    checkpoint.size === size
      ? tree.root()
      : // Through the tiles of the whole tree: those at the edge of a smaller one were not synced.
        await rootOf(tileReader(source, size), checkpoint.size).catch((cause: unknown) => {
          throw damagedTree(tree, 'entries cannot be read', undefined, cause);
        });
  if (Buffer.compare(root, checkpoint.root) !== 0) {
    throw damagedTree(tree, `the first ${checkpoint.size} entries are not those that were signed`, undefined);
  }
  tree.published = checkpoint;
}

function openCheckpoint(signer: Signer, tree: TenantTree, note: string): PublishedCheckpoint {
  try {
    const { text } = openNote(note, [verifierFrom(vkeyOf(tree.origin, signer))]);
    const checkpoint = parseCheckpoint(text);
    if (checkpoint.origin !== tree.origin) throw new TypeError(`it is of ${checkpoint.origin}`);
    return { ...checkpoint, note };
  } catch (cause) {
    throw damagedTree(tree, 'the checkpoint is not signed by this log', undefined, cause);
  }
}

function damagedTree(tree: TenantTree, what: string, index: number | undefined, cause?: unknown) {
  const file = path.posix.join('logs', path.basename(tree.folder), CHECKPOINT_PATH);
  return new AuditDamagedError(what, { tenant: tree.tenant, index, file, offset: undefined }, { cause });
}
