import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES, nodeHash } from '../merkle/hash.ts';

/** The hashes above those of a tile; each is made once, however many proofs need it. */
export class FoldedTile {
  private readonly tile: Uint8Array;
  /** As in a heap: the children of node n are 2n and 2n + 1, and 1 is the hash of the whole tile. */
  private readonly nodes: Uint8Array[] = [];

  /** @param tile - its hashes, fewer than 256 at the edge of a tree */
  constructor(tile: Uint8Array) {
    this.tile = tile;
  }

  /** The hash `height` levels above the tile, at a place from 0 on. */
  hash(height: number, index: number): Uint8Array {
    return this.node(TILE_WIDTH / 2 ** height + index);
  }

  private node(n: number): Uint8Array {
    if (n >= TILE_WIDTH)
      return this.tile.subarray((n - TILE_WIDTH) * HASH_BYTES, (n - TILE_WIDTH + 1) * HASH_BYTES);
    return (this.nodes[n] ??= nodeHash(this.node(2 * n), this.node(2 * n + 1)));
  }
}
