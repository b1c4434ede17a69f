/**
 * `npm test` runs all steps, `npm run check -- STEP...` some of them, `npm run test:long` those that take minutes too.
 * Every step is a command of its own; this file starts them, times them and adds up.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';
import { root } from './packages.ts';

interface Step {
  readonly name: string;
  readonly about: string;
  readonly command: readonly string[];
  /** Whether the output is shown while it runs, not only when it fails. */
  readonly live?: boolean;
  readonly longOnly?: boolean;
  readonly longEnv?: Readonly<Record<string, string>>;
}

const testReport = path.join(root, '.cache', 'vitest.json');
const script = (name: string, ...args: string[]) => [
  'node',
  '--conditions=@holdfast/source',
  `scripts/${name}`,
  ...args,
];

const STEPS: readonly Step[] = [
  { name: 'format', about: 'prettier', command: ['prettier', '--check', '--log-level=warn', '.'] },
  { name: 'lint', about: 'eslint and the rules of the house', command: ['eslint', '--max-warnings=0', '.'] },
  { name: 'types', about: 'tsc, type tests included', command: ['tsc', '--noEmit'] },
  {
    name: 'tests',
    about: 'unit, property and integration tests',
    command: ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`],
    live: true,
    longEnv: { HOLDFAST_PROPERTY_RUNS: '2000' },
  },
  { name: 'build', about: 'all packages', command: ['turbo', 'run', 'build', '--output-logs=errors-only'] },
  {
    name: 'package',
    about: 'publint and types of the packed packages',
    command: script('package-checks.ts'),
  },
  { name: 'api', about: 'the public API is as recorded in api.d.ts', command: script('api-report.ts') },
  { name: 'size', about: 'bundle sizes', command: script('sizes.ts') },
  { name: 'docs', about: 'everything public is documented', command: script('doc-coverage.ts') },
  { name: 'samples', about: 'the code in the documentation compiles', command: script('doc-samples.ts') },
  { name: 'pages', about: 'links, named files and the error catalogue', command: script('doc-pages.ts') },
  { name: 'licences', about: 'of all dependencies', command: script('licences.ts') },
  { name: 'audit', about: 'known vulnerabilities of what is shipped', command: script('audit.ts') },
  {
    name: 'compat',
    about: 'the packages on other runtimes',
    command: ['node', 'compat/run.ts'],
    live: true,
    longOnly: true,
  },
];

interface Finished {
  readonly step: Step;
  readonly ok: boolean;
  readonly seconds: number;
}

async function runStep(step: Step, long: boolean): Promise<Finished> {
  console.log(`${styleText('bold', `▸ ${step.name}`)}  ${step.about}`);
  const startedAt = performance.now();
  const { ok, output } = await runCommand(step, long ? (step.longEnv ?? {}) : {});
  const seconds = (performance.now() - startedAt) / 1000;
  if (output !== '' && (!ok || step.command.some((part) => part.startsWith('scripts/')))) {
    console.log(output.trimEnd().replaceAll(/^/gm, '    '));
  }
  const mark = ok ? styleText('green', '✓') : styleText('red', '✗');
  console.log(`${mark} ${step.name}  ${seconds.toFixed(1)} s\n`);
  return { step, ok, seconds };
}

async function runCommand({ command, live }: Step, extra: Readonly<Record<string, string>>) {
  const [program = '', ...args] = command;
  const env = {
    ...process.env,
    ...extra,
    PATH: [path.join(root, 'node_modules', '.bin'), process.env['PATH']].join(path.delimiter),
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
  const child = spawn(program, args, {
    cwd: root,
    env,
    stdio: ['ignore', live ? 'inherit' : 'pipe', live ? 'inherit' : 'pipe'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { ok: code === 0, output };
}

interface TestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

function summarise(finished: readonly Finished[], elapsedMs: number): void {
  const failed = finished.filter(({ ok }) => !ok);
  for (const { step, ok, seconds } of finished) {
    console.log(
      `${ok ? styleText('green', '✓') : styleText('red', '✗')} ${step.name.padEnd(10)} ${seconds.toFixed(1).padStart(6)} s`,
    );
  }
  const [program] = failed.map(({ step }) => step.name);
  if (program !== undefined) {
    console.log(`\nRun what failed again: npm run check -- ${failed.map(({ step }) => step.name).join(' ')}`);
  }
  console.log(
    `\n${finished.length - failed.length} of ${finished.length} steps in ${Math.round(elapsedMs / 1000)} s`,
  );
  if (!existsSync(testReport)) return;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
    readFileSync(testReport, 'utf8'),
  ) as TestReport;
  console.log(
    `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests + numTodoTests} skipped`,
  );
}

const args = process.argv.slice(2);
const long = args.includes('--long');
const names = args.filter((each) => !each.startsWith('-'));
const unknown = names.filter((name) => STEPS.every((step) => step.name !== name));
if (unknown.length > 0 || args.includes('--help')) {
  if (unknown.length > 0) console.error(`There is no step '${unknown.join("', '")}'.\n`);
  console.log(`Steps:\n${STEPS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}`);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  const chosen = STEPS.filter((step) =>
    names.length > 0 ? names.includes(step.name) : long || step.longOnly !== true,
  );
  rmSync(testReport, { force: true });
  const startedAt = performance.now();
  const finished: Finished[] = [];
  for (const step of chosen) finished.push(await runStep(step, long));
  summarise(finished, performance.now() - startedAt);
  process.exitCode = finished.every(({ ok }) => ok) ? 0 : 1;
}
