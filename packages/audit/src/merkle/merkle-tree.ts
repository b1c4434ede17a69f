import { TILE_HEIGHT, TILE_WIDTH } from './geometry.ts';
import { emptyRoot, HASH_BYTES, nodeHash, type Hasher } from './hash.ts';
import { half, isOdd } from './powers.ts';

/** Receives a tile that is full: 8,192 bytes that the tree will not touch again. */
export type FullTile = (level: number, index: number, bytes: Buffer) => void;

const FIRST_TILE_BYTES = 8 * HASH_BYTES;

/**
 * The growing side of a Merkle tree: takes leaves, hands out full tiles, and keeps only the right edge, which is the
 * tile at each level that is not full and the hash of each complete subtree that has no right neighbour yet.
 */
export class MerkleTree {
  size = 0;
  private readonly onFull: FullTile;
  private readonly hasher: Hasher;
  private readonly carry = Buffer.allocUnsafeSlow(HASH_BYTES);
  // At each level whose bit is set in `size`: the hash of the complete subtree of that height at the right edge.
  private edge = Buffer.allocUnsafeSlow(TILE_HEIGHT * HASH_BYTES);
  private readonly tiles: Buffer[] = [];

  /** @param hasher - may be shared with other trees */
  constructor(hasher: Hasher, onFull: FullTile) {
    this.hasher = hasher;
    this.onFull = onFull;
  }

  /** Appends a leaf. */
  append(leaf: Uint8Array): void {
    this.hasher.leaf(leaf, this.carry);
    this.store(0, this.size);
    let level = 0;
    let index = this.size;
    while (isOdd(index)) {
      this.hasher.node(this.edge, level * HASH_BYTES, this.carry, this.carry);
      level++;
      index = half(index);
      if (level % TILE_HEIGHT === 0) this.store(level / TILE_HEIGHT, index);
    }
    this.setEdge(level, this.carry);
    this.size++;
  }

  /** The root of all leaves so far. */
  root(): Buffer {
    let root: Buffer | undefined;
    let rest = this.size;
    for (let level = 0; rest > 0; level++, rest = half(rest)) {
      if (!isOdd(rest)) continue;
      const hash = this.edge.subarray(level * HASH_BYTES, (level + 1) * HASH_BYTES);
      root = root === undefined ? Buffer.from(hash) : nodeHash(hash, root);
    }
    return root ?? emptyRoot();
  }

  /** The hashes of the tile at the right edge of a level that is not full; none when it is empty. */
  partial(level: number): Buffer {
    const width = Math.floor(this.size / TILE_WIDTH ** level) % TILE_WIDTH;
    return this.tiles[level]?.subarray(0, width * HASH_BYTES) ?? Buffer.alloc(0);
  }

  /** How many levels of tiles there are. */
  get levels(): number {
    return this.tiles.length;
  }

  /** Goes on from a tree of a size, given the tile that is not full at each level. */
  restore(size: number, partials: readonly Uint8Array[]): void {
    this.size = size;
    for (const [level, hashes] of partials.entries()) {
      const tile = Buffer.allocUnsafeSlow(TILE_WIDTH * HASH_BYTES);
      tile.set(hashes);
      this.tiles[level] = tile;
      this.restoreEdge(level, tile, hashes.length / HASH_BYTES);
    }
  }

  /** The first of `width` hashes make the largest subtree, the next ones the next smaller, down to the last. */
  private restoreEdge(level: number, tile: Buffer, width: number): void {
    let from = 0;
    for (let height = TILE_HEIGHT - 1; height >= 0; height--) {
      const count = 2 ** height;
      if ((width & count) === 0) continue;
      this.setEdge(level * TILE_HEIGHT + height, foldTile(tile, from, count));
      from += count;
    }
  }

  /** Puts the hash in `carry` into its tile. */
  private store(level: number, index: number): void {
    const at = (index % TILE_WIDTH) * HASH_BYTES;
    const tile = this.tileFor(level, at);
    this.carry.copy(tile, at);
    if (at + HASH_BYTES < TILE_WIDTH * HASH_BYTES) return;
    this.tiles[level] = Buffer.allocUnsafeSlow(TILE_WIDTH * HASH_BYTES);
    this.onFull(level, Math.floor(index / TILE_WIDTH), tile);
  }

  /** Tiles grow as they fill: most trees are small, and there may be many. */
  private tileFor(level: number, at: number): Buffer {
    const tile = this.tiles[level];
    if (tile !== undefined && at < tile.length) return tile;
    const grown = Buffer.allocUnsafeSlow(tile === undefined ? FIRST_TILE_BYTES : tile.length * 2);
    if (tile !== undefined) grown.set(tile);
    this.tiles[level] = grown;
    return grown;
  }

  private setEdge(level: number, hash: Uint8Array): void {
    const at = level * HASH_BYTES;
    if (at >= this.edge.length) {
      this.edge = Buffer.concat([this.edge], this.edge.length + TILE_HEIGHT * HASH_BYTES);
    }
    this.edge.set(hash, at);
  }
}

/** The hash above `count` hashes of a tile, a power of two, from position `from` on. */
export function foldTile(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return tile.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES);
  return nodeHash(foldTile(tile, from, count / 2), foldTile(tile, from + count / 2, count / 2));
}
