import { check, having, readOptions, type Rules } from '@holdfast/pipeline';
import type { RefreshLock } from '../refresh/refresh-lock.ts';
import type { PostgresPool } from './postgres-client.ts';

/** Options of {@link postgresRefreshLock}. */
export interface PostgresRefreshLockOptions {
  /** A pool of `pg`, with a connection for each renewal at a time. Its owner ends it. */
  readonly pool: PostgresPool;
}

const rules: Rules<PostgresRefreshLockOptions> = { pool: having('query', 'connect') };

/**
 * Makes a lock for renewals that all processes with the same database share: an advisory lock on a connection of its
 * own, which PostgreSQL gives back when the process dies.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { postgresRefreshLock } from '@holdfast/credential-broker/postgres';
 * import { Pool } from 'pg';
 *
 * const lock = postgresRefreshLock({ pool: new Pool({ connectionString: 'postgres://127.0.0.1/broker' }) });
 * ```
 */
export function postgresRefreshLock(options: PostgresRefreshLockOptions): RefreshLock {
  const { pool } = readOptions('postgresRefreshLock', options, rules, {});
  check('postgresRefreshLock: pool', pool, rules.pool);
  return {
    take: async (name) => {
      const client = await pool.connect();
      let isTaken = false;
      try {
        const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [
          name,
        ]);
        isTaken = rows[0]?.['taken'] === true;
      } catch (error) {
        client.release(true);
        throw error;
      }
      if (!isTaken) {
        client.release();
        return undefined;
      }
      return async () => {
        try {
          await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
          client.release();
        } catch {
          // With its connection goes the lock.
          client.release(true);
        }
      };
    },
  };
}
