import { TILE_WIDTH } from '../merkle/geometry.ts';
import { HASH_BYTES } from '../merkle/hash.ts';
import { entryBundlePath, tilePath } from '../tiles/paths.ts';
import { differences, type Difference } from './differences.ts';
import { entriesText, type Finding } from './finding.ts';

/** A tile and what it should be according to what lies below: entries, or tiles of the level below. */
export interface Disagreement {
  readonly level: number;
  /** Of the tile in its level. */
  readonly index: number;
  /** The hashes in the tile. */
  readonly tile: Uint8Array;
  /** The hashes made from what lies below; at level 0 there may be more or fewer. */
  readonly below: Uint8Array;
}

/** Which side of a disagreement the tree above bears out. */
export type Verdict = 'tile' | 'below' | 'neither';

const STORIES: Readonly<Record<Difference['kind'], string>> = {
  'entry-changed': 'changed',
  'entry-dropped': 'missing',
  'entry-inserted': 'inserted',
  'entries-swapped': 'in another place',
};

/** Says what is wrong where a tile and what lies below disagree. */
export function blame(disagreement: Disagreement, right: Verdict): readonly Finding[] {
  if (right === 'below') return changedTile(disagreement);
  return disagreement.level === 0 ? changedEntries(disagreement, right) : changedSubtrees(disagreement);
}

function changedEntries({ index, tile, below }: Disagreement, right: Verdict): readonly Finding[] {
  const doubt = right === 'neither' ? ', and the tree above bears out neither it nor its hash' : '';
  const file = entryBundlePath(index, tile.length / HASH_BYTES);
  return differences(tile, below).map(({ kind, at, count }) => {
    const first = index * TILE_WIDTH + at;
    const where = kind === 'entry-inserted' ? 'before ' : '';
    const message = `${where}${entriesText(first, kind === 'entry-inserted' ? 1 : count)}: ${STORIES[kind]}${doubt}`;
    return { kind, message, file, index: first, entries: count };
  });
}

/** The subtrees whose hashes differ, as ranges of entries. */
function differing({ level, index, tile, below }: Disagreement) {
  const entries = TILE_WIDTH ** level;
  const ranges: { readonly index: number; readonly entries: number }[] = [];
  for (let at = 0; at < tile.length; at += HASH_BYTES) {
    if (Buffer.compare(tile.subarray(at, at + HASH_BYTES), below.subarray(at, at + HASH_BYTES)) === 0)
      continue;
    ranges.push({ index: (index * TILE_WIDTH + at / HASH_BYTES) * entries, entries });
  }
  return ranges;
}

function changedSubtrees(disagreement: Disagreement): readonly Finding[] {
  return differing(disagreement).map(({ index, entries }) => ({
    kind: 'entry-changed',
    message: `${entriesText(index, entries)}: changed together with the hashes over them`,
    index,
    entries,
  }));
}

function changedTile(disagreement: Disagreement): readonly Finding[] {
  const { level, index: tileIndex, tile } = disagreement;
  const file = tilePath(level, tileIndex, tile.length / HASH_BYTES);
  return differing(disagreement).map(({ index, entries }) => ({
    kind: 'tile-changed',
    message: `${file}: the hash of ${entriesText(index, entries)} was changed`,
    file,
    index,
    entries,
  }));
}
