import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { generateSigner, openAudit, type AuditLog } from '@holdfast/audit';
import { fill, withFolder } from '../audit/fill.ts';
import { ORIGIN } from '../audit/holdfast-journal.ts';
import { QUESTIONS, type Question } from '../audit/questions.ts';
import { sampleEvent } from '../audit/sample-events.ts';
import { median, quantile, ratioOf, significant } from '../harness/statistics.ts';
import type { CaseReport, Progress, Suite } from '../harness/suite.ts';

/** As many as a minute has room for; a million takes several. */
const ENTRIES = Number(process.env['BENCH_ENTRIES'] ?? 100_000);
const ASKED = 200;
const LIMIT = 50;

const about = `Questions to ${ENTRIES.toLocaleString('en')} entries, ${ASKED} of a kind, each about another entry that is there; pages of
${LIMIT} events, the newest first. \`BENCH_ENTRIES=1000000\` asks a million, and takes minutes to fill them in. Beside it
the same events in a table of node:sqlite with indexes on actor, action, resource and time, asked in the same thread: its
index has no words, so that it reads all rows for one, and it is asked a twentieth as often. The ratio is to it.
"append and index" is the time for an entry until it can be found.`;

/** What answers a question about an entry with so many events. */
type Ask = (question: Question, entry: number) => number | Promise<number>;

export const auditQuery: Suite = {
  name: 'audit-query',
  about,
  run: (progress) => withFolder((folder) => ask(folder, ENTRIES, ASKED, progress)),
};

/** Fills a log and a table, asks both in turns, and holds the numbers of answers against each other. */
export async function ask(folder: string, entries: number, asked: number, progress: Progress) {
  const dir = path.join(folder, 'log');
  const log = await openAudit({
    dir,
    origin: ORIGIN,
    signer: generateSigner(),
    lifecycle: false,
    ackTimeoutMs: 60_000,
  });
  const startedAtMs = performance.now();
  await fill(
    (event) => log.append(event),
    entries,
    (share) => progress(share / 2),
  );
  await log.flush();
  const indexed = indexedReport(performance.now() - startedAtMs, entries);
  const database = tableOf(path.join(folder, 'table.sqlite'), entries);
  const cases: CaseReport[] = [];
  for (const [index, question] of QUESTIONS.entries()) {
    const times = question.name === 'by a word' ? Math.ceil(asked / 20) : asked;
    cases.push(...(await compare(question, times, entries, askTable(database), askLog(log))));
    progress(0.5 + (index + 1) / QUESTIONS.length / 2);
  }
  database.close();
  await log.close();
  return { baseline: 'the table of node:sqlite', cases: [indexed, ...cases] };
}

async function compare(question: Question, times: number, entries: number, table: Ask, log: Ask) {
  const tableMs: number[] = [];
  const logMs: number[] = [];
  for (let asked = 0; asked < times; asked++) {
    const entry = (asked * 15_485_863) % entries;
    const inTable = await timed(table, question, entry);
    const inLog = await timed(log, question, entry);
    if (inTable.events !== inLog.events) {
      throw new Error(`${question.name}: ${inLog.events} events in the log, ${inTable.events} in the table`);
    }
    tableMs.push(inTable.ms);
    logMs.push(inLog.ms);
  }
  const target = { atMost: { 'p50 ms': 10 } };
  return [
    reportOf(question.name, 'node:sqlite', tableMs, tableMs),
    { ...reportOf(question.name, 'holdfast', logMs, tableMs), target },
  ];
}

async function timed(ask: Ask, question: Question, entry: number) {
  const startedAtMs = performance.now();
  const events = await ask(question, entry);
  return { events, ms: performance.now() - startedAtMs };
}

const askLog =
  (log: AuditLog): Ask =>
  async (question, entry) =>
    (await log.query({ ...question.about(entry), limit: LIMIT })).records.length;

function askTable(database: DatabaseSync): Ask {
  const statements = new Map(
    QUESTIONS.map(({ name, where }) => [
      name,
      database.prepare(`SELECT id, body FROM audit WHERE ${where} ORDER BY at DESC, id DESC LIMIT ${LIMIT}`),
    ]),
  );
  return ({ name, values }, entry) =>
    (statements.get(name)?.all(...values(entry)) ?? []).map(({ body }) => JSON.parse(String(body)) as unknown)
      .length;
}

function tableOf(file: string, entries: number): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode = WAL; BEGIN;
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER, actor TEXT, action TEXT, resource TEXT, body TEXT);`);
  const insert = database.prepare(
    'INSERT INTO audit (at, actor, action, resource, body) VALUES (?, ?, ?, ?, ?)',
  );
  for (let entry = 0; entry < entries; entry++) {
    const event = sampleEvent(entry);
    const { atMs = 0, actor, action, resource } = event;
    insert.run(atMs, actor?.id ?? '', action, resource?.id ?? '', JSON.stringify(event));
  }
  database.exec('COMMIT');
  for (const column of ['actor', 'action', 'resource']) {
    database.exec(`CREATE INDEX by_${column} ON audit (${column}, at)`);
  }
  database.exec('CREATE INDEX by_time ON audit (at)');
  return database;
}

function reportOf(
  name: string,
  subject: string,
  ms: readonly number[],
  baselineMs: readonly number[],
): CaseReport {
  return {
    name,
    subject,
    nsPerOp: significant(median(ms) * 1e6, 4),
    bytesPerOp: null,
    ratio: significant(ratioOf(ms, baselineMs), 3),
    figures: {
      'p50 ms': significant(median(ms), 3),
      'p99 ms': significant(quantile(ms, 0.99), 3),
    },
  };
}

const indexedReport = (ms: number, entries: number): CaseReport => ({
  name: 'append and index',
  subject: 'holdfast',
  nsPerOp: significant((ms / entries) * 1e6, 4),
  bytesPerOp: null,
  ratio: null,
  figures: { 'entries/s': significant((entries / ms) * 1e3, 3) },
});
