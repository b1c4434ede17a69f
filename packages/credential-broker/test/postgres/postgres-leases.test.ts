import { leaseTables, postgresLeases } from '@holdfast/credential-broker/postgres';
import { expect, it } from 'vitest';
import { aLease } from '../leases/a-lease.ts';
import { leaseStoreContract } from '../leases/lease-store-contract.ts';
import { ownDatabase } from './own-database.ts';

const database = ownDatabase(leaseTables);

async function open() {
  const schema = await database.schema();
  const make = () => postgresLeases({ client: database.pool, schema });
  return {
    schema,
    store: make(),
    reopen: async () => make(),
    close: async () => void (await database.pool.query(`DROP SCHEMA ${schema} CASCADE`)),
  };
}

leaseStoreContract('PostgreSQL', open);

it('survives a restart of the server', async () => {
  const { store, reopen, close } = await open();
  await store.insert(aLease({ id: 'a', handleHash: 'h' }));
  await store.change(aLease({ id: 'a' }), { state: 'consumed' });
  await database.restart();
  expect((await (await reopen()).findByHandle('h'))?.state).toBe('consumed');
  await close();
});

it('can be prepared again without losing anything', async () => {
  const { schema, store, close } = await open();
  await store.insert(aLease({ id: 'a' }));
  await database.pool.query(leaseTables({ schema }));
  expect(await store.find('a')).toEqual(aLease({ id: 'a' }));
  await close();
});

it('refuses names that are not plain', () => {
  const client = database.pool;
  expect(() => leaseTables({ schema: 'a; DROP TABLE b' })).toThrow(/schema must match/);
  expect(() => postgresLeases({ client, schema: 'a.b' })).toThrow(/schema must match/);
  expect(() => postgresLeases({} as never)).toThrow(/client/);
});
