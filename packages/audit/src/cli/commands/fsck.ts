import type { Command } from '@holdfast/pipeline/cli';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { AuditLog } from '../../audit-log.ts';
import { AuditDamagedError } from '../../errors.ts';
import { EventIndex } from '../../query/event-index.ts';
import { EXIT } from '../exit-codes.ts';
import { openLog, SIGNER_OPTIONS } from '../open-log.ts';
import { counted, type Terminal } from '../terminal.ts';

export const fsck: Command<Terminal> = {
  name: 'fsck',
  summary: 'open a log as its service would, and mend its index',
  args: 'DIR',
  arity: [1, 1],
  options: {
    ...SIGNER_OPTIONS,
    'repair-index': { description: 'throw the search index away and make it again from the log' },
  },
  about:
    'Recovers what a crash left, holds every tree against its signed checkpoint, publishes what was not yet published and\n' +
    'tells how many entries each tenant has. A log that is shorter than its checkpoint, or altered, does not open: the\n' +
    'message says where. fsck looks at what the writer needs; verify looks at everything.',
  examples: [
    ['holdfast-audit fsck /var/lib/audit --signer audit.key', 'does the log open?'],
    ['holdfast-audit fsck /var/lib/audit --signer audit.key --repair-index', 'make the search index again'],
  ],
  async run(args, terminal) {
    let log;
    try {
      log = await openLog(args);
    } catch (error) {
      if (!(error instanceof AuditDamagedError)) throw error;
      const { message, tenant, index, file, offset } = error;
      if (args.has('json')) terminal.json({ ok: false, message, tenant, index, file, offset });
      else terminal.line(`${terminal.style('red', 'BROKEN')} ${message}`);
      return EXIT.broken;
    }
    try {
      const repaired = args.has('repair-index') ? await repair(log, terminal) : undefined;
      await log.flush();
      const tenants = log.engine.tenants().map((tenant) => ({ tenant, size: log.engine.size(tenant) }));
      if (args.has('json')) terminal.json({ ok: true, tenants, indexed: repaired });
      else {
        for (const { tenant, size } of tenants)
          terminal.line(`${terminal.style('green', 'ok')}  ${tenant}  ${counted(size, 'entry', 'entries')}`);
        if (repaired !== undefined)
          terminal.line(`index made again from ${counted(repaired, 'entry', 'entries')}`);
      }
      return EXIT.ok;
    } finally {
      await log.close();
    }
  },
};

/** Fills a new index, under the lock of the log. What is there may be damaged beyond being opened. */
async function repair({ engine }: AuditLog, terminal: Terminal): Promise<number> {
  for (const suffix of ['', '-wal', '-shm'])
    await rm(path.join(engine.dir, `index.sqlite${suffix}`), { force: true });
  const index = await EventIndex.open(engine);
  try {
    terminal.progress(() => 'making the index');
    await index.caughtUp();
    return engine.tenants().reduce((sum, tenant) => sum + engine.size(tenant), 0) - index.lag;
  } finally {
    await index.close();
  }
}
