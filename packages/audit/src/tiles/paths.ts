import { TILE_WIDTH } from '../merkle/geometry.ts';

/** Where a log serves its signed checkpoint. */
export const CHECKPOINT_PATH = 'checkpoint';

/** An index as path elements of three digits, all but the last behind an `x`: 1234067 is `x001/x234/067`. */
function indexPath(index: number): string {
  const last = String(index % 1000).padStart(3, '0');
  let path = last;
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`;
  }
  return path;
}

const widthPath = (width: number) => (width === TILE_WIDTH ? '' : `.p/${width}`);

/**
 * Where a tile of hashes is served (C2SP tlog-tiles).
 *
 * @param level - 0 for the tiles of leaf hashes
 * @param index - of the tile in its level, from 0
 * @param width - hashes in the tile, 1 to 256; fewer than 256 is a partial tile. Default 256
 *
 * @example
 * ```ts
 * import { tilePath } from '@holdfast/audit';
 *
 * console.log(tilePath(0, 1234067, 112)); // tile/0/x001/x234/067.p/112
 * ```
 */
export function tilePath(level: number, index: number, width = TILE_WIDTH): string {
  return `tile/${level}/${indexPath(index)}${widthPath(width)}`;
}

/**
 * Where a bundle of entries is served.
 *
 * @param index - of the bundle, from 0
 * @param width - entries in the bundle, 1 to 256. Default 256
 *
 * @example
 * ```ts
 * import { entryBundlePath } from '@holdfast/audit';
 *
 * console.log(entryBundlePath(273, 112)); // tile/entries/273.p/112
 * ```
 */
export function entryBundlePath(index: number, width = TILE_WIDTH): string {
  return `tile/entries/${indexPath(index)}${widthPath(width)}`;
}

/**
 * How many hashes the tile has in a tree of a size: 256 or, at the right edge, fewer; 0 when the tree does not reach it.
 *
 * @example
 * ```ts
 * import { tileWidth } from '@holdfast/audit';
 *
 * console.log(tileWidth(0, 273, 70_000)); // 112
 * ```
 */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}
