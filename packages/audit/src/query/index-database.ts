import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openPrivateDatabase } from '../files/private-database.ts';
import { factsOf } from './entry-facts.ts';
import { selectOf, tenantWord, type IndexQuery } from './index-query.ts';

/** Consecutive entries of one tenant. */
export interface IndexBatch {
  readonly tenant: string;
  /** The index of the first one. */
  readonly from: number;
  /** The entries, one after the other, and how long each is. */
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
}

/** A found entry: its place in the tree, and when it happened. */
export interface IndexHit {
  readonly index: number;
  readonly timeMs: number;
}

/** What an index belongs to, and how far it has come. */
export interface IndexState {
  /** The index of the next entry of each tenant. */
  readonly next: ReadonlyMap<string, number>;
  /** What cursors are signed with. */
  readonly key: string;
}

/** Raise it when the schema changes: an index of another version is made anew. */
const VERSION = 1;

// What is lost in a crash is read from the log again, so a commit need not wait for the disk.
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -65536;
  PRAGMA wal_autocheckpoint = 8000;
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS tenant (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, next INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, idx INTEGER NOT NULL, time INTEGER NOT NULL,
    action TEXT, actor TEXT, resource TEXT, resourceType TEXT, outcome TEXT, trouble TEXT
  );
  CREATE INDEX IF NOT EXISTS entryByTime ON entry (tenant, time, idx);
  CREATE INDEX IF NOT EXISTS entryByAction ON entry (tenant, action, time, idx);
  CREATE INDEX IF NOT EXISTS entryByActor ON entry (tenant, actor, time, idx) WHERE actor IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entryByResource ON entry (tenant, resource, time, idx) WHERE resource IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entryByTrouble ON entry (tenant, trouble, time, idx) WHERE trouble IS NOT NULL;
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, content = '', contentless_delete = 1, detail = none);
`;
const TABLES = ['setting', 'tenant', 'entry', 'words'];

type Statements = (sql: string) => StatementSync;

/** The database of the index, for the thread that owns it. */
export class IndexDatabase {
  private readonly db: DatabaseSync;
  private readonly prepared = new Map<string, StatementSync>();

  /** @param file - made when it is missing */
  constructor(file: string) {
    this.db = openPrivateDatabase(file);
    this.db.exec(SCHEMA);
  }

  /** Makes sure that this is the index of a log, and tells how far it has come. */
  start(origin: string): IndexState {
    if (this.setting('owner') !== `${VERSION} ${origin}`) this.clear(origin);
    const rows = this.sql('SELECT name, next FROM tenant').all();
    const next = new Map(rows.map((row) => [String(row['name']), Number(row['next'])]));
    return { next, key: this.setting('key') ?? '' };
  }

  /** Makes it the empty index of a log. */
  clear(origin: string): void {
    this.commit();
    this.prepared.clear();
    this.db.exec(TABLES.map((table) => `DROP TABLE IF EXISTS ${table};`).join(''));
    this.db.exec(SCHEMA);
    const set = this.sql('INSERT INTO setting VALUES (?, ?)');
    set.run('owner', `${VERSION} ${origin}`);
    set.run('key', randomBytes(32).toString('hex'));
  }

  /**
   * Adds entries; those that are there already are left out. They can be found at once, but are not kept before the next
   * `commit`: merging the words of many entries at a time costs a third of merging those of few.
   */
  add(batch: IndexBatch): void {
    if (!this.db.isTransaction) this.db.exec('BEGIN');
    try {
      this.addAll(batch);
    } catch (error) {
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Keeps what was added. */
  commit(): void {
    if (this.db.isTransaction) this.db.exec('COMMIT');
  }

  private addAll({ tenant, from, bytes, lengths }: IndexBatch): void {
    this.sql('INSERT OR IGNORE INTO tenant (name, next) VALUES (?, 0)').run(tenant);
    const row = this.sql('SELECT id, next FROM tenant WHERE name = ?').get(tenant);
    const [id, next] = [Number(row?.['id']), Number(row?.['next'])];
    const sql: Statements = (text) => this.sql(text);
    let end = 0;
    for (const [offset, length] of lengths.entries()) {
      const leaf = bytes.subarray(end, (end += length));
      if (from + offset >= next) addEntry(sql, id, from + offset, leaf);
    }
    const reached = Math.max(next, from + lengths.length);
    this.sql('UPDATE tenant SET next = ? WHERE id = ?').run(reached, id);
  }

  /** Finds entries, in the order that is asked for. */
  find(query: IndexQuery): readonly IndexHit[] {
    const tenant = this.tenantId(query.tenant);
    if (tenant === undefined) return [];
    const { sql, values } = selectOf(query, tenant);
    const rows = this.sql(sql).all(...values);
    return rows.map((row) => ({ index: Number(row['idx']), timeMs: Number(row['time']) }));
  }

  /** Forgets the entries of a tenant below an index. */
  forget({ tenant, below }: { readonly tenant: string; readonly below: number }): void {
    const id = this.tenantId(tenant);
    if (id === undefined) return;
    const which = 'FROM entry WHERE tenant = ? AND idx < ?';
    this.sql(`DELETE FROM words WHERE rowid IN (SELECT id ${which})`).run(id, below);
    this.sql(`DELETE ${which}`).run(id, below);
  }

  close(): void {
    this.commit();
    this.db.close();
  }

  private sql(text: string): StatementSync {
    const known = this.prepared.get(text) ?? this.db.prepare(text);
    this.prepared.set(text, known);
    return known;
  }

  private setting(name: string): string | undefined {
    const value = this.sql('SELECT value FROM setting WHERE name = ?').get(name)?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  private tenantId(name: string): number | undefined {
    const id = this.sql('SELECT id FROM tenant WHERE name = ?').get(name)?.['id'];
    return typeof id === 'number' ? id : undefined;
  }
}

function addEntry(sql: Statements, tenant: number, index: number, leaf: Uint8Array): void {
  const { timeMs, action, actor, resource, resourceType, outcome, text } = factsOf(leaf);
  const trouble = outcome === 'success' ? null : outcome;
  const { lastInsertRowid } = sql(
    `INSERT INTO entry (tenant, idx, time, action, actor, resource, resourceType, outcome, trouble)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(tenant, index, timeMs, action, actor, resource, resourceType, outcome, trouble);
  sql('INSERT INTO words (rowid, text) VALUES (?, ?)').run(lastInsertRowid, `${text} ${tenantWord(tenant)}`);
}
