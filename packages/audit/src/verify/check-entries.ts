import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import { minimumIndexIn } from '../retention/minimum-index.ts';
import { entryBundlePath, tilePath, tileWidth } from '../tiles/paths.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { FindingList } from './finding-list.ts';
import { KeptHeads } from './kept-heads.ts';
import type { VerifySettings } from './options.ts';
import { readAhead } from './read-ahead.ts';
import { TileHasher } from './tile-hasher.ts';
import { TreeCheck } from './tree-check.ts';
import type { TrustedHead } from './trusted-head.ts';

/** What a walk over the entries brought to light beside its findings. */
export interface EntriesRead {
  readonly entriesRead: number;
  readonly minimumIndex: number;
}

/** A file of the log, and for how many entries it was written. */
interface Stored {
  readonly bytes: Uint8Array;
  readonly width: number;
}

/** One bundle and the tile over it, as far as they are there. */
interface Pair {
  readonly bundle: Stored | undefined;
  readonly tile: Stored | undefined;
}

/** Reads a file for a width; a log may have removed a partial one once the full one was there. */
async function readFor(source: TileSource, width: number, path: (width: number) => string) {
  for (const each of width === TILE_WIDTH ? [width] : [width, TILE_WIDTH]) {
    const bytes = await source.read(path(each));
    if (bytes !== undefined) return { bytes, width: each };
  }
  return undefined;
}

async function readPair(source: TileSource, size: number, index: number): Promise<Pair> {
  const width = tileWidth(0, index, size);
  const [bundle, tile] = await Promise.all([
    readFor(source, width, (each) => entryBundlePath(index, each)),
    readFor(source, width, (each) => tilePath(0, index, each)),
  ]);
  return { bundle, tile };
}

/** A pass over all bundles from the first to the last. */
class EntryWalk {
  private entriesRead = 0;
  /** The end of the bundles that are gone from the beginning of the log on. */
  private goneTo = 0;
  /** Where the log begins by its own words. */
  private declared = 0;
  private readonly head: TrustedHead;
  private readonly findings: FindingList;
  private readonly hasher = new TileHasher();
  private readonly tree: TreeCheck;
  private readonly kept: KeptHeads;

  constructor(source: TileSource, head: TrustedHead, kept: readonly TrustedHead[], findings: FindingList) {
    this.head = head;
    this.findings = findings;
    this.tree = new TreeCheck(source, head.size, this.hasher, findings.add);
    this.kept = new KeptHeads(kept, head, findings);
  }

  async take(index: number, { bundle, tile }: Pair): Promise<void> {
    const width = tileWidth(0, index, this.head.size);
    const first = index * TILE_WIDTH;
    const gone = bundle === undefined && width === TILE_WIDTH && this.goneTo === first;
    if (gone) this.goneTo = first + TILE_WIDTH;
    if (bundle === undefined && !gone) this.missing(entryBundlePath(index, width), first, width);
    if (tile === undefined && !gone) this.missing(tilePath(0, index, width), first, width);
    const sides = {
      below: bundle && this.hashesOf(bundle, width),
      tile: tile && this.tileOf(tile, index, width),
    };
    this.kept.passing(first, sides.tile ?? sides.below, this.tree);
    await this.tree.add(index, sides);
  }

  async finish(): Promise<EntriesRead> {
    await this.tree.finish(this.head.root);
    if (this.goneTo > this.declared) this.undeclared();
    return { entriesRead: this.entriesRead, minimumIndex: this.goneTo };
  }

  private hashesOf({ bytes, width: written }: Stored, width: number): Uint8Array {
    if (this.goneTo > 0) this.declared = Math.max(this.declared, minimumIndexIn(bytes));
    this.entriesRead += width;
    const hashes = this.hasher.hashBundle(bytes);
    return written === width ? hashes : hashes.subarray(0, width * HASH_BYTES);
  }

  private tileOf({ bytes, width: written }: Stored, index: number, width: number): Uint8Array | undefined {
    if (bytes.length === written * HASH_BYTES) return bytes.subarray(0, width * HASH_BYTES);
    const file = tilePath(0, index, width);
    const message = `${file} has ${bytes.length} bytes instead of ${written * HASH_BYTES}`;
    this.findings.add({ kind: 'tile-changed', message, file, index: index * TILE_WIDTH, entries: width });
    return undefined;
  }

  private missing(file: string, index: number, entries: number): void {
    this.findings.add({ kind: 'file-missing', message: `${file} is missing`, file, index, entries });
  }

  private undeclared(): void {
    this.findings.add({
      kind: 'pruned-undeclared',
      message: `the entries up to ${this.goneTo - 1} are gone, and the log declares no pruning beyond entry ${this.declared}`,
      index: this.declared,
      entries: this.goneTo - this.declared,
    });
  }
}

/** Checks all entries and tiles of a log against its signed root, and earlier checkpoints against what it was then. */
export async function checkEntries(
  settings: VerifySettings,
  head: TrustedHead,
  kept: readonly TrustedHead[],
  findings: FindingList,
): Promise<EntriesRead> {
  const { source, signal, onProgress } = settings;
  const walk = new EntryWalk(source, head, kept, findings);
  const bundles = Math.ceil(head.size / TILE_WIDTH);
  const pairs = readAhead(bundles, settings.readAhead, (index) => readPair(source, head.size, index));
  let index = 0;
  for await (const pair of pairs) {
    signal?.throwIfAborted();
    await walk.take(index, pair);
    index++;
    onProgress?.({ entries: Math.min(index * TILE_WIDTH, head.size), size: head.size });
  }
  return walk.finish();
}
