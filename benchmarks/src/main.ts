/** `npm run bench`: runs suites, each in a process of its own, and prints what they found. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readCommand, usage, type Command } from './command-line.ts';
import { runSuite } from './harness/run-suite.ts';
import type { Suite, SuiteReport } from './harness/suite.ts';
import { describeMachine } from './output/machine.ts';
import { renderMarkdown } from './output/markdown.ts';
import { progressLine } from './output/progress-line.ts';
import { renderTerminal } from './output/terminal.ts';
import { SUITES } from './suites.ts';

const results = path.join(import.meta.dirname, '..', 'results');
const line = progressLine(process.stderr);

async function runAll({ suites, json, write }: Command): Promise<void> {
  const reports: SuiteReport[] = [];
  for (const [index, suite] of suites.entries()) {
    const machine = describeMachine();
    const report = await runSuite(suite.name, (share) =>
      line.show(`${suite.name} (${index + 1} of ${suites.length}) ${Math.round(share * 100)} %`),
    );
    line.clear();
    reports.push(report);
    if (!json) console.log(renderTerminal(report));
    // A suite that finds nothing to measure on this machine leaves the page of another one alone.
    if (write && report.cases.length > 0)
      writePage(suite, renderMarkdown(report, suite.about, machine, new Date()));
  }
  if (json) console.log(JSON.stringify(reports.length === 1 ? reports[0] : reports, undefined, 2));
}

function writePage({ name }: Suite, page: string): void {
  mkdirSync(results, { recursive: true });
  writeFileSync(path.join(results, `${name}.md`), page);
}

try {
  const command = readCommand(process.argv.slice(2), SUITES);
  if (command.action === 'help') console.log(usage(SUITES));
  else if (command.action === 'list') console.log(SUITES.map(({ name }) => name).join('\n'));
  else await runAll(command);
} catch (error) {
  line.clear();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
