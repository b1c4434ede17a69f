import { measure } from './measure.ts';
import type { Suite } from './suite.ts';
import type { TimedCase } from './timed-case.ts';

/** A suite of operations that are timed in turns; the first case is the baseline. */
export interface TimingSuite extends Suite {
  readonly makeCases: () => readonly TimedCase[];
}

/** Makes a suite from its cases. */
export function timingSuite(name: string, about: string, makeCases: () => readonly TimedCase[]): TimingSuite {
  return {
    name,
    about,
    makeCases,
    async run(progress) {
      const cases = makeCases();
      return { baseline: cases[0]?.name ?? null, cases: await measure(cases, { progress }) };
    },
  };
}
