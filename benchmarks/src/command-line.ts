import { parseArgs } from 'node:util';
import type { Suite } from './harness/suite.ts';

/** What was asked for. */
export interface Command {
  readonly suites: readonly Suite[];
  readonly action: 'run' | 'list' | 'help';
  /** Print JSON and nothing else. */
  readonly json: boolean;
  /** Write the pages of results. */
  readonly write: boolean;
}

const OPTIONS = {
  suite: { type: 'string', multiple: true, short: 's' },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

/** Reads the arguments; throws where they make no sense, with what would. */
export function readCommand(args: readonly string[], suites: readonly Suite[]): Command {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const names = (values.suite ?? []).flatMap((list) => list.split(',')).map((name) => name.trim());
  return {
    suites: names.length === 0 ? suites : names.map((name) => suiteNamed(name, suites)),
    action: values.help ? 'help' : values.list ? 'list' : 'run',
    json: values.json,
    write: values.write,
  };
}

function suiteNamed(name: string, suites: readonly Suite[]): Suite {
  const found = suites.find((suite) => suite.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `there is no suite '${name}'; there are: ${suites.map((suite) => suite.name).join(', ')}`,
  );
}

/** What `--help` prints. */
export const usage = (suites: readonly Suite[]): string => `Usage: npm run bench [-- flags]

Measures Holdfast and its peers in turns, one fresh process a suite.

  -s, --suite NAME[,NAME]  these suites only
      --json               print JSON only: an object for one suite, an array for several (npm run -s bench -- ...)
      --write              write benchmarks/results/NAME.md too
      --list               names of the suites
  -h, --help               this text

Suites: ${suites.map(({ name }) => name).join(', ')}`;
