import { runProgram, UsageError, type Program } from '@holdfast/pipeline/cli';
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
import { EXIT } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** The command line of the audit log. */
export const PROGRAM: Program<Terminal> = {
  name: 'holdfast-audit',
  summary: 'looks after audit logs that anyone can verify.',
  usage: 'COMMAND [arguments] [options]',
  commands: [verify, prove, checkProof, tail, query, exportLog, prune, erase, fsck, keygen],
  options: { json: { description: 'print JSON for programs instead of text' } },
  about: {
    Keys:
      '  A log signs with a private key, which only the service has. Everybody else needs its verifier key, one line\n' +
      '  of text: keep a copy where the people who run the log cannot change it. Private keys are read from files that\n' +
      '  nobody else may read (mode 0600), never from the command line.',
  },
  examples: [
    [
      'holdfast-audit keygen audit.example/prod --out audit.key',
      'make keys for a log: audit.key and audit.key.pub',
    ],
    ['holdfast-audit verify /var/lib/audit --key audit.key.pub', 'verify everything that the log holds'],
  ],
  exitCodes: {
    [EXIT.ok]: 'done, and everything holds',
    [EXIT.broken]: 'something does not hold: a log, a proof',
    [EXIT.usage]: 'the command line makes no sense',
    [EXIT.failed]: 'it could not be done: a file, a server, a log that is open elsewhere',
    [EXIT.interrupted]: 'interrupted',
  },
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
  terminal.clearProgress();
  if (terminal.signal.aborted) {
    terminal.remark('interrupted');
    return EXIT.interrupted;
  }
  // There was nothing to do but to show things, and whoever runs this says why that failed.
  if (terminal.unread.aborted && error === terminal.unread.reason) return EXIT.ok;
  terminal.remark(`${PROGRAM.name}: ${messageOf(error)}`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof AuditLockedError) terminal.remark('Ask the process that has it, or stop it first.');
  return EXIT.failed;
}

/** What went wrong, with what it came from: `fetch` says nothing by itself. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return message === 'fetch failed' ? `the server cannot be reached: ${messageOf(cause)}` : message;
}
