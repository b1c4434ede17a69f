import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AuditEvent } from '@holdfast/audit';
import pg from 'pg';
import { groupCommit } from './group-commit.ts';
import type { OpenJournal } from './journal.ts';

const columnsOf = (event: AuditEvent) =>
  [event.atMs ?? 0, event.actor?.id ?? '', event.action, JSON.stringify(event)] as const;

const INDEXES = `CREATE INDEX by_actor ON audit (actor, at); CREATE INDEX by_action ON audit (action, at);`;

/** A table of node:sqlite with two indexes; all that wait in one transaction, synced by its write-ahead log. */
export const sqliteJournal: OpenJournal = (folder) => {
  const database = new DatabaseSync(path.join(folder, 'audit.sqlite'));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER, actor TEXT, action TEXT, body TEXT); ${INDEXES}`);
  const insert = database.prepare('INSERT INTO audit (at, actor, action, body) VALUES (?, ?, ?, ?)');
  const append = groupCommit<AuditEvent>((events) => {
    database.exec('BEGIN');
    for (const event of events) insert.run(...columnsOf(event));
    database.exec('COMMIT');
  });
  return Promise.resolve({
    append,
    settle: () => Promise.resolve(),
    count: () => Number(database.prepare('SELECT count(*) AS n FROM audit').get()?.['n']),
    close: () => Promise.resolve(database.close()),
  });
};

/** A table of PostgreSQL with the same indexes; all that wait in one INSERT, one connection. */
export const postgresJournal =
  (url: string): OpenJournal =>
  async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('DROP TABLE IF EXISTS audit');
    await client.query(
      `CREATE TABLE audit (id bigserial PRIMARY KEY, at bigint, actor text, action text, body text); ${INDEXES}`,
    );
    const text = `INSERT INTO audit (at, actor, action, body)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[])`;
    const append = groupCommit<AuditEvent>((events) => {
      const rows = events.map(columnsOf);
      const column = (index: number) => rows.map((row) => row[index]);
      return client.query({ name: 'insert', text, values: [column(0), column(1), column(2), column(3)] });
    });
    return {
      append,
      settle: () => Promise.resolve(),
      count: async () =>
        Number((await client.query<{ n: string }>('SELECT count(*) AS n FROM audit')).rows[0]?.n),
      close: () => client.end(),
    };
  };
