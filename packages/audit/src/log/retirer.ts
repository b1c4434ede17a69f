import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { entryBundlePath } from '../tiles/paths.ts';
import { FrameWriter } from '../wal/frame.ts';
import { segmentName, writeHeader } from '../wal/segment.ts';
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
  /** Hears of a failure; the next round tries again. */
  readonly onFailed: (error: unknown) => void;
  /** Hears that a file could not be synced, after which nothing is retired any more. */
  readonly onUnsynced: (error: unknown) => void;
}

/** How a tree is taken over into a base. */
interface Carried {
  readonly tree: TenantTree;
  /** Its size at the end of the segments that go. */
  readonly size: number;
  /** Its entries that no full bundle holds. */
  readonly entries: readonly Uint8Array[];
}

/**
 * Removes segments of the write-ahead log whose entries are in full bundles and tiles, after these are on the disk. The
 * entries at the edges, which are in no full bundle yet, go into a base: one segment in the place of all the others. So
 * the files at the edges, of which there may be thousands, need not be synced one by one.
 */
export class Retirer {
  private readonly options: RetirerOptions;
  // Folders whose names are on the disk, as far as this process knows.
  private readonly named = new Set<string>();
  private running: Promise<void> | undefined;
  private unsynced = false;

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
    try {
      for (let ready = this.ready(); ready.length > 0; ready = this.ready()) await this.retire(ready);
    } catch (error) {
      if (this.unsynced) this.options.onUnsynced(error);
      else this.options.onFailed(error);
    }
  }

  /** The oldest segments that may go, when there are enough of them to be worth a base. */
  private ready(): readonly SealedSegment[] {
    if (this.unsynced) return [];
    const segments = this.options.wal.replaceable();
    const end = segments.findIndex(
      (segment) => !treesIn([segment]).every((tree) => isWritten(tree, segment)),
    );
    const written = end < 0 ? segments : segments.slice(0, end);
    const fresh = written.filter(({ kind }) => kind === 'wal').reduce((sum, { bytes }) => sum + bytes, 0);
    const carried = treesIn(written).reduce((sum, tree) => sum + tree.edgeBytes, 0);
    return fresh > 0 && fresh >= carried ? written : [];
  }

  private async retire(segments: readonly SealedSegment[]): Promise<void> {
    const { files, wal } = this.options;
    const last = segments.at(-1);
    if (last === undefined) return;
    const fresh = new Set(treesIn(segments.filter(({ kind }) => kind === 'wal')));
    const isIdle = (tree: TenantTree) => !fresh.has(tree) && tree.size === last.sizes.get(tree);
    // From here to the first await: one state of the trees, which go on growing.
    const trees = treesIn(segments);
    const edges = new Map(trees.filter((tree) => isIdle(tree)).map((tree) => [tree, edgeBundle(tree)]));
    const full = trees.flatMap((tree) => tree.takeUnsynced().map((file) => path.join(tree.folder, file)));
    const carried = trees.map((tree): Carried => {
      const size = last.sizes.get(tree) ?? 0;
      return { tree, size, entries: edges.has(tree) || tree.isFullAt(size) ? [] : tree.edgeEntries(size) };
    });
    const partial = [...edges].flatMap(([tree, file]) =>
      file === undefined ? [] : path.join(tree.folder, file),
    );
    // At once, for a tree that fills its bundle during the syncs must not have the partial one removed.
    for (const [tree, file] of edges) tree.anchor = file && path.dirname(file);
    // A second sync might tell of a success that was none: should this one fail, the segments stay, and a restart writes
    // all files anew.
    this.unsynced = true;
    await this.sync([...full, ...partial]);
    this.unsynced = false;
    const base = await this.writeBase(last, carried);
    for (const tree of trees) if (!edges.has(tree)) tree.anchor = undefined;
    for (const segment of segments) await files.remove(segment.path);
    await files.sync(path.dirname(last.path));
    wal.replace(segments.length, base);
  }

  /** Syncs files and their names. */
  private async sync(paths: readonly string[]): Promise<void> {
    const { files } = this.options;
    await each(paths, CONCURRENT_SYNCS, (file) => files.sync(file));
    const folders = new Set<string>();
    for (const file of paths) this.collectFolders(path.dirname(file), folders);
    await each(folders, CONCURRENT_SYNCS, (folder) => files.sync(folder));
    for (const folder of folders) this.named.add(folder);
  }

  /** A folder, and those above it as long as their names are new. */
  private collectFolders(folder: string, into: Set<string>): void {
    into.add(folder);
    if (folder !== this.options.dir && !this.named.has(folder))
      this.collectFolders(path.dirname(folder), into);
  }

  private async writeBase(last: SealedSegment, carried: readonly Carried[]): Promise<SealedSegment> {
    const { files } = this.options;
    const frames = new FrameWriter();
    const begins = new Map(carried.map(({ tree, size, entries }) => [tree, size - entries.length]));
    const tenants = [...last.sizes].map(([tree, size]) => ({
      number: tree.number,
      tenant: tree.tenant,
      assigned: begins.get(tree as TenantTree) ?? size,
    }));
    writeHeader(frames, tenants);
    for (const { tree, size, entries } of carried) {
      for (const [at, entry] of entries.entries()) {
        frames.entry(tree.number, 0, size - entries.length + at, entry);
      }
    }
    const file = path.join(path.dirname(last.path), segmentName(last.ordinal, 'base'));
    const draft = `${file}.new`;
    await files.remove(draft);
    const handle = await files.create(draft);
    try {
      await handle.write(frames.bytes, frames.length);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await files.rename(draft, file);
    await files.sync(path.dirname(file));
    const touched = new Set(carried.filter(({ entries }) => entries.length > 0).map(({ tree }) => tree));
    return { ...last, kind: 'base', path: file, bytes: frames.length, touched };
  }
}

function treesIn(segments: readonly SealedSegment[]): readonly TenantTree[] {
  const trees = new Set(segments.flatMap(({ touched }) => [...touched]));
  return [...trees].filter((tree) => tree instanceof TenantTree);
}

/** Whether the entries of a tree up to the end of a segment are in files: in a full bundle, once theirs is full. */
function isWritten(tree: TenantTree, { sizes }: SealedSegment): boolean {
  const size = sizes.get(tree) ?? 0;
  return tree.written >= (tree.isFullAt(size) ? Math.ceil(size / TILE_WIDTH) * TILE_WIDTH : size);
}

/** The bundle at the edge of a tree, as far as it is published; nothing where there is no entry at the edge. */
function edgeBundle(tree: TenantTree): string | undefined {
  const width = tree.size % TILE_WIDTH;
  return width === 0 ? undefined : entryBundlePath(Math.floor(tree.size / TILE_WIDTH), width);
}
