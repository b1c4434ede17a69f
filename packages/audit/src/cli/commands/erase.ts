import { type Command, UsageError } from '@holdfast/pipeline/cli';
import { DEFAULT_TENANT } from '../../events/read-event.ts';
import { EXIT } from '../exit-codes.ts';
import { openLog, SIGNER_OPTIONS } from '../open-log.ts';
import { counted, type Terminal } from '../terminal.ts';
import { noSuchTenant } from '../trees.ts';

export const erase: Command<Terminal> = {
  name: 'erase',
  summary: 'erase the personal values of a subject',
  args: 'DIR',
  arity: [1, 1],
  options: {
    ...SIGNER_OPTIONS,
    subject: { value: 'ID', description: 'whose values: the subject of the events' },
    tenant: { value: 'NAME', description: 'the tenant; default default' },
    reason: { value: 'TEXT', description: 'why, e.g. the number of the request' },
    yes: { description: 'do it; erased values cannot be had back' },
  },
  about:
    'Removes values and salts from the store of personal values, and writes an audit.erasure entry that names the subject\n' +
    'by a digest only. Entries and proofs stay as they are; what they commit to cannot be told any more. Values in backups\n' +
    'are not reached. The log must not be open elsewhere: a running service erases by itself.',
  examples: [
    [
      'holdfast-audit erase /var/lib/audit --signer audit.key --tenant acme --subject bob --reason REQ-17 --yes',
      'erase what is kept of bob',
    ],
  ],
  async run(args, terminal) {
    const [subject, reason] = [args.value('subject'), args.value('reason')];
    const tenant = args.value('tenant') ?? DEFAULT_TENANT;
    if (subject === undefined) throw new UsageError('erase needs --subject ID');
    if (!args.has('yes')) throw new UsageError('erased values cannot be had back: add --yes to do it');
    const log = await openLog(args, { personal: { fields: [] } });
    try {
      if (!log.engine.tenants().includes(tenant)) throw noSuchTenant(tenant);
      const { events, entry } = await log.erase({ subject, tenant, reason });
      if (args.has('json')) terminal.json({ events, tenant: entry.tenant, index: entry.index });
      else
        terminal.line(
          `erased from ${counted(events, 'event')}; entry ${entry.index} of ${entry.tenant} says so`,
        );
      if (events === 0)
        terminal.remark('nothing was kept of this subject; is it the ID that the events have?');
    } finally {
      await log.close();
    }
    return EXIT.ok;
  },
};
