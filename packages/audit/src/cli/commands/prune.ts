import { type Command, type CommandArgs, UsageError } from '@holdfast/pipeline/cli';
import type { AuditLog } from '../../audit-log.ts';
import { diskFiles } from '../../files/disk-files.ts';
import { planPruning } from '../../retention/prune-tree.ts';
import type { RetentionPolicy } from '../../retention/retention-policy.ts';
import { EXIT } from '../exit-codes.ts';
import { numberOf } from '../numbers.ts';
import { openLog, SIGNER_OPTIONS } from '../open-log.ts';
import { counted, type Terminal } from '../terminal.ts';
import { noSuchTenant } from '../trees.ts';

const DAY_MS = 86_400_000;

export const prune: Command<Terminal> = {
  name: 'prune',
  summary: 'remove old entries by a declared policy',
  args: 'DIR',
  arity: [1, 1],
  options: {
    ...SIGNER_OPTIONS,
    'keep-days': { value: 'N', description: 'days for which every entry is kept' },
    name: { value: 'TEXT', description: 'what the policy is called, for whoever reads the log' },
    'drop-hashes': { description: 'remove the hashes of removed entries as well' },
    tenant: { value: 'NAME', description: 'only this tenant' },
    yes: { description: 'do it; without this it is only shown what would be done' },
  },
  about:
    'The policy becomes an entry of the log, under a signed checkpoint, before anything is removed; verify knows it from\n' +
    'there. All proofs of entries that are left stay valid. Without --drop-hashes, so do those of removed entries, for\n' +
    'who kept their bytes. The log must not be open elsewhere: a running service prunes by itself.',
  examples: [
    [
      'holdfast-audit prune /var/lib/audit --signer audit.key --keep-days 395 --name "13 months"',
      'what would be removed?',
    ],
    [
      'holdfast-audit prune /var/lib/audit --signer audit.key --keep-days 395 --name "13 months" --yes',
      'remove it',
    ],
  ],
  async run(args, terminal) {
    const policy = policyOf(args);
    // Opening takes over what the write-ahead log holds, and closing waits until it has let go of it.
    await (await openLog(args)).close();
    const log = await openLog(args);
    try {
      const tenant = args.value('tenant');
      const tenants = log.engine.tenants().filter((each) => tenant === undefined || each === tenant);
      if (tenant !== undefined && tenants.length === 0) throw noSuchTenant(tenant);
      for (const each of tenants) {
        terminal.signal.throwIfAborted();
        await pruneTenant(log, each, policy, args, terminal);
      }
    } finally {
      await log.close();
    }
    if (!args.has('yes')) terminal.remark('nothing was removed; add --yes to do it');
    return EXIT.ok;
  },
};

function policyOf(args: CommandArgs): RetentionPolicy {
  const [days, name] = [numberOf(args, 'keep-days', 0), args.value('name')];
  if (days === undefined || name === undefined || name === '') {
    throw new UsageError(
      'prune needs --keep-days N and --name TEXT: without a declared policy nothing is removed',
    );
  }
  return { name, keepMs: days * DAY_MS, hashes: args.has('drop-hashes') ? 'drop' : 'keep' };
}

async function pruneTenant(
  log: AuditLog,
  tenant: string,
  policy: RetentionPolicy,
  args: CommandArgs,
  terminal: Terminal,
): Promise<void> {
  const parts = { engine: log.engine, files: diskFiles, clock: terminal.clock };
  const { from, minimumIndex } = await planPruning(parts, { tenant, policy });
  const done = args.has('yes') && minimumIndex > from;
  if (done) await log.prune({ tenant, policy });
  if (args.has('json')) terminal.json({ tenant, from, minimumIndex, done });
  else {
    const removed = counted(minimumIndex - from, 'entry', 'entries');
    terminal.line(
      `${tenant}  ${removed} ${done ? 'removed' : 'to remove'}; begins with entry ${minimumIndex}`,
    );
  }
}
