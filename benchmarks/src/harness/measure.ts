import { bytesPerOp } from './heap.ts';
import { differenceOf, median, ratioOf, significant } from './statistics.ts';
import type { CaseReport, Progress } from './suite.ts';
import { loopOf, verify, type Loop, type TimedCase } from './timed-case.ts';

/** How long and with what cases are measured. */
export interface MeasureOptions {
  /** How many times all cases take turns. */
  readonly rounds: number;
  /** How long a batch of a case takes, in milliseconds. */
  readonly batchMs: number;
  /** Milliseconds since any instant. */
  readonly now: () => number;
  readonly progress: Progress;
}

export const measureDefaults: MeasureOptions = {
  rounds: 41,
  batchMs: 3,
  now: () => performance.now(),
  progress: () => {},
};

/** Rounds that do not count, in which the compiler sees all cases. */
const WARM_UP_ROUNDS = 5;

interface Runner {
  readonly timed: TimedCase;
  readonly loop: Loop;
  ops: number;
  readonly nsPerOp: number[];
}

/**
 * Measures cases in turns, so that whatever slows the machine down slows all of them. The first case is the baseline
 * of the ratios.
 */
export async function measure(
  cases: readonly TimedCase[],
  options: Partial<MeasureOptions> = {},
): Promise<readonly CaseReport[]> {
  const { rounds, progress, ...settings } = { ...measureDefaults, ...options };
  for (const timed of cases) await verify(timed);
  const runners = cases.map((timed): Runner => ({ timed, loop: loopOf(timed), ops: 1, nsPerOp: [] }));
  for (const runner of runners) await fillBatch(runner, settings);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const runner of startingAt(runners, Math.abs(round))) {
      const nsPerOp = ((await timeBatch(runner, settings.now)) / runner.ops) * 1e6;
      if (round >= 0) runner.nsPerOp.push(nsPerOp);
    }
    progress(Math.max(0, round + 1) / rounds);
  }
  return report(runners);
}

/** Doubles the batch until it fills its time: the fastest of three, since a pause of the process fills any batch. */
async function fillBatch(runner: Runner, { batchMs, now }: Pick<MeasureOptions, 'batchMs' | 'now'>) {
  const { maxOpsPerBatch = 100_000 } = runner.timed;
  const fills = async () => (await timeBatch(runner, now)) >= batchMs;
  while (runner.ops < maxOpsPerBatch && !((await fills()) && (await fills()) && (await fills()))) {
    runner.ops = Math.min(runner.ops * 2, maxOpsPerBatch);
  }
}

async function timeBatch({ timed, loop, ops }: Runner, now: () => number): Promise<number> {
  // Timers of the cases get their turn between batches.
  await new Promise(setImmediate);
  timed.prepare?.();
  const startedAt = now();
  await loop(ops);
  return now() - startedAt;
}

/** Each round starts with another case, so that none is always the first after a pause. */
function startingAt<T>(items: readonly T[], round: number): readonly T[] {
  const start = round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

async function report(runners: readonly Runner[]): Promise<readonly CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const runner of runners) {
    const { timed, loop, nsPerOp } = runner;
    const { name, subject, target } = timed;
    const figures = { ...compare(runner, runners), ...(await timed.figures?.()) };
    reports.push({
      name,
      subject,
      nsPerOp: significant(median(nsPerOp), 4),
      bytesPerOp: timed.countsBytes === false ? null : await bytesPerOp(loop, timed.prepare),
      ratio: significant(ratioOf(nsPerOp, runners[0]?.nsPerOp ?? []), 3),
      ...(Object.keys(figures).length === 0 ? {} : { figures }),
      ...(target === undefined ? {} : { target }),
    });
  }
  return reports;
}

/** Sets a case beside others of its suite, round by round. */
function compare({ timed, nsPerOp }: Runner, runners: readonly Runner[]): Readonly<Record<string, number>> {
  const { job, subject, above } = timed;
  const figures: Record<string, number> = {};
  const under = runners.find((other) => above !== undefined && other.timed.name === above);
  if (under !== undefined) figures['added ns'] = significant(differenceOf(nsPerOp, under.nsPerOp), 3);
  if (job === undefined || subject !== 'holdfast') return figures;
  for (const other of runners) {
    if (other.timed.job !== job || other.timed.subject === subject) continue;
    figures[`x ${other.timed.subject}`] = significant(ratioOf(other.nsPerOp, nsPerOp), 3);
  }
  return figures;
}
