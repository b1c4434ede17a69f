import type { SuiteReport } from '../harness/suite.ts';
import type { Played } from './run-all.ts';
import { SUBJECTS } from './subjects.ts';

/** A scenario in the form in which benchmarks are printed. */
export function suiteReportOf({ scenario, outcomes }: Played): SuiteReport {
  const cases = SUBJECTS.flatMap(({ name, subject, promised }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return [];
    const { target } = scenario;
    const figures = { nsPerOp: null, bytesPerOp: null, ratio: null, figures: outcome.figures };
    return { name, subject, ...figures, ...(promised && target !== undefined ? { target } : {}) };
  });
  return { suite: scenario.name, node: process.version, baseline: null, cases };
}
