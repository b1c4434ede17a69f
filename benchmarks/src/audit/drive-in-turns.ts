import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, quantile, ratioOf, significant } from '../harness/statistics.ts';
import type { CaseReport, Progress, Target } from '../harness/suite.ts';
import { drive, type Driven } from './drive.ts';
import type { OpenJournal } from './journal.ts';
import { sampleEvent } from './sample-events.ts';

/** One journal under so many callers. */
export interface DrivenCase {
  readonly name: string;
  readonly subject: string;
  readonly open: OpenJournal;
  readonly callers: number;
  /** How many tenants the events belong to in turn; each has one event before. Default 1. */
  readonly tenants?: number;
  /** How many times longer than the others a turn takes. Default 1. */
  readonly patience?: number;
  /** The name of a case to set this one beside: how many times longer an event takes. */
  readonly beside?: string;
  readonly target?: Target;
}

/** How often and how long each case is driven. */
export interface DriveOptions {
  readonly turns: number;
  readonly turnMs: number;
  readonly progress: Progress;
}

/** More than any journal remembers, few enough to be made beforehand. */
const EVENTS = 10_000;

/** Drives all cases in turns, each time in a new folder; ratios are to the first case of as many callers. */
export async function driveInTurns(
  cases: readonly DrivenCase[],
  { turns, turnMs, progress }: DriveOptions,
): Promise<readonly CaseReport[]> {
  const found = cases.map((): Driven[] => []);
  for (let turn = -1; turn < turns; turn++) {
    for (const [index, each] of cases.entries()) {
      // The first time the code warms up.
      const driven = await driveOnce(each, turn < 0 ? turnMs / 4 : turnMs * (each.patience ?? 1));
      if (turn >= 0) found[index]?.push(driven);
      progress(((turn + 1) * cases.length + index + 1) / ((turns + 1) * cases.length));
    }
  }
  const baselines = cases.map(({ callers }) => cases.findIndex((other) => other.callers === callers));
  return cases.map((each, index) => {
    const own = found[index] ?? [];
    const beside = found[cases.findIndex(({ name }) => name === each.beside)];
    return reportOf(each, own, found[baselines[index] ?? 0] ?? [], beside);
  });
}

async function driveOnce({ open, callers, tenants = 1 }: DrivenCase, turnMs: number): Promise<Driven> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
  const events = Array.from({ length: EVENTS }, (_, index) =>
    sampleEvent(index, `tenant-${index % tenants}`),
  );
  try {
    const journal = await open(folder);
    if (tenants > 1) await Promise.all(events.slice(0, tenants).map((event) => journal.append(event)));
    await journal.settle();
    const before = Number(await journal.count());
    let next = 0;
    const driven = await drive(journal, callers, turnMs, () => events[next++ % EVENTS] ?? sampleEvent(0));
    const kept = Number(await journal.count()) - before;
    await journal.close();
    if (kept === driven.events) return driven;
    throw new Error(`${driven.events} events were acknowledged, but ${kept} are there`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const nsPerEvent = (driven: readonly Driven[]) =>
  driven.map(({ events, settledMs }) => (settledMs / events) * 1e6);

function reportOf(
  { name, subject, target }: DrivenCase,
  own: readonly Driven[],
  baseline: readonly Driven[],
  beside: readonly Driven[] | undefined,
): CaseReport {
  const middle = (value: (driven: Driven) => number) => significant(median(own.map(value)), 3);
  const latencies = own.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    name,
    subject,
    nsPerOp: significant(median(nsPerEvent(own)), 4),
    bytesPerOp: null,
    ratio: significant(ratioOf(nsPerEvent(own), nsPerEvent(baseline)), 3),
    figures: {
      'events/s': middle(({ events, settledMs }) => (events / settledMs) * 1e3),
      'acks/s': middle(({ events, ackedMs }) => (events / ackedMs) * 1e3),
      'p50 ms': significant(quantile(latencies, 0.5), 3),
      'p99 ms': significant(quantile(latencies, 0.99), 3),
      'CPU us': middle(({ cpuUs, events }) => cpuUs / events),
      ...(beside && { 'x one tenant': significant(ratioOf(nsPerEvent(own), nsPerEvent(beside)), 3) }),
    },
    ...(target === undefined ? {} : { target }),
  };
}
