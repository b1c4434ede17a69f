import { TILE_WIDTH } from '../merkle/geometry.ts';
import { readBundle } from '../tiles/read-tile.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { StoredEntry } from './engine.ts';

/** Reads the entries of one bundle from index `from` on, up to `to` at most. */
export async function readBatch(
  source: TileSource,
  tenant: string,
  from: number,
  to: number,
): Promise<readonly StoredEntry[]> {
  const bundle = Math.floor(from / TILE_WIDTH);
  const leaves = await readBundle(source, bundle, to);
  return leaves
    .slice(from - bundle * TILE_WIDTH)
    .map((leaf, offset) => ({ tenant, index: from + offset, leaf }));
}

/** Reads the entries from index `from` up to, not including, `to`. */
export async function* readEntries(
  source: TileSource,
  tenant: string,
  from: number,
  to: number,
): AsyncGenerator<StoredEntry> {
  for (let next = from; next < to;) {
    const batch = await readBatch(source, tenant, next, to);
    yield* batch;
    next += batch.length;
  }
}
