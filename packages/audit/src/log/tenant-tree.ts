import path from 'node:path';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import type { Hasher } from '../merkle/hash.ts';
import { MerkleTree } from '../merkle/merkle-tree.ts';
import { decodeBundle } from '../tiles/entry-bundle.ts';
import { entryBundlePath, tilePath } from '../tiles/paths.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { WalTree } from '../wal/wal-writer.ts';
import { BundleBuilder } from './bundle-builder.ts';
import type { PublishedCheckpoint } from './engine.ts';
import { encodeTenant } from './tenant-name.ts';

/** A file of a tenant's tree: its path relative to the tenant's folder, and its bytes. */
export type TreeFile = readonly [path: string, bytes: Uint8Array];

/** What a {@link TenantTree} needs. */
export interface TenantTreeOptions {
  readonly tenant: string;
  readonly number: number;
  /** The origin of the log. */
  readonly origin: string;
  /** The folder of all tenants. */
  readonly folder: string;
  readonly hasher: Hasher;
}

const PARTIAL = /^(.*)\.p\/([1-9][0-9]*)$/;

/** The log of one tenant in memory: the right edge of its tree, and the files that are not on disk yet. */
export class TenantTree implements WalTree {
  readonly tenant: string;
  readonly number: number;
  /** Names the tree in checkpoints, and the key that signs them. */
  readonly origin: string;
  /** Where its files are. */
  readonly folder: string;
  assigned = 0;
  declaredIn = -1;
  /** How many entries are in files; not all of these need be on the disk yet. */
  written = 0;
  /** The last checkpoint that was published. */
  published: PublishedCheckpoint | undefined;
  /** Full tiles and bundles that are to be written, in the order in which they became full. */
  readonly unwritten = new Map<string, Uint8Array>();
  /** How many bytes these have. */
  unwrittenBytes = 0;
  private readonly merkle: MerkleTree;
  private readonly bundle = new BundleBuilder();
  /** The folder of partial bundles that the write-ahead log counts on: what it holds begins after these entries. */
  anchor: string | undefined;
  // Full files that were written, but maybe are not on the disk yet.
  private unsynced: string[] = [];
  // Folders of partial files whose full file is there.
  private obsolete: string[] = [];
  private readonly edgeFiles = new Map<string, string>();

  constructor({ tenant, number, origin, folder, hasher }: TenantTreeOptions) {
    const encoded = encodeTenant(tenant);
    this.tenant = tenant;
    this.number = number;
    this.origin = `${origin}/${encoded}`;
    this.folder = path.join(folder, encoded);
    this.merkle = new MerkleTree(hasher, (level, index, bytes) => this.fill(tilePath(level, index), bytes));
  }

  /** How many durable entries there are. */
  get size(): number {
    return this.merkle.size;
  }

  /** The root of the tree. */
  root(): Buffer {
    return this.merkle.root();
  }

  /** Takes an entry that is durable. */
  append(leaf: Uint8Array): void {
    this.bundle.push(leaf);
    this.merkle.append(leaf);
    if (this.size % TILE_WIDTH === 0) {
      this.fill(entryBundlePath(this.size / TILE_WIDTH - 1), this.bundle.take());
    }
  }

  /** Goes on from a size, given the entries of the bundle at the edge and the tiles at the edge of each level. */
  restore(size: number, entries: readonly Uint8Array[], partials: readonly Uint8Array[]): void {
    this.merkle.restore(size, partials);
    for (const entry of entries) this.bundle.push(entry);
    this.assigned = size;
    this.written = size;
  }

  /** The tiles and the bundle at the edge that are not full, where they differ from what was written last. */
  edge(): readonly TreeFile[] {
    const width = this.size % TILE_WIDTH;
    const files: TreeFile[] = [];
    if (width > 0) files.push([entryBundlePath(this.bundleIndex, width), this.bundle.first(width)]);
    for (let level = 0; level < this.merkle.levels; level++) {
      const hashes = this.merkle.partial(level);
      const index = Math.floor(this.size / TILE_WIDTH ** (level + 1));
      if (hashes.length > 0) files.push([tilePath(level, index, hashes.length / HASH_BYTES), hashes]);
    }
    return files.filter(([file]) => this.edgeFiles.get(path.dirname(file)) !== file);
  }

  /** Notes that a file was written. */
  wrote(file: string): void {
    const partial = PARTIAL.exec(file);
    if (partial === null) {
      this.unwrittenBytes -= this.unwritten.get(file)?.length ?? 0;
      this.unwritten.delete(file);
      if (this.edgeFiles.delete(`${file}.p`)) this.obsolete.push(`${file}.p`);
      this.unsynced.push(file);
    } else {
      this.edgeFiles.set(path.dirname(file), file);
    }
  }

  /** The full files that are not synced yet; whoever takes them has to do it. */
  takeUnsynced(): readonly string[] {
    const files = this.unsynced;
    this.unsynced = [];
    return files;
  }

  /** Notes, after recovery, that there may be partial files of the process before. */
  inherit(): void {
    for (const [file] of this.edge()) this.edgeFiles.set(path.dirname(file), '');
    for (const file of this.unwritten.keys()) this.edgeFiles.set(`${file}.p`, '');
  }

  /** The folders of partial files that nobody needs any more; whoever takes them has to remove them. */
  takeObsolete(): readonly string[] {
    const folders = this.obsolete.filter((folder) => folder !== this.anchor);
    this.obsolete = this.obsolete.filter((folder) => folder === this.anchor);
    return folders;
  }

  /** Bytes of the bundle at the edge. */
  get edgeBytes(): number {
    return this.bundle.length;
  }

  /** Whether the bundle at the edge of the first `size` entries is full by now. */
  isFullAt(size: number): boolean {
    return this.bundleIndex > Math.floor(size / TILE_WIDTH);
  }

  /** The entries of the bundle at the edge up to a size, while that bundle is not full. */
  edgeEntries(size: number): readonly Uint8Array[] {
    return decodeBundle(this.bundle.first(size % TILE_WIDTH));
  }

  /** The files of the tree in memory, in front of those on disk. */
  overlay(disk: TileSource): TileSource {
    return { read: async (file) => this.inMemory(file) ?? (await disk.read(file)) };
  }

  private fill(file: string, bytes: Uint8Array): void {
    this.unwritten.set(file, bytes);
    this.unwrittenBytes += bytes.length;
  }

  private get bundleIndex(): number {
    return Math.floor(this.size / TILE_WIDTH);
  }

  private inMemory(file: string): Uint8Array | undefined {
    const [, base = '', digits = ''] = PARTIAL.exec(file) ?? [];
    const width = Number(digits);
    if (base === '') return this.unwritten.get(file);
    if (base === entryBundlePath(this.bundleIndex)) {
      return width <= this.size % TILE_WIDTH ? this.bundle.first(width) : undefined;
    }
    for (let level = 0; level < this.merkle.levels; level++) {
      if (base !== tilePath(level, Math.floor(this.size / TILE_WIDTH ** (level + 1)))) continue;
      const hashes = this.merkle.partial(level);
      return width * HASH_BYTES <= hashes.length ? hashes.subarray(0, width * HASH_BYTES) : undefined;
    }
    return undefined;
  }
}
