import { styleText } from 'node:util';
import type { SuiteReport } from '../harness/suite.ts';
import { tableOf } from './table.ts';

/** A report for people at a terminal; `styleText` leaves colours out where NO_COLOR or a pipe says so. */
export function renderTerminal(report: SuiteReport): string {
  const { titles, numeric, rows } = tableOf(report);
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    styleText('bold', report.suite) + (report.baseline === null ? '' : `  ratios to ${report.baseline}`),
    styleText('dim', line(titles)),
    ...rows.map((row, index) => paint(line(row), report.cases[index]?.subject)),
    '',
  ].join('\n');
}

function paint(line: string, subject: string | undefined): string {
  const text = line.replaceAll('✗', styleText('red', '✗')).replaceAll('✓', styleText('green', '✓'));
  return subject === 'platform' ? styleText('dim', text) : text;
}
