import { CHECKPOINT_PATH } from '../tiles/paths.ts';
import { WITNESSED_PATH } from '../witness/witnessed-path.ts';
import { checkEntries } from './check-entries.ts';
import { FindingList } from './finding-list.ts';
import { openFor, type TrustedHead } from './trusted-head.ts';
import { readVerifyOptions, type VerifyLogOptions, type VerifySettings } from './options.ts';
import type { VerifyReport } from './report.ts';

/**
 * Verifies a whole log: the signature of its checkpoint, every entry, every hash of every tile, that the log goes on
 * where the kept checkpoints end, and that the witnesses which the policy asks for vouch for it. A file that the log
 * changes, drops, inserts or swaps is a finding with its position, not an error.
 *
 * What no log can show by itself: that it was not cut back to an earlier state. Only a checkpoint that was `kept`
 * elsewhere, or a witness, does.
 *
 * @returns what was found; `ok` when nothing is wrong
 * @throws {@link TypeError} when an option is wrong
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { directorySource, trustLog, verifyLog } from '@holdfast/audit';
 *
 * const report = await verifyLog({
 *   source: directorySource('/var/lib/audit/logs/acme'),
 *   policy: trustLog(readFileSync('audit.pub', 'utf8')),
 * });
 * for (const finding of report.findings) console.log(finding.message);
 * ```
 */
export async function verifyLog(options: VerifyLogOptions): Promise<VerifyReport> {
  const settings = readVerifyOptions(options);
  const findings = new FindingList(settings.maxFindings);
  // The witnessed checkpoint first: the other one is younger then, however busy the log is.
  const witnessed = await headAt(settings, WITNESSED_PATH, findings);
  const head = await headAt(settings, CHECKPOINT_PATH, findings);
  if (head === undefined)
    return reportOf(findings, undefined, undefined, { entriesRead: 0, minimumIndex: 0 });
  const vouched = [witnessed, head].find((each) => each?.witnessed === true);
  if (vouched === undefined) findings.add(notWitnessed(witnessed ?? head));
  const ofThisLog = { ...settings, origin: head.origin };
  const kept = settings.kept.flatMap(
    (note) => openFor(ofThisLog, note, 'the kept checkpoint', findings) ?? [],
  );
  const marks = [...kept, ...(witnessed === undefined ? [] : [witnessed])];
  const read = await checkEntries(settings, head, marks, findings);
  return reportOf(findings, head, vouched, read);
}

async function headAt(settings: VerifySettings, file: string, findings: FindingList) {
  const bytes = await settings.source.read(file);
  if (bytes !== undefined) return openFor(settings, Buffer.from(bytes).toString(), file, findings);
  if (file === CHECKPOINT_PATH) findings.add({ kind: 'file-missing', message: `${file} is missing`, file });
  return undefined;
}

function notWitnessed({ cosigned, size }: TrustedHead) {
  const names = cosigned.map(({ name }) => name).join(', ') || 'no witness';
  return {
    kind: 'not-witnessed',
    message: `the checkpoint of ${size} entries is cosigned by ${names}: no quorum of the policy`,
  } as const;
}

function reportOf(
  findings: FindingList,
  head: TrustedHead | undefined,
  vouched: TrustedHead | undefined,
  read: { readonly entriesRead: number; readonly minimumIndex: number },
): VerifyReport {
  return {
    ok: findings.list.length === 0,
    origin: head?.origin ?? '',
    size: head?.size ?? 0,
    root: Buffer.from(head?.root ?? []).toString('base64'),
    ...read,
    witnessedSize: vouched === undefined || vouched.cosigned.length === 0 ? 0 : vouched.size,
    cosigned: vouched?.cosigned ?? [],
    findings: findings.list,
    truncated: findings.truncated,
  };
}
