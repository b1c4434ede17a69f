import { hash, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { openPrivateDatabase } from '../files/private-database.ts';

/** The personal values of one event. */
export interface PersonalRow {
  readonly ref: number;
  readonly tenant: string;
  readonly subject: string;
  /** What stands for each value in the entry, with its salt and the value in canonical JSON. */
  readonly payload: string;
}

/** Which rows to look through for whom. */
export interface EraseStep extends Subject {
  readonly from: number;
}

/** What a step erased. */
export interface ErasedStep {
  /** How many events had values. */
  readonly events: number;
  /** From where to go on. */
  readonly next: number | undefined;
  /** A keyed digest of tenant and subject, in base64url: tells nobody who it was, and is the same each time. */
  readonly subject: string;
}

/** Whose values. */
export interface Subject {
  readonly tenant: string;
  readonly subject: string;
}

/*
 * Erasing overwrites a row in place, by as many zeros, and leaves it where it is. Rows are only ever added at the end and
 * never change their size, so SQLite has no reason to move one: a moved one leaves a copy in the unused part of a page,
 * which not even secure_delete clears. There is no index of the subjects, whose pages would make a commit five times as
 * dear: erasing is rare and can look through all rows.
 */
const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA wal_autocheckpoint = 8000;
  CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS personal (ref INTEGER PRIMARY KEY, subject BLOB NOT NULL, payload BLOB NOT NULL);
`;

/** How many rows one step of an erasure looks through, so that others get their turn. */
const ROWS_PER_STEP = 20_000;

/** The database of personal values, for the thread that owns it. */
export type PersonalDatabase = ReturnType<typeof openPersonalDatabase>;

/** @param file - made when it is missing */
export function openPersonalDatabase(file: string) {
  const db = openPrivateDatabase(file);
  db.exec(SCHEMA);
  const key = keyOf(db);
  const add = db.prepare('INSERT INTO personal (ref, subject, payload) VALUES (?, ?, ?)');
  const find = db.prepare('SELECT payload FROM personal WHERE ref = ?');
  const next = db.prepare('SELECT max(ref) + 1 AS next FROM personal');
  const zero = db.prepare(
    `UPDATE personal SET subject = zeroblob(length(subject)), payload = zeroblob(length(payload))
     WHERE subject = ? AND ref >= ? AND ref < ?`,
  );
  // Hashed twice under the key, as HMAC does, at a fifth of the price of createHmac.
  const digestOf = ({ tenant, subject }: Subject) =>
    hash('sha256', key + hash('sha256', `${key}${tenant}\0${subject}`), 'buffer');
  const nextRef = () => Number(next.get()?.['next'] ?? 1);

  return {
    /** The number of the next row. Erased rows stay, so no number is given twice. */
    nextRef,
    /** Adds rows, all or none; they are on the disk when it returns. */
    keep(rows: readonly PersonalRow[]): void {
      inTransaction(db, () => {
        for (const row of rows) add.run(row.ref, digestOf(row), Buffer.from(row.payload));
      });
    },
    /** The payload of a row; nothing when it was erased or never was. */
    find(ref: number): string | undefined {
      const payload = find.get(ref)?.['payload'];
      return payload instanceof Uint8Array && payload[0] !== 0 ? Buffer.from(payload).toString() : undefined;
    },
    /** Overwrites what some rows hold of a subject; to be called again from `next` on, until there is none. */
    eraseStep({ tenant, subject, from }: EraseStep): ErasedStep {
      const to = from + ROWS_PER_STEP;
      const digest = digestOf({ tenant, subject });
      const { changes } = zero.run(digest, from, to);
      return {
        events: Number(changes),
        next: to < nextRef() ? to : undefined,
        subject: digest.toString('base64url'),
      };
    },
    /** Moves the write-ahead log, which has pages as they were, into the database and cuts it to nothing. */
    truncateLog(): void {
      const result = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
      if (result?.['busy'] !== 0)
        throw new Error('the personal values are in use elsewhere, so they are not erased yet');
    },
    close(): void {
      db.close();
    },
  };
}

function keyOf(db: DatabaseSync): string {
  db.prepare("INSERT OR IGNORE INTO setting VALUES ('subject-key', ?)").run(randomBytes(32).toString('hex'));
  return String(db.prepare("SELECT value FROM setting WHERE name = 'subject-key'").get()?.['value']);
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
