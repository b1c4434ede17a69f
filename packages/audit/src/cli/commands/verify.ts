import { UsageError, type Command, type CommandArgs } from '@holdfast/pipeline/cli';
import { readFile } from 'node:fs/promises';
import { encodeTenant } from '../../log/tenant-name.ts';
import { parseCheckpoint } from '../../note/checkpoint.ts';
import { parseNote } from '../../note/note.ts';
import type { VerifyReport } from '../../verify/report.ts';
import { verifyLog } from '../../verify/verify-log.ts';
import type { WitnessPolicy } from '../../witness/witness-policy.ts';
import { EXIT } from '../exit-codes.ts';
import { numberOf } from '../numbers.ts';
import { count, counted, type Terminal } from '../terminal.ts';
import { absent, findTrees, originOf, type Tree } from '../trees.ts';
import { requireTrust, TRUST_OPTIONS } from '../trust.ts';

/** A checkpoint that the user kept, and which log it says it is of. */
interface Kept {
  readonly file: string;
  readonly note: string;
  readonly origin: string;
}

export const verify: Command<Terminal> = {
  name: 'verify',
  summary: 'verify a log: every entry, every hash, every signature',
  args: 'DIR|URL',
  arity: [1, 1],
  options: {
    ...TRUST_OPTIONS,
    checkpoint: {
      value: 'FILE',
      multiple: true,
      description: 'a signed checkpoint that was kept elsewhere; may be repeated',
    },
    tenant: { value: 'NAME', description: 'only this tenant' },
    'max-findings': { value: 'N', description: 'how many findings to show for each tree; default 100' },
  },
  about:
    'Any bit that changed, any entry that was dropped, swapped or inserted is found, and its position is shown. What a\n' +
    'log cannot show by itself is that its end was cut off, that a tenant was removed as a whole, or that it was\n' +
    'rewritten by somebody who has its key: keep a copy of a checkpoint elsewhere and give it with --checkpoint, or have\n' +
    'witnesses and give their policy.\n' +
    'A running log may be verified; entries of the last second are not under a checkpoint yet and are not looked at.',
  examples: [
    ['holdfast-audit verify /var/lib/audit --key audit.key.pub', 'all tenants of a log'],
    [
      'cp /var/lib/audit/logs/acme/checkpoint /mnt/elsewhere/acme.checkpoint',
      'keep a checkpoint where the log cannot reach it',
    ],
    [
      'holdfast-audit verify /var/lib/audit --key audit.key.pub --checkpoint /mnt/elsewhere/acme.checkpoint',
      'and hold the log against it later',
    ],
    [
      'holdfast-audit verify https://audit.example/logs/acme --policy audit.policy',
      'a log that is served, vouched for by witnesses',
    ],
  ],
  async run(args, terminal) {
    const [place = ''] = args.positionals;
    const trust = await requireTrust(args);
    const tenant = args.value('tenant');
    const kept = await Promise.all(args.values('checkpoint').map((file) => readKept(file, tenant)));
    const trees = await findTrees(place, tenant);
    // Of a tree that is not there a kept checkpoint tells that it was.
    const error = trees.length + kept.length === 0 ? absent(place, tenant) : undefined;
    if (error !== undefined) throw error;
    const reports: { readonly tenant: string | undefined; readonly report: VerifyReport }[] = [];
    for (const tree of trees) {
      const report = await verifyTree(tree, trust, kept, args, terminal);
      reports.push({ tenant: tree.tenant, report });
      if (!args.has('json')) show(report, tree.tenant, terminal);
    }
    const strays = straysOf(
      kept,
      reports.map(({ report }) => report),
    );
    const ok = reports.every(({ report }) => report.ok) && strays.length === 0;
    if (args.has('json'))
      terminal.json({
        ok,
        trees: reports.map(({ tenant, report }) => ({ tenant, ...report })),
        missing: strays,
      });
    else
      summarize(
        reports.map(({ report }) => report),
        strays,
        terminal,
      );
    return ok ? EXIT.ok : EXIT.broken;
  },
};

async function readKept(file: string, tenant: string | undefined): Promise<Kept> {
  const note = await readFile(file, 'utf8');
  const { origin } = parseCheckpoint(parseNote(note).text);
  if (tenant !== undefined && !origin.endsWith(`/${encodeTenant(tenant)}`))
    throw new UsageError(`${file} is a checkpoint of ${origin}, not of tenant ${JSON.stringify(tenant)}`);
  return { file, note, origin };
}

/** Kept checkpoints of trees that are not there any more. */
function straysOf(kept: readonly Kept[], reports: readonly VerifyReport[]) {
  return kept
    .filter(({ origin }) => !reports.some((report) => report.origin === origin || report.origin === ''))
    .map(({ file, origin }) => ({ file, origin }));
}

async function verifyTree(
  tree: Tree,
  policy: WitnessPolicy,
  kept: readonly Kept[],
  args: CommandArgs,
  terminal: Terminal,
): Promise<VerifyReport> {
  const { source, tenant, readAhead } = tree;
  const origin = originOf(tree, policy);
  // Of all that was kept, what this tree must go on from: all of it where the place does not say which tree it is.
  const own = kept.filter((each) => tenant === undefined || origin === undefined || each.origin === origin);
  return verifyLog({
    source,
    policy,
    origin,
    kept: own.map(({ note }) => note),
    readAhead,
    maxFindings: numberOf(args, 'max-findings', 1),
    signal: terminal.signal,
    onProgress: ({ entries, size }) =>
      terminal.progress(() =>
        `${tenant ?? ''} ${count(entries)} of ${counted(size, 'entry', 'entries')}, ${Math.floor((100 * entries) / size)} %`.trim(),
      ),
  });
}

function show(report: VerifyReport, tenant: string | undefined, terminal: Terminal): void {
  const { ok, origin, size, entriesRead, minimumIndex, witnessedSize, cosigned, findings, truncated } =
    report;
  const verdict = ok ? terminal.style('green', 'ok    ') : terminal.style('red', 'BROKEN');
  const pruned = minimumIndex > 0 ? `, ${counted(minimumIndex, 'entry', 'entries')} pruned` : '';
  const read = entriesRead === size - minimumIndex ? 'all read' : `${count(entriesRead)} read`;
  terminal.line(
    `${verdict} ${origin || (tenant ?? 'no valid checkpoint')}  ${counted(size, 'entry', 'entries')}, ${read}${pruned}`,
  );
  if (witnessedSize > 0) {
    const names = cosigned.map(({ name, atMs }) => `${name} at ${new Date(atMs).toISOString()}`).join(', ');
    terminal.line(`       witnessed up to ${counted(witnessedSize, 'entry', 'entries')} by ${names}`);
  }
  for (const { message, file } of findings) {
    const where = file === undefined || message.includes(file) ? '' : terminal.style('dim', `  (${file})`);
    terminal.line(`       ${message}${where}`);
  }
  if (truncated) terminal.line('       and more; see --max-findings');
}

function summarize(
  reports: readonly VerifyReport[],
  strays: readonly { readonly file: string; readonly origin: string }[],
  terminal: Terminal,
): void {
  for (const { file, origin } of strays) {
    terminal.line(
      `${terminal.style('red', 'BROKEN')} ${origin}  is not there; a checkpoint of it was kept in ${file}`,
    );
  }
  if (reports.length === 0) terminal.line('the log has no entries yet');
  const broken = reports.filter(({ ok }) => !ok).length + strays.length;
  if (reports.length > 1)
    terminal.line(`${counted(reports.length, 'tree')}, ${broken === 0 ? 'all hold' : `${broken} broken`}`);
}
