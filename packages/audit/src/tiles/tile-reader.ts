import type { HashReader } from '../merkle/hash-reader.ts';
import { HASH_BYTES, nodeHash } from '../merkle/hash.ts';
import { TILE_WIDTH } from './paths.ts';
import { readTile } from './read-tile.ts';
import type { TileSource } from './tile-source.ts';

/** Levels of the tree in one tile. */
const TILE_HEIGHT = 8;

/** The hash above `count` hashes of a tile, a power of two, from position `from` on. */
function fold(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return tile.subarray(from * HASH_BYTES, (from + 1) * HASH_BYTES);
  return nodeHash(fold(tile, from, count / 2), fold(tile, from + count / 2, count / 2));
}

/**
 * The hashes of a tree of a size from its tiles. Each tile is read once at most; make a new reader for each proof, or
 * keep one as long as what it has read may stay in memory.
 *
 * @param size - of the tree: that of a checkpoint which was verified
 *
 * @example
 * ```ts
 * import { directorySource, inclusionProof, tileReader } from '@holdfast/audit';
 *
 * const source = directorySource('/var/lib/audit/logs/acme');
 * const proof = (index: number, size: number) => inclusionProof(tileReader(source, size), index, size);
 * ```
 */
export function tileReader(source: TileSource, size: number): HashReader {
  const tiles = new Map<string, Promise<Uint8Array>>();
  const tileAt = (level: number, index: number) => {
    const key = `${level}/${index}`;
    const tile = tiles.get(key) ?? readTile(source, level, index, size);
    tiles.set(key, tile);
    return tile;
  };
  return {
    async hash(level, index) {
      const within = level % TILE_HEIGHT;
      const count = 2 ** within;
      const first = index * count;
      const tile = await tileAt((level - within) / TILE_HEIGHT, Math.floor(first / TILE_WIDTH));
      return fold(tile, first % TILE_WIDTH, count);
    },
  };
}
