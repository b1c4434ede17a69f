import { AuditLockedError } from '../errors.ts';
import { checkProof } from './commands/check-proof.ts';
import { erase } from './commands/erase.ts';
import { exportLog } from './commands/export.ts';
import { fsck } from './commands/fsck.ts';
import { keygen } from './commands/keygen.ts';
import { prove } from './commands/prove.ts';
import { prune } from './commands/prune.ts';
import { query } from './commands/query.ts';
import { tail } from './commands/tail.ts';
import { verify } from './commands/verify.ts';
import { readArgs, type Command } from './command.ts';
import { EXIT } from './exit-codes.ts';
import { commandHelp, programHelp } from './help.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

/** All commands, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  verify,
  prove,
  checkProof,
  tail,
  query,
  exportLog,
  prune,
  erase,
  fsck,
  keygen,
];

/** Runs a command line and answers its exit code; whatever goes wrong is said on the terminal. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const [topic] = rest;
    const command = COMMANDS.find((each) => each.name === topic);
    terminal.line(command === undefined ? programHelp(COMMANDS) : commandHelp(command));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  try {
    return await runCommand(name, rest, terminal);
  } catch (error) {
    return fail(error, terminal);
  }
}

async function runCommand(name: string, argv: readonly string[], terminal: Terminal): Promise<number> {
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((each) => each.name).join(', ');
    throw new UsageError(`there is no command ${JSON.stringify(name)}; there are ${names}`);
  }
  const args = readArgs(command, argv);
  if (args.has('help')) {
    terminal.line(commandHelp(command));
    return EXIT.ok;
  }
  return command.run(args, terminal);
}

function fail(error: unknown, terminal: Terminal): number {
  terminal.clearProgress();
  if (terminal.signal.aborted) {
    terminal.remark('interrupted');
    return EXIT.interrupted;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.remark(`holdfast-audit: ${message}`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof AuditLockedError) terminal.remark('Ask the process that has it, or stop it first.');
  return EXIT.failed;
}
