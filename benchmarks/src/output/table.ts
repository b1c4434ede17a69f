import type { CaseReport, SuiteReport } from '../harness/suite.ts';
import { verdictsOf } from '../harness/verdict.ts';

/** One column of a suite's table. */
interface Column {
  readonly title: string;
  readonly numeric: boolean;
  readonly text: (report: CaseReport) => string;
}

/** A table as text: a row of titles, then one row a case. */
export interface Table {
  readonly titles: readonly string[];
  readonly numeric: readonly boolean[];
  readonly rows: readonly (readonly string[])[];
}

const number = (value: number | null | undefined): string =>
  value === null
    ? 'never'
    : value === undefined
      ? ''
      : value.toLocaleString('en', { maximumFractionDigits: 3 });

const measured = (title: string, measure: 'nsPerOp' | 'bytesPerOp' | 'ratio'): Column => ({
  title,
  numeric: true,
  text: (report) => number(report[measure] ?? undefined),
});

const ALWAYS: readonly Column[] = [
  { title: 'case', numeric: false, text: ({ name }) => name },
  { title: 'subject', numeric: false, text: ({ subject }) => subject },
];

const MEASURED: readonly Column[] = [
  measured('ns/op', 'nsPerOp'),
  measured('B/op', 'bytesPerOp'),
  { ...measured('ratio', 'ratio'), text: ({ ratio }) => (ratio === null ? '' : `${ratio.toFixed(2)}x`) },
];

const TARGET: Column = {
  title: 'target',
  numeric: false,
  text: (report) =>
    verdictsOf(report)
      .map(({ text, holds }) => `${text} ${holds ? '✓' : '✗'}`)
      .join(', '),
};

/** Lays out what a suite found; columns in which no case has anything are left out. */
export function tableOf({ cases }: SuiteReport): Table {
  const figures = [...new Set(cases.flatMap((each) => Object.keys(each.figures ?? {})))];
  const columns = [
    ...ALWAYS,
    ...MEASURED,
    ...figures.map((title) => ({
      title,
      numeric: true,
      text: ({ figures }: CaseReport) => number(figures?.[title]),
    })),
    TARGET,
  ].filter(({ text }) => cases.some((each) => text(each) !== ''));
  return {
    titles: columns.map(({ title }) => title),
    numeric: columns.map(({ numeric }) => numeric),
    rows: cases.map((each) => columns.map(({ text }) => text(each))),
  };
}
