import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { directorySource, generateSigner, openAudit, trustLog, verifyLog, vkeyOf } from '@holdfast/audit';
import { chainLine } from '../audit/file-journals.ts';
import { fill, withFolder } from '../audit/fill.ts';
import { ORIGIN } from '../audit/holdfast-journal.ts';
import { sampleEvent } from '../audit/sample-events.ts';
import { median, ratioOf, significant } from '../harness/statistics.ts';
import type { CaseReport, Suite, Target } from '../harness/suite.ts';

const ENTRIES = 100_000;
const TURNS = 5;

const about = `${ENTRIES.toLocaleString('en')} entries of about 500 bytes are verified as a whole, five times, in turns; the files are in
the cache of the system. \`verifyLog\` reads bundles and tiles, hashes every entry into the Merkle tree and holds it
against the tiles and the signed checkpoint. A hash chain by hand is read line by line, parsed, and each hash held
against the next line's. The baseline hashes each entry once and compares nothing.`;

/** Something to verify; resolves to how many entries hold. */
export interface Verification {
  readonly name: string;
  readonly subject: string;
  readonly run: () => Promise<number>;
  readonly target?: Target;
}

export const auditVerify: Suite = {
  name: 'audit-verify',
  about,
  run: (progress) =>
    withFolder(async (folder) => {
      const cases = await verifications(folder, ENTRIES);
      const found = cases.map((): { ms: number; cpuUs: number }[] => []);
      for (let turn = 0; turn <= TURNS; turn++) {
        for (const [index, { run }] of cases.entries()) {
          const taken = await timed(run);
          // The first time the code warms up.
          if (turn > 0) found[index]?.push(taken);
        }
        progress((turn + 1) / (TURNS + 1));
      }
      const baseline = found[0] ?? [];
      return {
        baseline: cases[0]?.name ?? null,
        cases: cases.map((each, index) => reportOf(each, found[index] ?? [], baseline)),
      };
    }),
};

/** Writes the same events as a log and as a chain. */
export async function verifications(folder: string, entries: number): Promise<readonly Verification[]> {
  const events = Array.from({ length: entries }, (_, index) => JSON.stringify(sampleEvent(index)));
  const dir = path.join(folder, 'log');
  await mkdir(dir);
  const { policy, source } = await writeLog(dir, entries);
  const chain = path.join(folder, 'chain.jsonl');
  await writeChain(chain, events);
  return [
    { name: 'hash each entry', subject: 'platform', run: () => Promise.resolve(hashAll(events)) },
    {
      name: 'verifyLog',
      subject: 'holdfast',
      run: async () => {
        const report = await verifyLog({ source, policy });
        return report.ok ? report.entriesRead : -1;
      },
      target: { atLeast: { 'entries/s': 300_000 } },
    },
    { name: 'hash chain', subject: 'node:fs', run: () => verifyChain(chain) },
  ];
}

async function writeLog(dir: string, entries: number) {
  const signer = generateSigner();
  const options = { dir, origin: ORIGIN, signer, index: false, lifecycle: false, ackTimeoutMs: 60_000 };
  const log = await openAudit(options);
  await fill((event) => log.append(event), entries);
  await log.flush();
  const { engine } = log;
  const policy = trustLog(vkeyOf(engine.originOf('default'), signer));
  const source = directorySource(engine.folderOf('default'));
  await log.close();
  return { policy, source };
}

async function writeChain(file: string, events: readonly string[]): Promise<void> {
  const out = createWriteStream(file);
  let before = '';
  for (const event of events) {
    const { digest, text } = chainLine(before, event);
    before = digest;
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
}

async function verifyChain(file: string): Promise<number> {
  let before = '';
  let entries = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { hash: digest, event } = JSON.parse(line) as { hash: string; event: unknown };
    if (chainLine(before, JSON.stringify(event)).digest !== digest) return -1;
    before = digest;
    entries++;
  }
  return entries;
}

function hashAll(events: readonly string[]): number {
  for (const event of events) hash('sha256', event, 'base64');
  return events.length;
}

async function timed(run: () => Promise<number>) {
  const cpu = process.cpuUsage();
  const startedAtMs = performance.now();
  const entries = await run();
  const ms = performance.now() - startedAtMs;
  if (entries !== ENTRIES) throw new Error(`${entries} of ${ENTRIES} entries were verified`);
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuUs: user + system };
}

type Taken = readonly { readonly ms: number; readonly cpuUs: number }[];

function reportOf({ name, subject, target }: Verification, own: Taken, baseline: Taken): CaseReport {
  const ms = own.map((each) => each.ms);
  return {
    name,
    subject,
    nsPerOp: significant((median(ms) / ENTRIES) * 1e6, 4),
    bytesPerOp: null,
    ratio: significant(
      ratioOf(
        ms,
        baseline.map((each) => each.ms),
      ),
      3,
    ),
    figures: {
      'entries/s': significant((ENTRIES / median(ms)) * 1e3, 3),
      'CPU us': significant(median(own.map((each) => each.cpuUs)) / ENTRIES, 3),
    },
    ...(target === undefined ? {} : { target }),
  };
}
