import { firstKept } from '../retention/first-kept.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { Terminal } from './terminal.ts';

/** The first entry that there is from an index on; that others were pruned is said. */
export async function stepOverPruned(
  source: TileSource,
  size: number,
  from: number,
  terminal: Pick<Terminal, 'remark'>,
): Promise<number> {
  const kept = await firstKept(source, size);
  if (from < kept) terminal.remark(`the entries before ${kept} were pruned`);
  return Math.max(from, kept);
}
