import { median } from './statistics.ts';
import type { Loop } from './timed-case.ts';

const REPEATS = 7;
const SAMPLE_OPS = 16;
const MAX_OPS = 2_000;
/** The youngest generation starts with a megabyte. */
const ROOM_BYTES = 500_000;

/** Bytes that JavaScript holds now, typed arrays included, after a full collection. */
export function liveBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/**
 * The bytes an operation allocates: how much the heap grows over a run that fits into the youngest generation, so that
 * nothing is collected meanwhile.
 */
export async function bytesPerOp(loop: Loop, prepare?: () => void): Promise<number> {
  const perSample = (await growth(loop, SAMPLE_OPS, prepare)) / SAMPLE_OPS;
  const count = Math.max(1, Math.min(MAX_OPS, Math.floor(ROOM_BYTES / Math.max(1, perSample))));
  const found: number[] = [];
  while (found.length < REPEATS) {
    // A loop of nothing shows what looking at the heap allocates itself.
    const overhead = await growth(loop, 0, prepare);
    found.push(((await growth(loop, count, prepare)) - overhead) / count);
  }
  return Math.max(0, Math.round(median(found)));
}

async function growth(loop: Loop, count: number, prepare?: () => void): Promise<number> {
  prepare?.();
  collect();
  const before = process.memoryUsage().heapUsed;
  await loop(count);
  return process.memoryUsage().heapUsed - before;
}

function collect(): void {
  if (globalThis.gc === undefined) throw new Error('memory is measured with node --expose-gc only');
  globalThis.gc();
}
