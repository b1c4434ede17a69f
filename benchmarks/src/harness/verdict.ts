import type { CaseReport, Limits } from './suite.ts';

/** One promise of a case, and whether it is kept. */
export interface Verdict {
  /** The promise in a few characters, e.g. `ratio <= 2.4`. */
  readonly text: string;
  readonly holds: boolean;
}

/** Compares a case with its target. */
export function verdictsOf(report: CaseReport): readonly Verdict[] {
  const { atMost = {}, atLeast = {} } = report.target ?? {};
  return [
    ...judge(report, atMost, '<=', (value, limit) => value <= limit),
    ...judge(report, atLeast, '>=', (value, limit) => value >= limit),
  ];
}

function judge(
  report: CaseReport,
  limits: Limits,
  sign: string,
  within: (value: number, limit: number) => boolean,
): readonly Verdict[] {
  return Object.entries(limits).map(([measure, limit]) => {
    const value = valueOf(report, measure);
    return { text: `${measure} ${sign} ${limit}`, holds: value !== null && within(value, limit) };
  });
}

function valueOf({ nsPerOp, bytesPerOp, ratio, figures }: CaseReport, measure: string): number | null {
  return { nsPerOp, bytesPerOp, ratio, ...figures }[measure] ?? null;
}
