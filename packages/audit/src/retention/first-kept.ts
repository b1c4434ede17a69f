import { TILE_WIDTH } from '../merkle/geometry.ts';
import { entryBundlePath } from '../tiles/paths.ts';
import type { TileSource } from '../tiles/tile-source.ts';

/**
 * The first entry that a log still has: the minimum index as its files tell it. Pruning removes bundles from the
 * beginning on, so that what is left has one beginning.
 *
 * @param size - of the log
 * @returns 0 for a log that is whole; a multiple of 256
 */
export async function firstKept(source: TileSource, size: number): Promise<number> {
  let gone = 0;
  // The bundle at the edge is never pruned.
  let there = Math.floor(size / TILE_WIDTH);
  if (there === 0 || (await source.read(entryBundlePath(0))) !== undefined) return 0;
  while (gone + 1 < there) {
    const middle = Math.floor((gone + there) / 2);
    if ((await source.read(entryBundlePath(middle))) === undefined) gone = middle;
    else there = middle;
  }
  return there * TILE_WIDTH;
}
