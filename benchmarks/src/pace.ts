import { median, quantile, significant } from './harness/statistics.ts';

/** How many requests, how often. */
export interface PaceOptions {
  readonly perSecond: number;
  readonly turns: number;
  readonly turnMs: number;
}

/** The latencies of one subject at a steady pace. */
export interface Paced {
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The median of the ratios to the first subject's, turn by turn. */
  readonly p99Ratio: number;
}

/** Asks once; is told how often it was called before in its turn. */
export type Ask = (call: number) => Promise<unknown>;

/**
 * Asks all subjects in turns at a steady pace, whether what was asked before is answered or not. A latency counts from
 * when its request was due, so that a stall shows in all that had to wait for it.
 */
export async function pace(
  subjects: readonly Ask[],
  { perSecond, turns, turnMs }: PaceOptions = { perSecond: 1_000, turns: 5, turnMs: 500 },
): Promise<readonly Paced[]> {
  const found = subjects.map((): number[][] => []);
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, ask] of subjects.entries()) {
      found[index]?.push(await takeTurn(ask, perSecond, Math.round((perSecond * turnMs) / 1_000)));
    }
  }
  const p99s = found.map((own) => own.map((latencies) => quantile(latencies, 0.99)));
  return found.map((own, index) => ({
    p50Ms: significant(quantile(own.flat(), 0.5), 3),
    p99Ms: significant(quantile(own.flat(), 0.99), 3),
    p99Ratio: significant(median((p99s[index] ?? []).map((p99, turn) => p99 / (p99s[0]?.[turn] ?? NaN))), 3),
  }));
}

async function takeTurn(ask: Ask, perSecond: number, count: number): Promise<number[]> {
  const latencies: number[] = [];
  const asked: Promise<unknown>[] = [];
  const startedAtMs = performance.now();
  while (asked.length < count) {
    const due = Math.min(count, Math.floor(((performance.now() - startedAtMs) * perSecond) / 1_000));
    while (asked.length < due) {
      const dueAtMs = startedAtMs + ((asked.length + 1) * 1_000) / perSecond;
      asked.push(ask(asked.length).then(() => latencies.push(performance.now() - dueAtMs)));
    }
    await new Promise(setImmediate);
  }
  await Promise.all(asked);
  return latencies;
}
