import { TILE_WIDTH } from '../merkle/geometry.ts';
import { readBundle } from '../tiles/read-tile.ts';
import type { TileSource } from '../tiles/tile-source.ts';

/** Which entries to look at. */
export interface ExpirySearch {
  readonly source: TileSource;
  /** The first entry that may be pruned; a multiple of 256. */
  readonly from: number;
  /** The end of those that may. */
  readonly to: number;
  /** Entries of this instant and later are kept, in milliseconds since the Unix epoch. */
  readonly keepFromMs: number;
}

/** When an entry says that it happened; the end of time for one that does not say. */
function timeOf(entry: Uint8Array): number {
  try {
    const { time } = JSON.parse(Buffer.from(entry).toString()) as { readonly time?: unknown };
    const atMs = typeof time === 'string' ? Date.parse(time) : NaN;
    return Number.isNaN(atMs) ? Infinity : atMs;
  } catch {
    return Infinity;
  }
}

/**
 * How far a log may be pruned: the end of the last bundle before the first one with an entry that is to be kept. An
 * entry out of its time, such as one written while a clock was wrong, keeps what follows it.
 */
export async function expiredBelow({ source, from, to, keepFromMs }: ExpirySearch): Promise<number> {
  for (let at = from; at + TILE_WIDTH <= to; at += TILE_WIDTH) {
    const entries = await readBundle(source, at / TILE_WIDTH, at + TILE_WIDTH);
    if (entries.some((entry) => timeOf(entry) >= keepFromMs)) return at;
  }
  return to - (to % TILE_WIDTH);
}
