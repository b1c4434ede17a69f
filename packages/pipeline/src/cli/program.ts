import { readArgs, type Command, type CommandOption } from './command.ts';
import { commandHelp, programHelp } from './help.ts';
import { UsageError } from './usage-error.ts';

/** A command line of several commands, which talk to a terminal `T`. */
export interface Program<T> {
  readonly name: string;
  /** What it is for, in half a line. */
  readonly summary: string;
  /** What follows its name, e.g. `COMMAND [arguments] [options]`. */
  readonly usage: string;
  /** In the order of the help. */
  readonly commands: readonly Command<T>[];
  /** Options that every command has, beside `--help`. */
  readonly options: Readonly<Record<string, CommandOption>>;
  /** What there is to know about all of it, under headings. */
  readonly about: Readonly<Record<string, string>>;
  /** Command lines to begin with, each with what it is for. */
  readonly examples: Command<T>['examples'];
  /** What each exit code says. */
  readonly exitCodes: Readonly<Record<number, string>>;
}

const HELP = { help: { description: 'show this text' } };

/**
 * Runs a command line: `NAME COMMAND [arguments] [options]`, with `help`, `--help` and `-h` for all of it, and
 * `help COMMAND` and `COMMAND --help` for one.
 *
 * @param argv - what follows the program's name
 * @returns the exit code: the command's, 0 when it answers none or for help that was asked for, 2 when nothing was given
 * @throws {@link UsageError} when the command line makes no sense, and what a command throws
 *
 * @example
 * ```ts
 * import { runProgram, type Program } from '@holdfast/pipeline/cli';
 *
 * const terminal = { line: (text: string) => console.log(text) };
 * const program: Program<typeof terminal> = {
 *   name: 'greet',
 *   summary: 'greets people.',
 *   usage: 'COMMAND [arguments]',
 *   commands: [
 *     {
 *       name: 'hello',
 *       summary: 'says hello',
 *       args: 'NAME',
 *       arity: [1, 1],
 *       options: { loud: { description: 'in capitals' } },
 *       about: 'Says hello to one person.',
 *       examples: [['greet hello Ada', 'greet Ada']],
 *       run: async ({ positionals: [name = ''], has }, { line }) => {
 *         line(`Hello ${has('loud') ? name.toUpperCase() : name}!`);
 *         return 0;
 *       },
 *     },
 *   ],
 *   options: {},
 *   about: {},
 *   examples: [['greet hello Ada', 'greet Ada']],
 *   exitCodes: { 0: 'done', 2: 'the command line makes no sense' },
 * };
 * process.exitCode = await runProgram(program, process.argv.slice(2), terminal);
 * ```
 */
export async function runProgram<T extends { line(text: string): void }>(
  program: Program<T>,
  argv: readonly string[],
  terminal: T,
): Promise<number> {
  const [name, ...rest] = argv;
  const commands = program.commands.map((command) => ({
    ...command,
    options: { ...command.options, ...program.options, ...HELP },
  }));
  const called = (wanted: string | undefined) => commands.find((command) => command.name === wanted);
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const topic = called(rest[0]);
    terminal.line(topic === undefined ? programHelp(program) : commandHelp(program, topic));
    return name === undefined ? 2 : 0;
  }
  const command = called(name);
  if (command === undefined) {
    const names = commands.map((each) => each.name).join(', ');
    throw new UsageError(`there is no such command; there are ${names}`);
  }
  const args = readArgs(command, rest);
  if (args.has('help')) {
    terminal.line(commandHelp(program, command));
    return 0;
  }
  const code = await command.run(args, terminal);
  return typeof code === 'number' ? code : 0;
}
