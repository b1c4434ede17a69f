import { leaseTables, postgresLeases } from '@holdfast/credential-broker/postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';
import { aLease } from '../leases/a-lease.ts';
import { leaseStoreContract } from '../leases/lease-store-contract.ts';

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
  const schema = `broker_${schemas++}`;
  await pool.query(leaseTables({ schema }));
  const make = () => postgresLeases({ client: pool, schema });
  return {
    store: make(),
    reopen: async () => make(),
    close: async () => void (await pool.query(`DROP SCHEMA ${schema} CASCADE`)),
  };
}

leaseStoreContract('PostgreSQL', open);

it('survives a restart of the server', async () => {
  const { store, close } = await open();
  await store.insert(aLease({ id: 'a', handleHash: 'h' }));
  await store.change(aLease({ id: 'a' }), { state: 'consumed' });
  await pool.end();
  await server.stop();
  await server.start();
  pool = new Pool({ connectionString: server.url, max: 20 });
  pool.on('error', () => {});
  const after = postgresLeases({ client: pool, schema: `broker_${schemas - 1}` });
  expect((await after.findByHandle('h'))?.state).toBe('consumed');
  await close();
});

it('can be prepared again without losing anything', async () => {
  const { store, close } = await open();
  await store.insert(aLease({ id: 'a' }));
  await pool.query(leaseTables({ schema: `broker_${schemas - 1}` }));
  expect(await store.find('a')).toEqual(aLease({ id: 'a' }));
  await close();
});

it('refuses names that are not plain', () => {
  expect(() => leaseTables({ schema: 'a; DROP TABLE b' })).toThrow(/schema must match/);
  expect(() => postgresLeases({ client: pool, schema: 'a.b' })).toThrow(/schema must match/);
  expect(() => postgresLeases({} as never)).toThrow(/client/);
});
