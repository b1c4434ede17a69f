import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import type { SealedSegment, WalWriter } from '../wal/wal-writer.ts';
import { each } from './each.ts';
import { TenantTree } from './tenant-tree.ts';

const CONCURRENT_SYNCS = 2;

/** What a {@link Retirer} needs. */
export interface RetirerOptions {
  readonly files: AuditFiles;
  /** The folder of the log. */
  readonly dir: string;
  readonly wal: WalWriter;
  /** Hears of a failure, after which nothing is retired any more. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * Removes segments of the write-ahead log whose entries are all in bundles and tiles, after these are on the disk. It
 * is the only place where files of the tree are synced, and where files at a former edge are removed: until then they
 * are what a restart would begin from.
 */
export class Retirer {
  private readonly options: RetirerOptions;
  private running: Promise<void> | undefined;
  private failed = false;

  constructor(options: RetirerOptions) {
    this.options = options;
  }

  /** Retires what can be retired. */
  start(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async run(): Promise<void> {
    const { wal, onFailed } = this.options;
    for (let next = wal.oldest; !this.failed && next !== undefined && isWritten(next); next = wal.oldest) {
      try {
        await this.retire(next);
        wal.sealed.shift();
      } catch (error) {
        // A second sync might tell of a success that was none. The segments stay, and a restart writes all files anew.
        this.failed = true;
        onFailed(error);
      }
    }
  }

  private async retire(segment: SealedSegment): Promise<void> {
    const { files, dir } = this.options;
    const paths = treesOf(segment).flatMap((tree) =>
      tree.takeUnsynced().map((file) => path.join(tree.folder, file)),
    );
    await each(paths, CONCURRENT_SYNCS, (file) => files.sync(file));
    await each(foldersAbove(paths, dir), CONCURRENT_SYNCS, (folder) => files.sync(folder));
    const full = paths.filter((file) => !file.includes('.p/'));
    await each(full, CONCURRENT_SYNCS, (file) => files.remove(`${file}.p`));
    await files.remove(segment.path);
    await files.sync(path.dirname(segment.path));
  }
}

function treesOf(segment: SealedSegment): readonly TenantTree[] {
  return [...segment.sizes.keys()].filter((tree) => tree instanceof TenantTree);
}

function isWritten(segment: SealedSegment): boolean {
  return [...segment.sizes].every(([tree, size]) => tree instanceof TenantTree && tree.written >= size);
}

/** The folders that hold paths, and those that hold them, up to a folder. */
function foldersAbove(paths: readonly string[], top: string): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of paths) {
    for (let folder = path.dirname(file); folder.startsWith(top) && !folders.has(folder);) {
      folders.add(folder);
      folder = path.dirname(folder);
    }
  }
  return folders;
}
