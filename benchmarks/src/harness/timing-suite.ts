import { measure } from './measure.ts';
import type { Suite } from './suite.ts';
import type { TimedCase } from './timed-case.ts';

/** A suite of operations that are timed in turns; the first case is the baseline. */
export function timingSuite(name: string, about: string, makeCases: () => readonly TimedCase[]): Suite {
  return {
    name,
    about,
    async run(progress) {
      const cases = makeCases();
      return { baseline: cases[0]?.name ?? null, cases: await measure(cases, { progress }) };
    },
  };
}
