import { BackendError, type BackendFailure } from '../backends/backend-error.ts';
import { add } from './commands/add.ts';
import { exportVault } from './commands/export.ts';
import { importVault } from './commands/import.ts';
import { init } from './commands/init.ts';
import { list } from './commands/list.ts';
import { remove } from './commands/remove.ts';
import { rotate } from './commands/rotate.ts';
import { show } from './commands/show.ts';
import { readArgs, type Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import { Interrupted, type Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [init, add, list, show, rotate, remove, exportVault, importVault];

const CODES: Readonly<Record<BackendFailure, number>> = {
  'not-found': EXIT.usage,
  denied: EXIT.refused,
  invalid: EXIT.refused,
  quota: EXIT.failed,
  unavailable: EXIT.failed,
};

/** Runs a command line and answers its exit code; whatever goes wrong is said on the terminal. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const command = COMMANDS.find((each) => each.name === rest[0]);
    terminal.line(command === undefined ? programHelp(COMMANDS) : commandHelp(command));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    await runCommand(name, rest, terminal);
    return EXIT.ok;
  } catch (error) {
    return fail(error, terminal);
  }
}

async function runCommand(name: string, argv: readonly string[], terminal: Terminal): Promise<void> {
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    throw new UsageError(
      `there is no such command; there are ${COMMANDS.map((each) => each.name).join(', ')}`,
    );
  }
  const args = readArgs(command, argv);
  if (args.has('help')) terminal.line(commandHelp(command));
  else await command.run(args, terminal);
}

function fail(error: unknown, terminal: Terminal): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  terminal.remark(`holdfast-vault: ${error instanceof Error ? error.message : String(error)}`);
  // A name that cannot be one.
  if (error instanceof UsageError || error instanceof RangeError) return EXIT.usage;
  return error instanceof BackendError ? CODES[error.failure] : EXIT.failed;
}
