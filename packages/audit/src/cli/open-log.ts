import { type CommandArgs, type CommandOption, UsageError } from '@holdfast/pipeline/cli';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { AuditLog } from '../audit-log.ts';
import { AuditDamagedError } from '../errors.ts';
import { NoteError } from '../note/note-error.ts';
import { openAudit } from '../open-audit.ts';
import type { AuditOptions } from '../options.ts';
import { readSigner } from './key-files.ts';

/** The options of commands that write. */
export const SIGNER_OPTIONS: Readonly<Record<string, CommandOption>> = {
  signer: { value: 'FILE', description: 'private key of the log, in a file of mode 0600' },
};

/**
 * Opens a log for writing, as its service does. The origin is the name of the key.
 *
 * @throws {@link UsageError} when there is no log, no key, or it is that of another log
 * @throws {@link AuditLockedError} when the service runs
 */
export async function openLog(
  args: CommandArgs,
  options: Pick<AuditOptions, 'index' | 'personal'> = {},
): Promise<AuditLog> {
  const [dir = ''] = args.positionals;
  const file = args.value('signer');
  if (file === undefined)
    throw new UsageError('this writes to the log: give its private key with --signer FILE');
  if (!existsSync(path.join(dir, 'wal'))) throw new UsageError(`${dir} is no audit log: it has no wal/`);
  const { name, signer } = await readSigner(file);
  try {
    return await openAudit({ dir, origin: name, signer, index: false, ackTimeoutMs: 60_000, ...options });
  } catch (error) {
    throw signedOtherwise(error) ? new UsageError(`${file} is not the key that signed ${error.file}`) : error;
  }
}

function signedOtherwise(error: unknown): error is AuditDamagedError {
  if (!(error instanceof AuditDamagedError)) return false;
  return error.cause instanceof NoteError && error.cause.fault === 'unsigned';
}
