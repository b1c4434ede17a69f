import type { Command } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { readHead } from '../../verify/follow-heads.ts';
import { verifiedEntries } from '../../verify/verified-entries.ts';
import { entryLine, entryValue } from '../entry-line.ts';
import { EXIT } from '../exit-codes.ts';
import { FILTER_OPTIONS, filterOf } from '../filter.ts';
import { numberOf } from '../numbers.ts';
import { provenOr } from '../proven-or.ts';
import { stepOverPruned } from '../step-over-pruned.ts';
import { findTree, TENANT_OPTION } from '../trees.ts';
import { requireTrust, TRUST_OPTIONS } from '../trust.ts';

export const query: Command<Terminal> = {
  name: 'query',
  summary: 'find entries by who, what, when and how it went',
  args: 'DIR|URL',
  arity: [1, 1],
  options: {
    ...TRUST_OPTIONS,
    tenant: TENANT_OPTION,
    ...FILTER_OPTIONS,
    from: { value: 'INDEX', description: 'begin at this entry; to go on behind the last one that was shown' },
    limit: { value: 'N', description: 'stop after this many' },
  },
  about:
    'Reads the log itself, oldest entry first, and proves each entry that it shows. It needs no index and no lock, so it\n' +
    'may be run beside the service; the service has an index and answers in milliseconds. --text finds any piece of the\n' +
    'JSON of an entry as it stands there, and so parts of words; the index of the service finds whole words.',
  examples: [
    [
      'holdfast-audit query /var/lib/audit --key audit.key.pub --tenant acme --outcome denied --since 2026-11-01',
      'what was refused this month',
    ],
    [
      'holdfast-audit query /var/lib/audit --key audit.key.pub --tenant acme --actor bob --limit 20 --json',
      'the first things that bob did, for programs',
    ],
  ],
  async run(args, terminal) {
    const [place = ''] = args.positionals;
    const policy = await requireTrust(args);
    const wanted = terminal.untilOver(filterOf(args));
    const limit = numberOf(args, 'limit', 1) ?? Infinity;
    const { source } = await findTree(place, args.value('tenant'));
    return provenOr(terminal, async () => {
      const head = await readHead(source, policy);
      const from = await stepOverPruned(source, head.size, numberOf(args, 'from', 0) ?? 0, terminal);
      let shown = 0;
      for await (const { index, entry } of verifiedEntries(source, head, from, wanted)) {
        if (args.has('json')) terminal.json(entryValue(index, entry));
        else terminal.line(entryLine(index, entry, terminal));
        if (++shown >= limit) break;
      }
      return EXIT.ok;
    });
  },
};
