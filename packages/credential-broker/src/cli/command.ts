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
  /** The value of an option. */
  value(name: string): string | undefined;
  /** All values of an option. */
  values(name: string): readonly string[];
}

/** One thing that the command line can do. */
export interface Command {
  readonly name: string;
  /** What it does, in half a line. */
  readonly summary: string;
  /** Its arguments, e.g. `VAULT NAME`. */
  readonly args: string;
  /** How many arguments it takes, at least and at most. */
  readonly arity: readonly [number, number];
  readonly options: Readonly<Record<string, CommandOption>>;
  /** What there is to know, in short paragraphs. */
  readonly about: string;
  /** Command lines to copy, each with what it is for. */
  readonly examples: readonly (readonly [string, string])[];
  /** Does it; what it cannot do it throws. */
  run(args: CommandArgs, terminal: Terminal): Promise<void>;
}

/** Options that every command has. */
export const COMMON_OPTIONS: Readonly<Record<string, CommandOption>> = {
  'passphrase-file': { value: 'FILE', description: 'the passphrase of the vault, in a file of mode 0600' },
  'key-file': { value: 'FILE', description: 'its key of 32 bytes in hex or base64, in a file of mode 0600' },
  json: { description: 'print JSON for programs instead of text' },
  help: { description: 'show this text' },
};

/**
 * Reads the arguments of a command. What was given is not repeated: it may be a secret in the wrong place.
 *
 * @throws {@link UsageError} when they make no sense
 */
export function readArgs(command: Command, argv: readonly string[]): CommandArgs {
  const known = { ...command.options, ...COMMON_OPTIONS };
  const { values, positionals } = parsed(known, argv);
  const all = (name: string) => values[name] ?? [];
  for (const [name, { multiple, value }] of Object.entries(known)) {
    const once = value !== undefined && multiple !== true;
    if (once && all(name).length > 1) throw new UsageError(`--${name} may be given once`);
  }
  const [least, most] = command.arity;
  if (all('help').length === 0 && (positionals.length < least || positionals.length > most)) {
    throw new UsageError(`${command.name} takes ${command.args}; secrets are read from stdin, not from here`);
  }
  return {
    positionals,
    has: (name) => all(name).length > 0,
    value: (name) => all(name).map(String).at(-1),
    values: (name) => all(name).map(String),
  };
}

function parsed(known: Command['options'], argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(known).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const), multiple: true },
    ]),
  );
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
    return { ...read, values: read.values as Readonly<Record<string, (string | boolean)[] | undefined>> };
  } catch {
    throw new UsageError(
      `the options are ${Object.keys(known)
        .map((name) => `--${name}`)
        .join(', ')}`,
    );
  }
}
