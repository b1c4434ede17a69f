import { postgresRefreshLock, postgresRows, sealedRowTables } from '@holdfast/credential-broker/postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';
import { refreshLockContract } from '../refresh/refresh-lock-contract.ts';
import { aRow, sealedRowsContract } from '../sealed-rows/sealed-rows-contract.ts';

let server: RunningPostgres;
let pool: Pool;
let schemas = 0;

beforeAll(async () => {
  server = await startPostgres();
  pool = new Pool({ connectionString: server.url, max: 20 });
  // The server goes before the last connections notice.
  pool.on('error', () => {});
});
afterAll(async () => {
  await pool.end();
  await server.close();
});

async function open() {
  const schema = `oauth_${schemas++}`;
  await pool.query(sealedRowTables({ schema }));
  return postgresRows({ client: pool, schema });
}

sealedRowsContract('PostgreSQL', open);
refreshLockContract('PostgreSQL', async () => [postgresRefreshLock({ pool }), postgresRefreshLock({ pool })]);

it('can be prepared again without losing anything', async () => {
  const rows = await open();
  await rows.put(aRow());
  await pool.query(sealedRowTables({ schema: `oauth_${schemas - 1}` }));
  expect(await rows.find(aRow())).toEqual(aRow());
});

it('gives back the lock of a process that died', async () => {
  const doomed = new Pool({ connectionString: server.url, max: 1, application_name: 'doomed' });
  const release = await postgresRefreshLock({ pool: doomed }).take('orphan');
  const lock = postgresRefreshLock({ pool });
  expect(await lock.take('orphan')).toBeUndefined();
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'`,
  );
  const next = await vi.waitUntil(() => lock.take('orphan'), { timeout: 20_000 });
  await next();
  await release?.();
  await doomed.end();
});

it('refuses names that are not plain', () => {
  expect(() => sealedRowTables({ schema: 'a; DROP TABLE b' })).toThrow(/schema must match/);
  expect(() => postgresRows({ client: pool, schema: 'a.b' })).toThrow(/schema must match/);
  expect(() => postgresRows({} as never)).toThrow(/client/);
  expect(() => postgresRefreshLock({} as never)).toThrow(/pool/);
});
