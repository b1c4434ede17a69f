import type { SuiteReport } from '../harness/suite.ts';
import { verdictsOf } from '../harness/verdict.ts';
import type { Machine } from './machine.ts';
import { markdownTable } from './markdown-table.ts';
import { tableOf } from './table.ts';

/** A report as a page of the results. */
export function renderMarkdown(report: SuiteReport, about: string, machine: Machine, date: Date): string {
  return `${[
    `# Benchmark: ${report.suite}`,
    about,
    `\`npm run bench -- --suite ${report.suite} --write\` wrote this page on ${date.toISOString().slice(0, 10)}, ` +
      `with Node ${report.node} on ${machine.name}, load average ${machine.load} at the start.` +
      (report.baseline === null
        ? ''
        : ` Ratios are medians of interleaved ratios to \`${report.baseline}\`; compare those, not nanoseconds.`),
    markdownTable(tableOf(report)),
    ...targets(report),
  ].join('\n\n')}\n`;
}

function targets({ cases }: SuiteReport): readonly string[] {
  const missed = cases.flatMap((each) =>
    verdictsOf(each)
      .filter(({ holds }) => !holds)
      .map(({ text }) => `- ${each.name} (${each.subject}): ${text}`),
  );
  const promised = cases.flatMap(verdictsOf).length;
  if (promised === 0) return [];
  if (missed.length === 0) return [`All ${promised} targets hold.`];
  return [`${missed.length} of ${promised} targets are missed:`, missed.join('\n')];
}
