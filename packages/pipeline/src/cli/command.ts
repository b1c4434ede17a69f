import { parseArgs } from 'node:util';
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
  /** Whether an option was given. */
  has(name: string): boolean;
  /** The value of an option; the last where there are several. */
  value(name: string): string | undefined;
  /** All values of an option. */
  values(name: string): readonly string[];
}

/** One thing that a command line can do, with the terminal `T` of its program. */
export interface Command<T> {
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
  /** Runs it and answers the exit code, 0 where that is nothing. */
  run(args: CommandArgs, terminal: T): Promise<number | void>;
}

/** What is read by. */
type Shape = Pick<Command<never>, 'name' | 'args' | 'arity' | 'options'>;

type Values = Readonly<Record<string, readonly (string | boolean)[] | undefined>>;

/**
 * Reads the arguments of a command. What was given is not repeated in errors: it may be a secret in the wrong place.
 *
 * @throws {@link UsageError} when they make no sense
 *
 * @example
 * ```ts
 * import { readArgs } from '@holdfast/pipeline/cli';
 *
 * const options = { since: { value: 'TIME', description: 'from when on' } };
 * const args = readArgs({ name: 'query', args: 'DIR', arity: [1, 1], options }, ['--since=12:00', 'log']);
 * const [dir, since] = [args.positionals[0], args.value('since')];
 * ```
 */
export function readArgs(command: Shape, argv: readonly string[]): CommandArgs {
  const { name: called, args, arity, options } = command;
  const { values, positionals } = parsed(command, argv);
  const all = (name: string) => values[name] ?? [];
  for (const [name, { multiple, value }] of Object.entries(options)) {
    const once = value !== undefined && multiple !== true;
    if (once && all(name).length > 1) throw new UsageError(`--${name} may be given once`);
  }
  const has = (name: string) => all(name).length > 0;
  const given = positionals.length;
  if (!has('help') && (given < arity[0] || given > arity[1])) {
    throw new UsageError(`${called} takes ${args || 'no arguments'}; it was given ${given}`);
  }
  const texts = (name: string) => all(name).map(String);
  return { positionals, has, value: (name) => texts(name).at(-1), values: texts };
}

function parsed({ name, options: known }: Shape, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(known).map(([option, { value }]) => [
      option,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { ...read, values: read.values as Values };
  } catch {
    const usages = Object.entries(known).map(usageOf).join(', ');
    throw new UsageError(`the options of ${name} are ${usages}`);
  }
}

/** An option as it is written: `--file FILE`. */
export const usageOf = ([name, { value }]: readonly [string, CommandOption]): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`;
