/**
 * `npm test` runs all steps, `npm run check -- STEP...` some of them, `npm run test:long` those that take minutes too.
 * This file starts the steps, times them and adds up.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { parseArgs, styleText } from 'node:util';
import { root } from './packages.ts';
import { chooseSteps, type Step, STEPS, TEST_REPORT } from './steps.ts';

type Verdict = 'passed' | 'failed' | 'not run';

interface Finished {
  readonly step: Step;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const MARKS: Readonly<Record<Verdict, string>> = {
  passed: styleText('green', '✓'),
  failed: styleText('red', '✗'),
  'not run': styleText('yellow', '-'),
};

async function runSteps(steps: readonly Step[], env: NodeJS.ProcessEnv): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  for (const step of steps) {
    const build = finished.find((each) => each.step.name === 'build');
    const possible = step.needsBuild !== true || build?.verdict === 'passed';
    finished.push(possible ? await runStep(step, env) : { step, verdict: 'not run', seconds: 0 });
  }
  return finished;
}

async function runStep(step: Step, env: NodeJS.ProcessEnv): Promise<Finished> {
  console.log(`${styleText('bold', `▸ ${step.name}`)}  ${step.about}`);
  const startedAt = performance.now();
  const { code, output } = await runCommand(step, env);
  const seconds = (performance.now() - startedAt) / 1000;
  const verdict = code === 0 ? 'passed' : 'failed';
  if (verdict === 'failed' || step.output === 'after')
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  console.log(`${MARKS[verdict]} ${step.name}  ${seconds.toFixed(1)} s\n`);
  return { step, verdict, seconds };
}

async function runCommand({ command, output: shown }: Step, env: NodeJS.ProcessEnv) {
  const [program = '', ...args] = command;
  const stdio = shown === 'live' ? 'inherit' : 'pipe';
  const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', stdio, stdio] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}

function environment(long: boolean): NodeJS.ProcessEnv {
  const plain = !process.stdout.isTTY && process.env['FORCE_COLOR'] === undefined;
  return {
    ...process.env,
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
    ...(plain ? { NO_COLOR: '1' } : {}),
    ...(long ? { HOLDFAST_PROPERTY_RUNS: '2000' } : {}),
  };
}

function summarise(finished: readonly Finished[], elapsedMs: number): void {
  for (const { step, verdict, seconds } of finished) {
    console.log(`${MARKS[verdict]} ${step.name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`);
  }
  const open = finished.filter(({ verdict }) => verdict !== 'passed').map(({ step }) => step.name);
  console.log(
    `\n${finished.length - open.length} of ${finished.length} steps in ${Math.round(elapsedMs / 1000)} s`,
  );
  if (open.length > 0) console.log(`Run what is missing again: npm run check -- ${open.join(' ')}`);
  if (finished.some(({ step }) => step.name === 'tests')) console.log(testCounts());
}

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

function testCounts(): string {
  if (!existsSync(TEST_REPORT)) return 'The tests left no counts.';
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(TEST_REPORT, 'utf8'),
  ) as TestReport;
  return `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { long: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(`Steps:\n${STEPS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}`);
    return;
  }
  const steps = chooseSteps(positionals, values.long);
  rmSync(TEST_REPORT, { force: true });
  const startedAt = performance.now();
  const finished = await runSteps(steps, environment(values.long));
  summarise(finished, performance.now() - startedAt);
  if (finished.some(({ verdict }) => verdict !== 'passed')) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
