import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { leafHash } from '../merkle/hash.ts';
import { foldTile } from '../merkle/merkle-tree.ts';
import { decodeBundle } from '../tiles/entry-bundle.ts';
import { entryBundlePath } from '../tiles/paths.ts';
import { readTile } from '../tiles/read-tile.ts';
import { TileError } from '../tiles/tile-error.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { TenantTree } from './tenant-tree.ts';

/** The files of a tenant through the file system of the log. */
export function filesSource(files: AuditFiles, folder: string): TileSource {
  return { read: (file) => files.read(path.join(folder, file)) };
}

/**
 * Reads the right edge of a tree of a size. Only what is synced before the write-ahead log lets go of it is read: full
 * tiles, full bundles and the bundle at the edge. The tiles at the edge follow from these.
 */
export async function loadTree(tree: TenantTree, size: number, files: AuditFiles): Promise<void> {
  if (size === 0) return;
  const source = filesSource(files, tree.folder);
  const entries = await edgeEntries(tree, size, files);
  const partials: Uint8Array[] = [Buffer.concat(entries.map(leafHash))];
  for (let level = 1; TILE_WIDTH ** level <= size; level++) {
    partials.push(await edgeHashes(source, level, size));
  }
  tree.restore(size, entries, partials);
}

/** The entries of the bundle at the edge: from any file that has as many, for one published later has more. */
async function edgeEntries(
  tree: TenantTree,
  size: number,
  files: AuditFiles,
): Promise<readonly Uint8Array[]> {
  const count = size % TILE_WIDTH;
  if (count === 0) return [];
  const full = path.join(tree.folder, entryBundlePath(Math.floor(size / TILE_WIDTH)));
  const widths = (await files.list(`${full}.p`)).map(Number).filter((width) => width >= count);
  const candidates = [...widths.sort((a, b) => a - b).map((width) => `${full}.p/${width}`), full];
  for (const file of candidates) {
    const bytes = await files.read(file);
    if (bytes === undefined) continue;
    const entries = wholeEntries(bytes);
    if (entries.length >= count) return entries.slice(0, count);
  }
  throw new TileError(entryBundlePath(Math.floor(size / TILE_WIDTH), count), true);
}

function wholeEntries(bytes: Uint8Array): readonly Uint8Array[] {
  try {
    return decodeBundle(bytes);
  } catch {
    return [];
  }
}

/** The hashes of the tile at the edge of a level above the lowest: each is that of a full tile below. */
async function edgeHashes(source: TileSource, level: number, size: number): Promise<Uint8Array> {
  const end = Math.floor(size / TILE_WIDTH ** level);
  const hashes: Uint8Array[] = [];
  for (let index = end - (end % TILE_WIDTH); index < end; index++) {
    hashes.push(foldTile(await readTile(source, level - 1, index, size), 0, TILE_WIDTH));
  }
  return Buffer.concat(hashes);
}
