import path from 'node:path';
import type { AppendFile, AuditFiles, FileIdentity } from '../files/audit-files.ts';
import { FrameWriter } from './frame.ts';
import { newSalt, segmentName, writeHeader, type SegmentFile, type SegmentTenant } from './segment.ts';

/** A tenant's tree as the write-ahead log sees it. */
export interface WalTree extends SegmentTenant {
  /** How many entries are durable or on their way to the disk: the index that the next one gets. */
  assigned: number;
  /** The segment that knows the tenant. */
  declaredIn: number;
}

/** An entry on its way to the disk. */
export interface WalEntry {
  readonly tree: WalTree;
  readonly leaf: Uint8Array;
  /** Its place in the tree; set when it is written. */
  index: number;
}

/** A segment that nothing is written to any more. */
export interface SealedSegment {
  readonly path: string;
  readonly ordinal: number;
  readonly kind: SegmentFile['kind'];
  readonly bytes: number;
  /** The trees with entries in it. */
  readonly touched: ReadonlySet<WalTree>;
  /** How large all trees were at its end. */
  readonly sizes: ReadonlyMap<WalTree, number>;
}

/** The file of the log that was being written is gone, was replaced or has another length than it should have. */
export class FileLostError extends Error {
  override readonly name = 'FileLostError';
  readonly code = 'ERR_AUDIT_FILE_LOST';
}

interface ActiveSegment {
  readonly ordinal: number;
  readonly path: string;
  readonly file: AppendFile;
  readonly identity: FileIdentity;
  readonly salt: number;
  readonly touched: Set<WalTree>;
  /** Bytes that are on the disk. */
  bytes: number;
}

/** What a {@link WalWriter} needs. */
export interface WalWriterOptions {
  readonly files: AuditFiles;
  readonly folder: string;
  /** The number of the first segment to write. */
  readonly ordinal: number;
  /** All trees, for the header of a segment. */
  readonly trees: () => Iterable<WalTree>;
  /** Bytes after which a segment is sealed. */
  readonly segmentBytes: number;
}

const nobodyElse = () => Promise.resolve();

/** How many entries all trees have. */
export function sizesOf(trees: Iterable<WalTree>): ReadonlyMap<WalTree, number> {
  return new Map([...trees].map((tree) => [tree, tree.assigned]));
}

/** Writes batches of entries to segments; a batch is on the disk when `write` resolves, as a whole. */
export class WalWriter {
  /** Segments that are sealed, the oldest first. */
  readonly sealed: SealedSegment[] = [];
  private readonly options: WalWriterOptions;
  private readonly frames = new FrameWriter();
  private ordinal: number;
  private active: ActiveSegment | undefined;

  constructor(options: WalWriterOptions) {
    this.options = options;
    this.ordinal = options.ordinal;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.sealed.reduce((sum, segment) => sum + segment.bytes, this.active?.bytes ?? 0);
  }

  /** The segments that may be replaced: there is a later one, which tells by its header how large the trees were. */
  replaceable(): readonly SealedSegment[] {
    return this.sealed.slice(0, this.active === undefined ? -1 : undefined);
  }

  /** Puts one segment in the place of the oldest ones. */
  replace(count: number, base: SealedSegment): void {
    this.sealed.splice(0, count, base);
  }

  /** Makes a segment if there is none to write to. */
  async open(): Promise<void> {
    this.active ??= await this.create(nobodyElse);
  }

  /**
   * Writes entries and waits for the disk; on failure none of them counts as written.
   *
   * @param checkLock - rejects when another writer may have the directory. Asked after the bytes were written: whoever
   *   takes the directory after it was answered finds them there.
   */
  async write(batch: readonly WalEntry[], checkLock = nobodyElse): Promise<void> {
    if (this.active !== undefined && this.active.bytes >= this.options.segmentBytes) await this.seal();
    this.active ??= await this.create(checkLock);
    const { active } = this;
    this.encode(active, batch);
    try {
      await active.file.write(this.frames.bytes, this.frames.length);
      // The kernel answers the questions about the names while it writes.
      await Promise.all([active.file.sync(), this.checkIdentity(active, this.frames.length), checkLock()]);
    } catch (error) {
      for (const { tree } of batch) tree.assigned--;
      // A file that is not ours alone is left as it is: another writer may count on what stands in it.
      await this.abandon(active, error instanceof FileLostError);
      throw error;
    }
    active.bytes += this.frames.length;
  }

  /** Ends writing; what is written stays. */
  async close(): Promise<void> {
    await this.active?.file.close();
    this.active = undefined;
  }

  /** Seals the segment that is being written, so that it can be retired. */
  async seal(): Promise<void> {
    const { active } = this;
    if (active === undefined) return;
    this.active = undefined;
    this.retain(active);
    await active.file.close();
  }

  private encode(active: ActiveSegment, batch: readonly WalEntry[]): void {
    const { frames } = this;
    frames.clear();
    frames.salt = active.salt;
    for (const entry of batch) {
      const { tree, leaf } = entry;
      if (tree.declaredIn !== active.ordinal) {
        frames.tenant(tree.number, active.bytes, tree.assigned, tree.tenant);
        tree.declaredIn = active.ordinal;
      }
      entry.index = tree.assigned++;
      frames.entry(tree.number, active.bytes, entry.index, leaf);
      active.touched.add(tree);
    }
  }

  private async checkIdentity(active: ActiveSegment, written: number): Promise<void> {
    const found = await this.options.files.identity(active.path);
    const { device, inode } = active.identity;
    if (found?.inode !== inode || found.device !== device || found.size !== active.bytes + written) {
      throw new FileLostError(`${path.basename(active.path)} was removed, replaced or cut under the log`);
    }
  }

  /**
   * After a failed write or sync nobody knows what of the batch is on the disk, and a second sync of the same file might
   * tell of a success that was none. So the segment is never written to again; the next one tells by its header how much
   * of this one counts.
   */
  private async abandon(active: ActiveSegment, lost: boolean): Promise<void> {
    this.active = undefined;
    this.retain(active);
    if (!lost) await active.file.truncate(active.bytes).catch(() => undefined);
    await active.file.close().catch(() => undefined);
  }

  private retain(active: ActiveSegment): void {
    const { path, ordinal, bytes, touched } = active;
    this.sealed.push({ path, ordinal, kind: 'wal', bytes, touched, sizes: sizesOf(this.options.trees()) });
  }

  /** Makes a segment under a draft's name, so that one with a proper name always has its header. */
  private async create(checkLock: () => Promise<void>): Promise<ActiveSegment> {
    const { files, folder, trees } = this.options;
    const ordinal = this.ordinal;
    const file = path.join(folder, segmentName(ordinal));
    const draft = `${file}.new`;
    const salt = newSalt();
    const header = new FrameWriter(salt);
    const known = [...trees()];
    writeHeader(header, known);
    const handle = await files.create(draft);
    try {
      await handle.write(header.bytes, header.length);
      await handle.sync();
      // Another writer may have a segment of that name.
      await checkLock();
      await files.rename(draft, file);
      await files.sync(folder);
      this.ordinal++;
      for (const tree of known) tree.declaredIn = ordinal;
      const identity = await handle.identity();
      return { ordinal, path: file, file: handle, identity, salt, touched: new Set(), bytes: header.length };
    } catch (error) {
      await handle.close().catch(() => undefined);
      await files.remove(draft).catch(() => undefined);
      throw error;
    }
  }
}
