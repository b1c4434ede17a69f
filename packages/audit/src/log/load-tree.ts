import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES, leafHash } from '../merkle/hash.ts';
import { foldTile } from '../merkle/merkle-tree.ts';
import { decodeBundle } from '../tiles/entry-bundle.ts';
import { entryBundlePath, tilePath } from '../tiles/paths.ts';
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
  const entries = await edgeEntries(tree, size, files);
  const partials: Uint8Array[] = [Buffer.concat(entries.map(leafHash))];
  for (let level = 1; TILE_WIDTH ** level <= size; level++) {
    partials.push(await edgeHashes(tree, level, size, files));
  }
  tree.restore(size, entries, partials);
  if (entries.length > 0) tree.anchor = `${entryBundlePath(Math.floor(size / TILE_WIDTH))}.p`;
}

/**
 * Leaves the bundle that a base counts on as it was found, where it is whole: one that is written anew is not on the disk
 * until it is synced again.
 */
export async function keepAnchored(tree: TenantTree, files: AuditFiles): Promise<void> {
  for (const [file, bytes] of [...tree.unwritten, ...tree.edge()]) {
    if (tree.anchor !== `${file}.p` && tree.anchor !== path.dirname(file)) continue;
    const found = await files.read(path.join(tree.folder, file));
    if (found !== undefined && Buffer.compare(found, bytes) === 0) tree.wrote(file);
  }
}

/** The entries of the bundle at the edge. */
async function edgeEntries(
  tree: TenantTree,
  size: number,
  files: AuditFiles,
): Promise<readonly Uint8Array[]> {
  const count = size % TILE_WIDTH;
  if (count === 0) return [];
  const file = entryBundlePath(Math.floor(size / TILE_WIDTH));
  for await (const bytes of versionsOf(path.join(tree.folder, file), count, files)) {
    const entries = wholeEntries(bytes);
    if (entries.length >= count) return entries.slice(0, count);
  }
  throw new TileError(`${file}.p/${count}`, true);
}

/** The versions of a tile or bundle that are at least so wide: what was published later has more. */
async function* versionsOf(full: string, width: number, files: AuditFiles): AsyncGenerator<Uint8Array> {
  const widths = (await files.list(`${full}.p`)).map(Number).filter((partial) => partial >= width);
  for (const file of [...widths.sort((a, b) => a - b).map((partial) => `${full}.p/${partial}`), full]) {
    const bytes = await files.read(file);
    if (bytes !== undefined) yield bytes;
  }
}

function wholeEntries(bytes: Uint8Array): readonly Uint8Array[] {
  try {
    return decodeBundle(bytes);
  } catch {
    return [];
  }
}

/** The hashes of the tile at the edge of a level above the lowest: each is that of a full tile below. */
async function edgeHashes(
  tree: TenantTree,
  level: number,
  size: number,
  files: AuditFiles,
): Promise<Uint8Array> {
  const source = filesSource(files, tree.folder);
  const end = Math.floor(size / TILE_WIDTH ** level);
  const hashes: Uint8Array[] = [];
  for (let index = end - (end % TILE_WIDTH); index < end; index++) {
    const below = await readTile(source, level - 1, index, size).catch(() => undefined);
    // Pruning may have removed the tile below, but never the hash above it.
    hashes.push(
      below === undefined ? await hashAt(tree, level, index, files) : foldTile(below, 0, TILE_WIDTH),
    );
  }
  return Buffer.concat(hashes);
}

async function hashAt(
  tree: TenantTree,
  level: number,
  index: number,
  files: AuditFiles,
): Promise<Uint8Array> {
  const file = tilePath(level, Math.floor(index / TILE_WIDTH));
  const at = (index % TILE_WIDTH) * HASH_BYTES;
  for await (const tile of versionsOf(path.join(tree.folder, file), (index % TILE_WIDTH) + 1, files)) {
    if (tile.length >= at + HASH_BYTES) return tile.subarray(at, at + HASH_BYTES);
  }
  throw new TileError(tilePath(level - 1, index), true);
}
