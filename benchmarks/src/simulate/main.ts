/** `npm run simulate`: plays failures at the scale of a fleet, and prints how Holdfast and its peers fared. */
import path from 'node:path';
import { describeMachine } from '../output/machine.ts';
import { progressLine } from '../output/progress-line.ts';
import { renderTerminal } from '../output/terminal.ts';
import { readCommand, usage, type Command } from './command-line.ts';
import { runAll } from './run-all.ts';
import { suiteReportOf } from './suite-report.ts';
import { SUBJECTS } from './subjects.ts';
import { writeReport } from './write-report.ts';

const docs = path.join(import.meta.dirname, '..', '..', '..', 'docs', 'simulation');
const line = progressLine(process.stderr);

async function simulate({ scenarios, size, json, write }: Command): Promise<void> {
  const startedAtMs = performance.now();
  const played = await runAll(scenarios, size, (share) =>
    line.show(`${scenarios.length * SUBJECTS.length} runs, ${Math.floor(share * 100)} %`),
  );
  line.clear();
  const seconds = (performance.now() - startedAtMs) / 1_000;
  if (json) {
    const reports = played.map((each) => {
      const report = suiteReportOf(each);
      const cases = report.cases.map((found, index) => ({ ...found, series: each.outcomes[index]?.series }));
      return { ...report, cases };
    });
    console.log(JSON.stringify({ ...size, scenarios: reports }, undefined, 2));
  } else for (const each of played) console.log(renderTerminal(suiteReportOf(each)));
  if (write) writeReport(docs, played, size, { seconds, date: new Date(), machine: describeMachine() });
}

process.once('SIGINT', () => {
  line.clear();
  process.exit(130);
});
try {
  const command = readCommand(process.argv.slice(2));
  if (command.action === 'help') console.log(usage);
  else await simulate(command);
} catch (error) {
  line.clear();
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
