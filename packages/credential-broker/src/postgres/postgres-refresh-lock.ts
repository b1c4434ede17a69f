import { check, having, readOptions, type Rules } from '@holdfast/pipeline';
import type { RefreshLock } from '../refresh/refresh-lock.ts';
import type { PostgresPool } from './postgres-client.ts';

/** Options of {@link postgresRefreshLock}. */
export interface PostgresRefreshLockOptions {
  /**
   * A pool of `pg`, with a connection for each renewal at a time, and not the one that the rows are in: locks that held
   * all of its connections would wait for the rows, and the rows for the locks. Its owner ends it.
   */
  readonly pool: PostgresPool;
}

const rules: Rules<PostgresRefreshLockOptions> = { pool: having('query', 'connect') };

const ID = 'hashtextextended($1, 0)';
const ignore = () => {};

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
      client.on?.('error', ignore);
      const give = (isBroken: boolean) => {
        client.off?.('error', ignore);
        client.release(isBroken);
      };
      try {
        const { rows } = await client.query(`SELECT pg_try_advisory_lock(${ID}) AS taken`, [name]);
        if (rows[0]?.['taken'] !== true) {
          give(false);
          return undefined;
        }
      } catch (error) {
        give(true);
        throw error;
      }
      return async () => {
        // With its connection goes the lock.
        await client.query(`SELECT pg_advisory_unlock(${ID})`, [name]).then(
          () => give(false),
          () => give(true),
        );
      };
    },
  };
}
