import type { LeaseTables } from '@holdfast/credential-broker/postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';

/** A server for the tests of one file. */
export interface OwnDatabase {
  readonly url: string;
  readonly pool: Pool;
  /** Makes tables in a schema of their own. @returns what it is called */
  schema(): Promise<string>;
  restart(): Promise<void>;
}

/** Starts a server before the tests of a file, and ends it after them. */
export function ownDatabase(tables: (names: LeaseTables) => string): OwnDatabase {
  let server: RunningPostgres;
  let pool: Pool;
  let schemas = 0;
  const connect = () => {
    pool = new Pool({ connectionString: server.url, max: 20 });
    // The server goes before the last connections notice.
    pool.on('error', () => {});
  };
  beforeAll(async () => {
    server = await startPostgres();
    connect();
  });
  afterAll(async () => {
    await pool.end();
    await server.close();
  });
  return {
    get url() {
      return server.url;
    },
    get pool() {
      return pool;
    },
    async schema() {
      const schema = `broker_${schemas++}`;
      await pool.query(tables({ schema }));
      return schema;
    },
    async restart() {
      await pool.end();
      await server.stop();
      await server.start();
      connect();
    },
  };
}
