import type { HashReader } from '../merkle/hash-reader.ts';
import { TILE_HEIGHT, TILE_WIDTH } from '../merkle/geometry.ts';
import { FoldedTile } from './folded-tile.ts';
import { readTile } from './read-tile.ts';
import type { TileSource } from './tile-source.ts';

/**
 * The hashes of a tree of a size from its tiles. Each tile is read and each hash above it made once at most; make a new
 * reader for each proof, or keep one as long as what it has read may stay in memory.
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
  const tiles = new Map<string, Promise<FoldedTile>>();
  const tileAt = (level: number, index: number) => {
    const key = `${level}/${index}`;
    const tile =
      tiles.get(key) ?? readTile(source, level, index, size).then((hashes) => new FoldedTile(hashes));
    tiles.set(key, tile);
    return tile;
  };
  return {
    async hash(level, index) {
      const within = level % TILE_HEIGHT;
      const width = TILE_WIDTH / 2 ** within;
      const tile = await tileAt((level - within) / TILE_HEIGHT, Math.floor(index / width));
      return tile.hash(within, index % width);
    },
  };
}
