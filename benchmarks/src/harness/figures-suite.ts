import type { CaseReport, Suite, Target } from './suite.ts';

/** What is measured on its own, not in turns. */
export interface FiguresCase {
  readonly name: string;
  readonly subject: string;
  readonly target?: Target;
}

/** What was found, where it is not a ratio. */
export type Found = Partial<Pick<CaseReport, 'nsPerOp' | 'bytesPerOp' | 'figures'>>;

/** A suite that looks at one case after another. */
export function figuresSuite<C extends FiguresCase>(
  name: string,
  about: string,
  cases: readonly C[],
  look: (each: C) => Promise<Found>,
): Suite {
  return {
    name,
    about,
    async run(progress) {
      const reports: CaseReport[] = [];
      for (const each of cases) {
        const { name, subject, target } = each;
        const found = { nsPerOp: null, bytesPerOp: null, ratio: null, ...(await look(each)) };
        reports.push({ name, subject, ...found, ...(target === undefined ? {} : { target }) });
        progress(reports.length / cases.length);
      }
      return { baseline: null, cases: reports };
    },
  };
}
