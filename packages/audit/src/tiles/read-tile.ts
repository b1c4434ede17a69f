import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import { decodeBundle } from './entry-bundle.ts';
import { entryBundlePath, tilePath, tileWidth } from './paths.ts';
import { TileError } from './tile-error.ts';
import type { TileSource } from './tile-source.ts';

/** Reads the file for a width; a log may have removed a partial one once the full one is there. */
async function readWidth(source: TileSource, path: (width: number) => string, width: number) {
  const bytes = await source.read(path(width));
  return bytes ?? (width < TILE_WIDTH ? await source.read(path(TILE_WIDTH)) : undefined);
}

/**
 * Reads the hashes of a tile in a tree of a size.
 *
 * @throws {@link TileError} when the tile is missing or too short
 *
 * @example
 * ```ts
 * import { directorySource, readTile } from '@holdfast/audit';
 *
 * const hashes = await readTile(directorySource('/var/lib/audit/logs/acme'), 0, 273, 70_000);
 * console.log(hashes.length / 32); // 112
 * ```
 */
export async function readTile(
  source: TileSource,
  level: number,
  index: number,
  size: number,
): Promise<Uint8Array> {
  const width = tileWidth(level, index, size);
  const bytes = await readWidth(source, (w) => tilePath(level, index, w), width);
  if (bytes === undefined) throw new TileError(tilePath(level, index, width), true);
  const full = TILE_WIDTH * HASH_BYTES;
  if (bytes.length !== width * HASH_BYTES && bytes.length !== full) {
    throw new TileError(tilePath(level, index, width), false);
  }
  return bytes.subarray(0, width * HASH_BYTES);
}

/**
 * Reads the entries of a bundle in a tree of a size.
 *
 * @throws {@link TileError} when the bundle is missing or has fewer entries
 *
 * @example
 * ```ts
 * import { directorySource, readBundle } from '@holdfast/audit';
 *
 * const entries = await readBundle(directorySource('/var/lib/audit/logs/acme'), 273, 70_000);
 * console.log(entries.length); // 112
 * ```
 */
export async function readBundle(
  source: TileSource,
  index: number,
  size: number,
): Promise<readonly Uint8Array[]> {
  const width = tileWidth(0, index, size);
  const bytes = await readWidth(source, (w) => entryBundlePath(index, w), width);
  if (bytes === undefined) throw new TileError(entryBundlePath(index, width), true);
  const entries = wholeEntries(bytes, entryBundlePath(index, width));
  if (entries.length !== width && entries.length !== TILE_WIDTH) {
    throw new TileError(entryBundlePath(index, width), false);
  }
  return entries.slice(0, width);
}

function wholeEntries(bytes: Uint8Array, file: string): readonly Uint8Array[] {
  try {
    return decodeBundle(bytes);
  } catch {
    throw new TileError(file, false);
  }
}
