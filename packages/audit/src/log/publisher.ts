import path from 'node:path';
import type { Clock, Timer } from '@holdfast/pipeline';
import type { AuditFiles } from '../files/audit-files.ts';
import { emptyRoot } from '../merkle/hash.ts';
import { formatCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { signNote } from '../note/note.ts';
import { noteSigner, type Signer } from '../note/signer.ts';
import { CHECKPOINT_PATH } from '../tiles/paths.ts';
import { each } from './each.ts';
import type { TenantTree } from './tenant-tree.ts';

/** Files written at a time: the threads of the pool are also those that commits wait for. */
const CONCURRENT_FILES = 2;

/** How much longer than a round the pause after it is, at least. */
const REST = 3;

/** What a {@link Publisher} needs. */
export interface PublisherOptions {
  readonly files: AuditFiles;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly checkpointEveryMs: number;
  /** Where files are drafted: a folder on the same file system. */
  readonly drafts: string;
  /** Looks whether the directory is still ours, before each round; nothing is published when it rejects. */
  readonly check: () => Promise<void>;
  /** Hears that the directory is not ours any more. */
  readonly onLost: (error: unknown) => void;
  /** Hears of each checkpoint that was published. */
  readonly onPublished: (tree: TenantTree) => void;
  /** Hears of a tree that could not be published. */
  readonly onFailed: (tree: TenantTree, error: unknown) => void;
  /** Hears that files of a tree were written. */
  readonly onWritten: () => void;
  /** Hears that a round of publishing ended. */
  readonly onRound: () => void;
}

/**
 * Writes tiles, bundles and signed checkpoints: full tiles as they come, the edge and the checkpoint of each tree that
 * changed once an interval. A checkpoint is put in place after everything that it covers.
 */
export class Publisher {
  private readonly options: PublisherOptions;
  private readonly changed = new Set<TenantTree>();
  private readonly filled = new Set<TenantTree>();
  private timer: Timer | undefined;
  private due = false;
  private running: Promise<void> | undefined;
  private draft = 0;
  private nextRoundMs = -Infinity;
  private failures: unknown[] = [];

  constructor(options: PublisherOptions) {
    this.options = options;
  }

  /** Notes that a tree has new entries. */
  note(tree: TenantTree): void {
    this.changed.add(tree);
    if (tree.unwritten.size > 0) this.filled.add(tree);
  }

  /** Bytes of full files that are not written yet; they grow while the disk takes none, or not fast enough. */
  get backlogBytes(): number {
    let bytes = 0;
    for (const tree of this.changed) bytes += tree.unwrittenBytes;
    return bytes;
  }

  /** Begins to write what is full, and plans the next checkpoint. */
  kick(): void {
    if (this.filled.size > 0) void this.start();
    if (this.changed.size === 0 || this.timer !== undefined) return;
    const { clock } = this.options;
    const delayMs = Math.max(0, this.nextRoundMs - clock.now());
    this.timer = clock.setTimer(() => {
      this.timer = undefined;
      this.due = true;
      void this.start();
    }, delayMs);
    this.timer.unref();
  }

  /** Publishes all trees that have changed; rejects when one of them could not be. */
  async publish(): Promise<void> {
    // A round that is under way may have begun before the last entry.
    while (this.running !== undefined) await this.running;
    this.due = true;
    await this.start();
    if (this.failures.length > 0) throw this.failures[0];
  }

  /** Stops planning checkpoints. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private start(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.due || this.filled.size > 0) {
      if (this.due) {
        this.due = false;
        await this.round();
      } else {
        await this.writeFilled();
      }
    }
  }

  private async round(): Promise<void> {
    const { clock, checkpointEveryMs, check, onFailed, onLost, onRound } = this.options;
    const startMs = clock.now();
    this.nextRoundMs = startMs + checkpointEveryMs;
    this.failures = [];
    try {
      await check();
    } catch (error) {
      this.failures.push(error);
      onLost(error);
      return;
    }
    const trees = [...this.changed];
    this.changed.clear();
    this.filled.clear();
    await each(trees, CONCURRENT_FILES, async (tree) => {
      try {
        await this.publishTree(tree);
      } catch (error) {
        this.failures.push(error);
        this.changed.add(tree);
        onFailed(tree, error);
      }
    });
    // Thousands of trees may take longer than the interval; appends get most of the time all the same.
    const endMs = clock.now();
    this.nextRoundMs = Math.max(this.nextRoundMs, endMs + REST * (endMs - startMs));
    onRound();
    this.kick();
  }

  /** Writes full tiles and bundles between checkpoints, so that they do not pile up. */
  private async writeFilled(): Promise<void> {
    for (const tree of this.filled) {
      this.filled.delete(tree);
      // What fails here is told of and tried again with the next checkpoint.
      await this.writeFiles(tree, [...tree.unwritten]).catch(() => undefined);
      this.options.onWritten();
    }
  }

  private async publishTree(tree: TenantTree): Promise<void> {
    // From here to the first await: one state of the tree.
    const { size, origin } = tree;
    const root = tree.root();
    const files = [...tree.unwritten, ...tree.edge()];
    await this.writeFiles(tree, files);
    tree.written = size;
    this.options.onWritten();
    if (size === tree.published?.size) return;
    await this.sign(tree, { origin, size, root, extensions: [] });
    this.options.onPublished(tree);
    // The specification lets partial files go once the full one is there.
    for (const folder of tree.takeObsolete()) await this.options.files.remove(path.join(tree.folder, folder));
  }

  /**
   * Tiles without a checkpoint are what a log looks like from which somebody removed it: a new tree begins with that of
   * none. While there is no signature to be had its files come all the same; they would pile up.
   */
  private async begin(tree: TenantTree): Promise<void> {
    const none = { origin: tree.origin, size: 0, root: emptyRoot(), extensions: [] };
    await this.sign(tree, none).catch(() => undefined);
  }

  private async sign(tree: TenantTree, checkpoint: Checkpoint): Promise<void> {
    const signer = noteSigner(checkpoint.origin, this.options.signer);
    const note = await signNote(formatCheckpoint(checkpoint), [signer]);
    await this.write(tree, CHECKPOINT_PATH, Buffer.from(note));
    tree.published = { ...checkpoint, note };
  }

  private async writeFiles(tree: TenantTree, files: Iterable<readonly [string, Uint8Array]>): Promise<void> {
    if (tree.published === undefined && (await this.options.files.list(tree.folder)).length === 0) {
      await this.begin(tree);
    }
    await each(files, CONCURRENT_FILES, async ([file, bytes]) => {
      await this.write(tree, file, bytes);
      tree.wrote(file);
    });
  }

  private write(tree: TenantTree, file: string, bytes: Uint8Array): Promise<void> {
    const draft = path.join(this.options.drafts, String(this.draft++));
    return this.options.files.replace(path.join(tree.folder, file), bytes, draft);
  }
}
