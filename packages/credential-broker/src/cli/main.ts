import { runProgram, UsageError, type Program } from '@holdfast/pipeline/cli';
import { BackendError, type BackendFailure } from '../backends/backend-error.ts';
import { add } from './commands/add.ts';
import { exportVault } from './commands/export.ts';
import { importVault } from './commands/import.ts';
import { init } from './commands/init.ts';
import { list } from './commands/list.ts';
import { remove } from './commands/remove.ts';
import { rotate } from './commands/rotate.ts';
import { show } from './commands/show.ts';
import { EXIT } from './exit-codes.ts';
import { Interrupted, type Terminal } from './terminal.ts';

/** The command line of the file vault. */
export const PROGRAM: Program<Terminal> = {
  name: 'holdfast-vault',
  summary: 'keeps credentials in one encrypted file.',
  usage: 'COMMAND VAULT [arguments] [options]',
  commands: [init, add, list, show, rotate, remove, exportVault, importVault],
  options: {
    'passphrase-file': { value: 'FILE', description: 'the passphrase of the vault, in a file of mode 0600' },
    'key-file': {
      value: 'FILE',
      description: 'its key of 32 bytes in hex or base64, in a file of mode 0600',
    },
    json: { description: 'print JSON for programs instead of text' },
  },
  about: {
    Secrets:
      '  No secret is ever an argument, where other users and the history of the shell would see it. They are typed,\n' +
      '  without being shown, or come through a pipe: each question takes a line, the last one all the rest. The\n' +
      '  passphrase can be in a file that nobody else may read (mode 0600).',
  },
  examples: [
    ['holdfast-vault init secrets.vault', 'make an empty vault'],
    ['holdfast-vault add secrets.vault prod/orders-db --field password', 'put a password into it'],
    ['holdfast-vault list secrets.vault', 'see what is in it'],
  ],
  exitCodes: {
    [EXIT.ok]: 'done',
    [EXIT.refused]: 'the vault does not open: another key, damaged, changed, or others may read it',
    [EXIT.usage]: 'the command line makes no sense, or names what there is not',
    [EXIT.failed]: 'it could not be done: a file, or somebody else is changing the vault',
    [EXIT.interrupted]: 'interrupted',
  },
};

const CODES: Readonly<Record<BackendFailure, number>> = {
  'not-found': EXIT.usage,
  denied: EXIT.refused,
  invalid: EXIT.refused,
  quota: EXIT.failed,
  unavailable: EXIT.failed,
};

/** Runs a command line and answers its exit code; whatever goes wrong is said on the terminal. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await runProgram(PROGRAM, argv, terminal);
  } catch (error) {
    return fail(error, terminal);
  }
}

function fail(error: unknown, terminal: Terminal): number {
  if (error instanceof Interrupted) return EXIT.interrupted;
  terminal.remark(`${PROGRAM.name}: ${error instanceof Error ? error.message : String(error)}`);
  // A name that cannot be one.
  if (error instanceof UsageError || error instanceof RangeError) return EXIT.usage;
  return error instanceof BackendError ? CODES[error.failure] : EXIT.failed;
}
