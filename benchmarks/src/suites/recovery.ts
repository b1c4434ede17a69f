import { apiCall, networkOperation, retry, retryBudget } from '@holdfast/retry';
import pRetry from 'p-retry';
import { figuresSuite, type FiguresCase } from '../harness/figures-suite.ts';
import { significant } from '../harness/statistics.ts';

import type { Protection } from '../simulation/protections.ts';
import { simulateFaults, type Faults } from '../simulation/simulate-faults.ts';

const TRAFFIC = { calls: 10_000, callsPerSecond: 10, seed: 1 };

const FAULTS: Readonly<Record<string, Faults>> = {
  '1 in 10 attempts, %': { failureRatio: 0.1, meanMs: 0 },
  '4 in 10 attempts, %': { failureRatio: 0.4, meanMs: 0 },
  'faults of 0.1 s, %': { failureRatio: 0.05, meanMs: 100 },
  'faults of 1 s, %': { failureRatio: 0.05, meanMs: 1_000 },
  'faults of 10 s, %': { failureRatio: 0.05, meanMs: 10_000 },
};

interface Subject extends FiguresCase {
  readonly protect: Protection;
}

const SUBJECTS: readonly Subject[] = [
  ours('3 attempts from 0.2 s (default)', (ambient) => retry(ambient)),
  ours('the same with a ratio budget', ({ clock, random }) =>
    retry({ clock, random, budget: retryBudget({ clock }) }),
  ),
  ours('networkOperation: 3 attempts from 1 s', (ambient) => retry({ ...networkOperation, ...ambient })),
  ours('apiCall: 5 attempts from 2 s', (ambient) => retry({ ...apiCall, ...ambient })),
  theirs('3 attempts from 0.2 s', { retries: 2, minTimeout: 200 }),
  theirs('3 attempts from 1 s', { retries: 2 }),
];

const about = `The share of the calls whose first attempt failed that succeed in the end, in virtual time. What it is depends
on the faults far more than on the retry, so no single figure is promised. Assumptions, one a column: each attempt fails
on its own with the same probability; or the dependency is down for 5 % of the time, in faults that last as long as the
column says on average (exponential), and every attempt in one of them fails.`;

export const recovery = figuresSuite('recovery', about, SUBJECTS, async ({ protect }) => {
  const figures: Record<string, number> = {};
  for (const [title, faults] of Object.entries(FAULTS)) {
    figures[title] = significant((await simulateFaults(faults, TRAFFIC, protect)) * 100, 3);
  }
  return { figures };
});

function ours(name: string, make: (ambient: Parameters<Protection>[0]) => ReturnType<typeof retry>): Subject {
  const protect: Protection = (ambient) => {
    const strategy = make(ambient);
    return (request) => strategy.execute(request);
  };
  return { name, subject: 'holdfast', protect };
}

function theirs(name: string, options: { readonly retries: number; readonly minTimeout?: number }): Subject {
  return { name, subject: 'p-retry', protect: () => (request) => pRetry(request, { ...options }) };
}
