import { parseArgs } from 'node:util';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** An option of a command: a flag, or one with a value that `value` names. */
export interface CommandOption {
  readonly description: string;
  /** What the value is, e.g. `FILE`; nothing for a flag. */
  readonly value?: string;
  /** Whether it may be given more than once. */
  readonly multiple?: boolean;
}

/** What a command was called with. */
export interface CommandArgs {
  readonly positionals: readonly string[];
  /** Whether a flag was given. */
  has(name: string): boolean;
  /** The value of an option; the last where there are several. */
  value(name: string): string | undefined;
  /** All values of an option. */
  values(name: string): readonly string[];
}

/** One thing that the command line can do. */
export interface Command {
  readonly name: string;
  /** What it does, in half a line. */
  readonly summary: string;
  /** Its arguments, e.g. `DIR|URL INDEX`. */
  readonly args: string;
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [number, number];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** What there is to know, in short paragraphs. */
  readonly about: string;
  /** Command lines to copy, each with what it is for. */
  readonly examples: readonly (readonly [string, string])[];
  /** Runs it and answers the exit code. */
  run(args: CommandArgs, terminal: Terminal): Promise<number>;
}

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  json: { description: 'print JSON for programs instead of text' },
  help: { description: 'show this text' },
};

/**
 * Reads the arguments of a command.
 *
 * @throws {@link UsageError} when they make no sense
 */
export function readArgs(command: Command, argv: readonly string[]): CommandArgs {
  const known = { ...command.options, ...COMMON_OPTIONS };
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  const { values, positionals } = parsed(argv, options);
  const all = (name: string) => values[name] ?? [];
  for (const [name, { multiple, value }] of Object.entries(known)) {
    if (value !== undefined && multiple !== true && all(name).length > 1) {
      throw new UsageError(`--${name} may be given once`);
    }
  }
  const [least, most] = command.arity;
  const help = all('help').length > 0;
  if (!help && positionals.length < least) throw new UsageError(`${command.name} needs ${command.args}`);
  if (!help && positionals.length > most) {
    throw new UsageError(`${command.name} takes ${command.args}; ${positionals.at(-1)} is too much`);
  }
  return {
    positionals,
    has: (name) => all(name).length > 0,
    value: (name) => all(name).map(String).at(-1),
    values: (name) => all(name).map(String),
  };
}

function parsed(
  argv: readonly string[],
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object,
) {
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { ...read, values: read.values as Readonly<Record<string, (string | boolean)[] | undefined>> };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
