import { parseArgs } from 'node:util';
import type { FleetSize, Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

/** What was asked for. */
export interface Command {
  readonly action: 'run' | 'help';
  readonly scenarios: readonly Scenario[];
  readonly size: FleetSize;
  /** Print JSON and nothing else. */
  readonly json: boolean;
  /** Write the page and its plots. */
  readonly write: boolean;
}

const OPTIONS = {
  scenario: { type: 'string', multiple: true, short: 's' },
  clients: { type: 'string', default: '100000' },
  processes: { type: 'string', default: '1000' },
  seed: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false, short: 'h' },
} as const;

/** Reads the arguments; throws where they make no sense, with what would. */
export function readCommand(args: readonly string[]): Command {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const names = (values.scenario ?? []).flatMap((list) => list.split(',')).map((name) => name.trim());
  if (values.write && names.length > 0)
    throw new RangeError('--write needs all scenarios: leave out --scenario');
  const clients = integer('--clients', values.clients, 1, 10_000_000);
  return {
    action: values.help ? 'help' : 'run',
    scenarios: names.length === 0 ? SCENARIOS : names.map(scenarioNamed),
    size: {
      clients,
      processes: integer('--processes', values.processes, 1, clients),
      seed: integer('--seed', values.seed, 0, 2 ** 31 - 1),
    },
    json: values.json,
    write: values.write,
  };
}

function integer(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new RangeError(`${option} must be an integer >= ${least} and <= ${most}, got '${text}'`);
}

/** The scenario of a name; throws with the names that there are. */
export function scenarioNamed(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `there is no scenario '${name}'; there are: ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`,
  );
}

/** What `--help` prints. */
export const usage = `Usage: npm run simulate [-- flags]

Plays failures of a dependency in virtual time, with the real code of Holdfast and its peers in many processes.
Everything takes some minutes; a tenth of the clients and processes takes a tenth of that.

  -s, --scenario NAME[,NAME]  these scenarios only
      --clients N             how many clients call (default 100000)
      --processes N           how many processes they call through, each with strategies of its own (default 1000)
      --seed N                another seed makes another run, the same one the same (default 1)
      --json                  print JSON only (npm run -s simulate -- --json)
      --write                 write docs/simulation too
  -h, --help                  this text

Scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')}`;
