import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import { tileWidth } from '../tiles/paths.ts';
import { readTile } from '../tiles/read-tile.ts';
import { TileError } from '../tiles/tile-error.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import { blame, type Disagreement, type Verdict } from './blame.ts';
import type { Finding } from './finding.ts';
import type { TileHasher } from './tile-hasher.ts';

/** The tile of a level that is being filled from below. */
interface Level {
  readonly below: Buffer;
  hashes: number;
}

/** What is known of one tile: what it holds, and what it should hold according to what lies below. */
export interface Sides {
  readonly tile: Uint8Array | undefined;
  readonly below: Uint8Array | undefined;
}

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;

/**
 * Rebuilds the tree of a log from its entries, tile by tile, and compares it with the tiles of every level on the way.
 * Where both differ the tree above decides who is right. Holds one tile a level.
 */
export class TreeCheck {
  private readonly source: TileSource;
  private readonly size: number;
  private readonly hasher: TileHasher;
  private readonly report: (finding: Finding) => void;
  private readonly levels: Level[] = [];
  private readonly lastRead = new Map<
    number,
    { readonly index: number; readonly tile: Uint8Array | undefined }
  >();
  private rest: Sides = { tile: undefined, below: undefined };

  constructor(source: TileSource, size: number, hasher: TileHasher, report: (finding: Finding) => void) {
    this.source = source;
    this.size = size;
    this.hasher = hasher;
    this.report = report;
  }

  /** Takes the tiles of level 0 one after another, full ones and at last a partial one. */
  async add(index: number, sides: Sides): Promise<void> {
    if (tileWidth(0, index, this.size) < TILE_WIDTH) this.rest = sides;
    else await this.seal(0, index, sides);
  }

  /**
   * The root of the tree that ends within the next tile of level 0.
   *
   * @param hashes - those of that tile that belong to the tree
   */
  rootWith(hashes: Uint8Array): Buffer {
    return this.hasher.rootOfEdge([hashes, ...this.levels.slice(1).map(partOf)]);
  }

  /** Judges the tiles at the right edge, over which there is nothing but the signed root. */
  async finish(root: Uint8Array): Promise<void> {
    const edge = [this.rest];
    for (const [level, filling] of this.levels.entries()) {
      if (level === 0) continue;
      const below = partOf(filling);
      const index = Math.floor(this.size / TILE_WIDTH ** (level + 1));
      edge.push({ below, tile: filling.hashes === 0 ? below : await this.tileAt(level, index) });
    }
    this.judgeEdge(edge, root);
  }

  private async seal(level: number, index: number, sides: Sides): Promise<void> {
    const above = await this.tileAt(level + 1, Math.floor(index / TILE_WIDTH));
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    const hash = this.judge(level, index, sides, above?.subarray(at, at + HASH_BYTES));
    await this.push(level + 1, index, hash);
  }

  private async push(level: number, index: number, hash: Uint8Array): Promise<void> {
    while (this.levels.length <= level) this.levels.push({ below: Buffer.alloc(TILE_BYTES), hashes: 0 });
    const filling = this.levels[level];
    if (filling === undefined) return;
    filling.below.set(hash, filling.hashes * HASH_BYTES);
    filling.hashes++;
    if (filling.hashes < TILE_WIDTH) return;
    const tileIndex = Math.floor(index / TILE_WIDTH);
    await this.seal(level, tileIndex, { below: filling.below, tile: await this.tileAt(level, tileIndex) });
    filling.hashes = 0;
  }

  /** The hash of a full tile: that of the side which the hash above bears out. */
  private judge(level: number, index: number, sides: Sides, above: Uint8Array | undefined): Uint8Array {
    const { tile, below } = sides;
    const only = tile ?? below;
    if (only === undefined) return above ?? Buffer.alloc(HASH_BYTES);
    const hash = this.hasher.rootOfHashes(only);
    if (tile === undefined || below === undefined || Buffer.compare(tile, below) === 0) return hash;
    if (above !== undefined && hash.equals(above)) {
      this.accuse({ level, index, tile, below }, 'tile');
      return hash;
    }
    const other = this.hasher.rootOfHashes(below);
    this.accuse({ level, index, tile, below }, above && other.equals(above) ? 'below' : 'neither');
    return other;
  }

  /** Tries which side of each disagreement leads to the signed root. */
  private judgeEdge(edge: readonly Sides[], root: Uint8Array): void {
    const disputed = edge.flatMap((sides, level) => disagreement(sides, level, this.size));
    for (let choice = 0; choice < 2 ** disputed.length; choice++) {
      const verdict = ({ level }: Disagreement): Verdict => {
        const bit = disputed.findIndex((each) => each.level === level);
        return Math.floor(choice / 2 ** bit) % 2 === 0 ? 'tile' : 'below';
      };
      const chosen = edge.map(({ tile, below }, level) => {
        const dispute = disputed.find((each) => each.level === level);
        return dispute === undefined
          ? (tile ?? below ?? Buffer.of())
          : dispute[verdict(dispute) as 'tile' | 'below'];
      });
      if (!this.hasher.rootOfEdge(chosen).equals(root)) continue;
      for (const each of disputed) this.accuse(each, verdict(each));
      return;
    }
    for (const each of disputed) this.accuse(each, 'neither');
    this.report({
      kind: 'root-mismatch',
      message: 'what the log holds does not lead to the root that was signed',
      index: 0,
      entries: this.size,
    });
  }

  private accuse(dispute: Disagreement, right: Verdict): void {
    for (const finding of blame(dispute, right)) this.report(finding);
  }

  /** A stored tile; read once, as those of a level are asked for in their order. */
  private async tileAt(level: number, index: number): Promise<Uint8Array | undefined> {
    const last = this.lastRead.get(level);
    if (last?.index === index) return last.tile;
    const tile = await readOrReport(this.source, level, index, this.size, this.report);
    this.lastRead.set(level, { index, tile });
    return tile;
  }
}

const partOf = ({ below, hashes }: Level) => below.subarray(0, hashes * HASH_BYTES);

function disagreement({ tile, below }: Sides, level: number, size: number): readonly Disagreement[] {
  if (tile === undefined || below === undefined || Buffer.compare(tile, below) === 0) return [];
  return [{ level, index: Math.floor(size / TILE_WIDTH ** (level + 1)), tile, below }];
}

/** Reads a tile; one that is missing or has the wrong length is reported. */
export async function readOrReport(
  source: TileSource,
  level: number,
  index: number,
  size: number,
  report: (finding: Finding) => void,
): Promise<Uint8Array | undefined> {
  try {
    return await readTile(source, level, index, size);
  } catch (error) {
    if (!(error instanceof TileError)) throw error;
    const entries = TILE_WIDTH ** (level + 1);
    const kind = error.missing ? 'file-missing' : 'tile-changed';
    report({
      kind,
      message: error.message,
      file: error.file,
      index: index * entries,
      entries: Math.min(entries, size - index * entries),
    });
    return undefined;
  }
}
