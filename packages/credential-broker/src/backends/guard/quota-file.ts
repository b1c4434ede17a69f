import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { RateStore } from '@holdfast/limiter';
import { having, readOptions, systemClock, type, type Clock, type Rules } from '@holdfast/pipeline';
import { makeOwnFile } from '../make-own-file.ts';

/** What {@link quotaFile} takes. */
export interface QuotaFileOptions {
  /** Where it is kept; made if it is not there. Its folder has to exist. */
  readonly file: string;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What {@link quotaFile} makes. */
export interface QuotaFile extends RateStore, Disposable {
  /** Closes the file. */
  close(): void;
}

const rules: Rules<QuotaFileOptions> = { file: type('string'), clock: having('now', 'wallNow', 'setTimer') };

/** The share of a window whose flow may be used at once, after a pause. */
const BURST_RATIO = 1 / 60;

/**
 * Counts a quota in a file, by all processes of a machine that use it: who starts over and over again finds it as it was
 * left. Keeps one instant for each limit, by which all that was taken has flowed in again. Over any window at most 61/60 of
 * the limit pass.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link Error} when the file cannot be opened
 *
 * @example
 * ```ts
 * import { guardBackend } from '@holdfast/credential-broker';
 * import { environment, quotaFile } from '@holdfast/credential-broker/backends';
 *
 * const quotaStore = quotaFile({ file: '/var/lib/broker/quota.db' });
 * const backend = guardBackend(environment({ env: process.env }), { quotaStore });
 * ```
 */
export function quotaFile(options: QuotaFileOptions): QuotaFile {
  const { file, clock } = readOptions('quotaFile', options, rules, { clock: systemClock });
  makeOwnFile(file);
  chmodSync(file, 0o600);
  const database = new DatabaseSync(file);
  // Survives the process, which is what counts; after a loss of power the quota of some seconds is counted again.
  database.exec(`PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS quota (name TEXT PRIMARY KEY, free_at_ms REAL NOT NULL)`);
  const read = database.prepare('SELECT free_at_ms FROM quota WHERE name = ?');
  const write = database.prepare('INSERT OR REPLACE INTO quota VALUES (?, ?)');

  function change(name: string, next: (freeAtMs: number, nowMs: number) => number): void {
    database.exec('BEGIN IMMEDIATE');
    try {
      const nowMs = clock.wallNow();
      const kept = Number(read.get(name)?.['free_at_ms'] ?? nowMs);
      write.run(name, next(Math.max(nowMs, kept), nowMs));
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  }

  const close = () => database.close();
  return {
    take(name, cost, { limit, windowMs }) {
      const burstMs = Math.max((cost * windowMs) / limit, windowMs * BURST_RATIO);
      let waitMs = 0;
      change(name, (freeAtMs, nowMs) => {
        // A clock that was set back must not lock the quota up for that long.
        const from = Math.min(freeAtMs, nowMs + burstMs);
        const taken = from + (cost * windowMs) / limit;
        waitMs = Math.max(0, taken - nowMs - burstMs);
        return waitMs === 0 ? taken : from;
      });
      return waitMs;
    },
    charge(name, cost, { limit, windowMs }) {
      change(name, (freeAtMs) => freeAtMs + (cost * windowMs) / limit);
    },
    close,
    [Symbol.dispose]: close,
  };
}
