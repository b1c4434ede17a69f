import { check, createEmitter, integer, type Emitter } from '@holdfast/pipeline';
import type { HashReader } from '../merkle/hash-reader.ts';
import { MAX_ENTRY_BYTES } from '../tiles/entry-bundle.ts';
import { tileReader } from '../tiles/tile-reader.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { WalWriter } from '../wal/wal-writer.ts';
import type {
  Appended,
  AuditEngine,
  Cursor,
  EngineStats,
  PublishedCheckpoint,
  StoredEntry,
} from './engine.ts';
import type { EngineEvent } from './engine-events.ts';
import type { EngineSettings } from './engine-options.ts';
import { readEntries } from './entries.ts';
import { followEntries } from './follow.ts';
import { GroupCommit } from './group-commit.ts';
import { filesSource } from './load-tree.ts';
import type { DirectoryLock } from './lock.ts';
import { Publisher } from './publisher.ts';
import { Retirer } from './retirer.ts';
import { tenantRule } from './tenant-name.ts';
import type { TenantTree } from './tenant-tree.ts';
import type { TreeBook } from './tree-book.ts';

/** What an engine is made of. */
export interface EngineParts {
  readonly settings: EngineSettings;
  readonly lock: DirectoryLock;
  readonly book: TreeBook;
  readonly wal: WalWriter;
  /** Where files are drafted. */
  readonly drafts: string;
}

/** What is durable stays in memory until it is in files; a disk that takes none must not fill the memory. */
const MAX_BACKLOG_BYTES = 128 * 1024 * 1024;

type Batch = readonly { readonly tree: TenantTree; readonly leaf: Uint8Array }[];

export class LogEngine implements AuditEngine {
  readonly dir: string;
  readonly origin: string;
  private readonly settings: EngineSettings;
  private readonly lock: DirectoryLock;
  private readonly book: TreeBook;
  private readonly wal: WalWriter;
  private readonly commits: GroupCommit;
  private readonly publisher: Publisher;
  private readonly retirer: Retirer;
  private readonly events: Emitter<EngineEvent>;
  private readonly durable: Emitter<{ readonly type: 'durable' }>;
  private closing: Promise<void> | undefined;

  constructor({ settings, lock, book, wal, drafts }: EngineParts) {
    const { dir, origin, files, clock, signer } = settings;
    this.dir = dir;
    this.origin = origin;
    this.settings = settings;
    this.lock = lock;
    this.book = book;
    this.wal = wal;
    this.events = createEmitter<EngineEvent>(settings.onListenerError);
    this.durable = createEmitter<{ readonly type: 'durable' }>(settings.onListenerError);
    this.commits = new GroupCommit({
      wal,
      checkLock: () => lock.check(),
      clock,
      maxPending: settings.maxPending,
      ackTimeoutMs: settings.ackTimeoutMs,
      onDurable: (batch) => this.take(batch),
      mustWait: () => this.congested(),
      onFailed: (entries, error) => this.failed(entries, error),
      onRecovered: () => this.events.emit({ type: 'audit.write_recovered' }),
    });
    this.publisher = new Publisher({
      files,
      signer,
      clock,
      drafts,
      checkpointEveryMs: settings.checkpointEveryMs,
      check: () => lock.check(),
      onLost: (error) => this.break(error),
      onPublished: ({ tenant, size }) =>
        this.events.emit({ type: 'audit.checkpoint_published', tenant, size }),
      onFailed: ({ tenant }, error) => this.events.emit({ type: 'audit.publish_failed', tenant, error }),
      onWritten: () => this.congested() || this.commits.resume(),
      onRound: () => void this.retirer.start(),
    });
    this.retirer = new Retirer({
      files,
      dir,
      wal,
      onFailed: (error) => this.events.emit({ type: 'audit.retire_failed', error }),
      onUnsynced: (error) => this.break(error),
    });
    for (const tree of book.all()) if (tree.size !== (tree.published?.size ?? 0)) this.publisher.note(tree);
    for (const { touched } of wal.sealed) for (const tree of touched) this.publisher.note(tree as TenantTree);
    this.publisher.kick();
  }

  append(tenant: string, leaf: Uint8Array): Promise<Appended> {
    const known = this.book.find(tenant);
    const broken = known === undefined ? tenantRule(tenant) : undefined;
    if (broken !== undefined) return Promise.reject(new TypeError(`append: tenant ${broken}`));
    if (leaf.length > MAX_ENTRY_BYTES) {
      return Promise.reject(
        new RangeError(`append: leaf must have at most ${MAX_ENTRY_BYTES} bytes, got ${leaf.length}`),
      );
    }
    const refusal = this.commits.refuse();
    if (refusal !== undefined) return Promise.reject(refusal);
    return this.commits.append(known ?? this.book.obtain(tenant), leaf);
  }

  tenants(): readonly string[] {
    this.commits.apply();
    return [...this.book.all()].filter(({ size }) => size > 0).map(({ tenant }) => tenant);
  }

  size(tenant: string): number {
    this.commits.apply();
    return this.book.find(tenant)?.size ?? 0;
  }

  originOf(tenant: string): string {
    return this.treeOf(tenant).origin;
  }

  folderOf(tenant: string): string {
    return this.treeOf(tenant).folder;
  }

  checkpoint(tenant: string): PublishedCheckpoint | undefined {
    return this.book.find(tenant)?.published;
  }

  source(tenant: string): TileSource {
    const tree = this.treeOf(tenant);
    return tree.overlay(filesSource(this.settings.files, tree.folder));
  }

  hashes(tenant: string, size: number): HashReader {
    const whole = this.size(tenant);
    check('hashes: size', size, integer(0, whole));
    return tileReader(this.source(tenant), whole);
  }

  entries(tenant: string, from: number, to?: number): AsyncIterable<StoredEntry> {
    const size = this.size(tenant);
    check('entries: to', to ?? size, integer(0, size));
    check('entries: from', from, integer(0, to ?? size));
    return readEntries(this.source(tenant), tenant, from, to ?? size);
  }

  follow(cursor: Cursor, signal: AbortSignal): AsyncIterable<readonly StoredEntry[]> {
    return followEntries(this, cursor, signal);
  }

  onDurable(listener: () => void): () => void {
    return this.durable.subscribe(listener);
  }

  on: AuditEngine['on'] = (type, listener) => this.events.on(type, listener);

  subscribe: AuditEngine['subscribe'] = (listener) => this.events.subscribe(listener);

  stats(): EngineStats {
    this.commits.apply();
    const { state, failure, pending, appended, failed, commits, lastCommitMs, totalCommitMs } = this.commits;
    const trees = [...this.book.all()].filter(({ size }) => size > 0);
    return {
      state,
      failure,
      pending,
      appended,
      failed,
      commits,
      lastCommitMs,
      totalCommitMs,
      unpublished: trees.reduce((sum, tree) => sum + tree.size - (tree.published?.size ?? 0), 0),
      walBytes: this.wal.bytes,
      tenants: trees.length,
    };
  }

  async flush(): Promise<void> {
    await this.commits.whenSettled();
    this.commits.apply();
    await this.publisher.publish();
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    if (this.commits.state !== 'broken') this.commits.stop('closed', undefined);
    try {
      await this.flush();
      await this.retirer.start();
    } finally {
      this.commits.stop('closed', undefined);
      this.publisher.stop();
      await this.wal.close().finally(() => this.lock.release());
      this.durable.emit({ type: 'durable' });
    }
  }

  /** Entries are durable: they become part of their trees. */
  private take(batch: Batch): void {
    for (const { tree, leaf } of batch) {
      tree.append(leaf);
      this.publisher.note(tree);
    }
    this.publisher.kick();
    if (this.durable.active) this.durable.emit({ type: 'durable' });
  }

  private congested(): boolean {
    return this.publisher.backlogBytes > MAX_BACKLOG_BYTES;
  }

  private failed(entries: number, error: unknown): void {
    const broken = this.commits.state === 'broken';
    this.events.emit({ type: 'audit.write_failed', entries, broken, error });
  }

  private break(error: unknown): void {
    this.commits.stop('broken', error);
    this.failed(0, error);
  }

  /** Tenants that nobody has appended to have an empty tree, which is not kept. */
  private treeOf(tenant: string): TenantTree {
    check('tenant', tenant, tenantRule);
    return this.book.find(tenant) ?? this.book.imagine(tenant);
  }
}
