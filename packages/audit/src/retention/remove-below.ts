import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { entryBundlePath, tilePath } from '../tiles/paths.ts';

/** What to remove of one tree. */
export interface Removal {
  readonly files: Pick<AuditFiles, 'remove' | 'sync' | 'identity'>;
  /** The folder of the tree. */
  readonly folder: string;
  /** The first entry that is there. */
  readonly from: number;
  /** The minimum index: the first entry that stays; a multiple of 256. */
  readonly minimumIndex: number;
  /** Entries of the tree, by its last checkpoint. */
  readonly size: number;
  readonly hashes: 'keep' | 'drop';
}

/** What was removed. */
export interface Removed {
  readonly bundles: number;
  readonly tiles: number;
}

/**
 * Removes bundles, and where asked the tiles of leaf hashes, below the minimum index (C2SP tlog-tiles, pruning): from
 * the beginning on, so that whatever interrupts it leaves a log that is pruned less far.
 */
export async function removeBelow(removal: Removal): Promise<Removed> {
  const { files, folder, from, minimumIndex } = removal;
  const end = minimumIndex / TILE_WIDTH;
  const remove = async (file: string) => {
    await files.remove(path.join(folder, file));
    // The partial ones that preceded it hold the same.
    await files.remove(path.join(folder, `${file}.p`));
  };
  for (let index = from / TILE_WIDTH; index < end; index++) await remove(entryBundlePath(index));
  return {
    bundles: Math.max(0, end - from / TILE_WIDTH),
    tiles: removal.hashes === 'drop' ? await dropTiles(removal, remove) : 0,
  };
}

/**
 * Tiles go with the whole tile above them: that one alone is left to rebuild the tree from, and only full tiles are sure
 * to be on the disk.
 */
async function dropTiles(removal: Removal, remove: (file: string) => Promise<void>): Promise<number> {
  const { files, folder, minimumIndex, size } = removal;
  const span = TILE_WIDTH ** 2;
  let removed = 0;
  for (let above = 0; (above + 1) * span <= size && above * span < minimumIndex; above++) {
    const isThere = async (file: string) => (await files.identity(path.join(folder, file))) !== undefined;
    const end = Math.min((above + 1) * TILE_WIDTH, minimumIndex / TILE_WIDTH);
    // Removed from the beginning on: with the last one, all are gone.
    if (!(await isThere(tilePath(0, end - 1)))) continue;
    await files.sync(path.join(folder, tilePath(1, above)));
    for (let index = above * TILE_WIDTH; index < end; index++) {
      if (!(await isThere(tilePath(0, index)))) continue;
      await remove(tilePath(0, index));
      removed++;
    }
  }
  return removed;
}
