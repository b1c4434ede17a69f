import { type Command, type CommandArgs, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { formatEntries, type ExportOptions } from '../../export/export-entries.ts';
import { readHead } from '../../verify/follow-heads.ts';
import { verifiedEntries } from '../../verify/verified-entries.ts';
import { EXIT } from '../exit-codes.ts';
import { FILTER_OPTIONS, filterOf } from '../filter.ts';
import { numberOf } from '../numbers.ts';
import { provenOr } from '../proven-or.ts';
import { stepOverPruned } from '../step-over-pruned.ts';
import { findTree, TENANT_OPTION, type Tree } from '../trees.ts';
import { requireTrust, TRUST_OPTIONS } from '../trust.ts';

const FORMATS: readonly string[] = ['jsonl', 'csv', 'ocsf'];

export const exportLog: Command<Terminal> = {
  name: 'export',
  summary: 'write entries as JSON lines, CSV or OCSF',
  args: 'DIR|URL',
  arity: [1, 1],
  options: {
    ...TRUST_OPTIONS,
    tenant: TENANT_OPTION,
    format: { value: 'NAME', description: 'jsonl, csv or ocsf; default jsonl' },
    ...FILTER_OPTIONS,
    from: { value: 'INDEX', description: 'begin at this entry' },
  },
  about:
    'Writes to standard output. Each entry is proven before it is written, and keeps its index and hash where the format\n' +
    'has room for them, so that a proof of it can be asked for later. An export made here leaves no entry in the log, for\n' +
    'it reads files only; one made by the service does.',
  examples: [
    [
      'holdfast-audit export /var/lib/audit --key audit.key.pub --tenant acme --format csv > acme.csv',
      'a tenant for a spreadsheet',
    ],
    [
      'holdfast-audit export https://audit.example/logs/acme --key audit.key.pub --format ocsf --since 2026-11-01',
      'a month for a SIEM',
    ],
  ],
  async run(args, terminal) {
    const [place = ''] = args.positionals;
    const policy = await requireTrust(args);
    const format = args.value('format') ?? 'jsonl';
    if (!FORMATS.includes(format)) throw new UsageError(`--format must be one of ${FORMATS.join(', ')}`);
    const tree = await findTree(place, args.value('tenant'));
    return provenOr(terminal, async () => {
      const head = await readHead(tree.source, policy);
      const entries = chosen(tree, head, args, terminal);
      for await (const piece of formatEntries(format as ExportOptions['format'], head.origin, entries)) {
        await terminal.write(piece);
      }
      return EXIT.ok;
    });
  },
};

async function* chosen(
  { source, tenant }: Tree,
  head: Awaited<ReturnType<typeof readHead>>,
  args: CommandArgs,
  terminal: Terminal,
) {
  const from = await stepOverPruned(source, head.size, numberOf(args, 'from', 0) ?? 0, terminal);
  const wanted = terminal.untilOver(filterOf(args));
  for await (const { index, entry } of verifiedEntries(source, head, from, wanted)) {
    yield { tenant: tenant ?? '', index, leaf: entry };
  }
}
