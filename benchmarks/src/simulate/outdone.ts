import type { CaseReport, SuiteReport } from '../harness/suite.ts';

/** A figure in which a peer does better than Holdfast. */
export interface Outdone {
  readonly figure: string;
  readonly ours: string;
  readonly theirs: string;
  /** The peer's package, and what of it. */
  readonly peer: string;
}

/** Whether more is better. */
const FIGURES: readonly (readonly [figure: string, more: boolean])[] = [
  ['load in the fault', false],
  ['peak load', false],
  ['succeed in it, %', true],
  ['succeed after it, %', true],
  ['back after, s', false],
  ['longest wait (p99), ms', false],
];

/** A smaller difference is none, as a share of ours. */
const NOTABLE = 0.02;

/** Where the best peer does notably better than one of Holdfast's cases. */
export function outdone({ cases }: SuiteReport, name: string): readonly Outdone[] {
  const own = cases.find((each) => each.subject === 'holdfast' && each.name === name);
  const peers = cases.filter(({ subject }) => subject !== 'holdfast' && subject !== 'platform');
  return FIGURES.flatMap(([figure, more]) => {
    const [best] = peers.toSorted((a, b) => cost(a, figure, more) - cost(b, figure, more));
    if (own === undefined || best === undefined) return [];
    const [least, most] = [cost(best, figure, more), cost(own, figure, more)];
    if (most - least <= NOTABLE * Math.abs(most)) return [];
    const peer = `${best.subject}: ${best.name}`;
    return [{ figure, ours: shown(own, figure), theirs: shown(best, figure), peer }];
  });
}

/** More than any figure. */
const NEVER = 1e9;

/** Lower is better; never is worst. */
function cost({ figures }: CaseReport, figure: string, more: boolean): number {
  const value = figures?.[figure] ?? null;
  if (value === null) return NEVER;
  return more ? -value : value;
}

const shown = ({ figures }: CaseReport, figure: string): string =>
  figures?.[figure]?.toLocaleString('en') ?? 'never';
