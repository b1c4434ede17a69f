import path from 'node:path';
import { root } from './packages.ts';

/** One step of `npm test`: a command of its own. */
export interface Step {
  readonly name: string;
  readonly about: string;
  readonly command: readonly string[];
  /** When its output is shown: while it runs, after it, or only after it failed. */
  readonly output: 'live' | 'after' | 'on failure';
  /** Whether it looks at what the step `build` makes. */
  readonly needsBuild?: boolean;
  /** Whether only `npm run test:long` takes it. */
  readonly longOnly?: boolean;
}

/** Where the tests leave their counts. */
export const TEST_REPORT = path.join(root, '.cache', 'vitest.json');

const tool = (name: string, about: string, ...command: string[]): Step => {
  return { name, about, command, output: 'on failure' };
};
const script = (name: string, about: string, file: string): Step => {
  return { name, about, command: ['node', file], output: 'after' };
};
const tests = ['vitest', 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${TEST_REPORT}`];

/** All steps, in the order in which they run. */
export const STEPS: readonly Step[] = [
  tool('format', 'prettier', 'prettier', '--check', '--log-level=warn', '.'),
  tool('lint', 'eslint and the rules of the house', 'eslint', '--max-warnings=0', '.'),
  tool('types', 'tsc, type tests included', 'tsc', '--noEmit'),
  { ...tool('tests', 'unit, property and integration tests', ...tests), output: 'live' },
  tool('build', 'all packages', 'turbo', 'run', 'build', '--output-logs=errors-only'),
  { ...script('package', 'what npm would publish', 'scripts/package-checks.ts'), needsBuild: true },
  {
    ...script('api', 'the public API is as recorded in api.d.ts', 'scripts/api-report.ts'),
    needsBuild: true,
  },
  { ...script('size', 'bundle sizes', 'scripts/sizes.ts'), needsBuild: true },
  script('docs', 'everything public is documented', 'scripts/doc-coverage.ts'),
  script('samples', 'the code in the documentation compiles', 'scripts/doc-samples.ts'),
  script('pages', 'links, named files and the error catalogue', 'scripts/doc-pages.ts'),
  script('licences', 'of all dependencies', 'scripts/licences.ts'),
  script('audit', 'known vulnerabilities of what is shipped', 'scripts/audit.ts'),
  {
    ...script('compat', 'the packages on other runtimes', 'compat/run.ts'),
    needsBuild: true,
    output: 'live',
    longOnly: true,
  },
];

/** The steps of a run: those named with the build that they need, or all (`long`: also those that take minutes). */
export function chooseSteps(names: readonly string[], long: boolean): readonly Step[] {
  const unknown = names.filter((name) => STEPS.every((step) => step.name !== name));
  if (unknown.length > 0) throw new RangeError(`there is no step '${unknown.join("', '")}'`);
  if (names.length === 0) return STEPS.filter((step) => long || step.longOnly !== true);
  const named = STEPS.filter((step) => names.includes(step.name));
  const build = named.some((step) => step.needsBuild === true);
  return STEPS.filter((step) => named.includes(step) || (build && step.name === 'build'));
}
