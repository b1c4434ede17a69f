import type { Command, CommandArgs } from '@holdfast/pipeline/cli';
import { followHeads, readHead } from '../../verify/follow-heads.ts';
import { verifiedEntries } from '../../verify/verified-entries.ts';
import { entryLine, entryValue } from '../entry-line.ts';
import { EXIT } from '../exit-codes.ts';
import { numberOf } from '../numbers.ts';
import { provenOr } from '../proven-or.ts';
import { stepOverPruned } from '../step-over-pruned.ts';
import type { Terminal } from '../terminal.ts';
import { findTree, TENANT_OPTION } from '../trees.ts';
import { requireTrust, TRUST_OPTIONS } from '../trust.ts';

const DEFAULT_LINES = 10;
const EVERY_MS = 1_000;

export const tail: Command<Terminal> = {
  name: 'tail',
  summary: 'show the last entries, and those that come',
  args: 'DIR|URL',
  arity: [1, 1],
  options: {
    ...TRUST_OPTIONS,
    tenant: TENANT_OPTION,
    lines: { value: 'N', description: `how many of the last entries to show; default ${DEFAULT_LINES}` },
    from: { value: 'INDEX', description: 'show everything from this entry on instead' },
    follow: { description: 'go on with entries as they come' },
  },
  about:
    'Shows what is under a signed checkpoint, and nothing else: each entry is proven against it before it is shown, and\n' +
    'with --follow each checkpoint must continue the one before. Entries appear about a second after they were written.',
  examples: [
    ['holdfast-audit tail /var/lib/audit --key audit.key.pub --tenant acme --follow', 'watch a tenant'],
    [
      'holdfast-audit tail https://audit.example/logs/acme --key audit.key.pub --from 0 --json',
      'everything as JSON lines',
    ],
  ],
  async run(args, terminal) {
    const [place = ''] = args.positionals;
    const policy = await requireTrust(args);
    const { source } = await findTree(place, args.value('tenant'));
    const { signal, unread, clock } = terminal;
    const wanted = terminal.untilOver(() => true);
    return provenOr(terminal, async () => {
      const feed = { source, policy, everyMs: EVERY_MS, clock, signal: AbortSignal.any([signal, unread]) };
      const heads = args.has('follow') ? followHeads(feed) : [await readHead(source, policy)];
      let next: number | undefined;
      for await (const head of heads) {
        next ??= await stepOverPruned(source, head.size, startOf(args, head.size), terminal);
        for await (const { index, entry } of verifiedEntries(source, head, next, wanted)) {
          show(index, entry, args, terminal);
        }
        next = Math.max(next, head.size);
      }
      return signal.aborted ? EXIT.interrupted : EXIT.ok;
    });
  },
};

function startOf(args: CommandArgs, size: number): number {
  return numberOf(args, 'from', 0) ?? Math.max(0, size - (numberOf(args, 'lines', 0) ?? DEFAULT_LINES));
}

function show(index: number, entry: Uint8Array, args: CommandArgs, terminal: Terminal): void {
  if (args.has('json')) terminal.json(entryValue(index, entry));
  else terminal.line(entryLine(index, entry, terminal));
}
