import {
  createTokenManager,
  generateSealingKey,
  generateSigningKey,
  keyRing,
  sealedTokens,
  Secret,
  type Token,
} from '@holdfast/credential-broker';
import { postgresRefreshLock, postgresRows, sealedRowTables } from '@holdfast/credential-broker/postgres';
import { Pool, type PoolConfig } from 'pg';
import { expect, it, onTestFinished, vi } from 'vitest';
import { refreshLockContract } from '../refresh/refresh-lock-contract.ts';
import { aRow, sealedRowsContract } from '../sealed-rows/sealed-rows-contract.ts';
import { ownDatabase } from './own-database.ts';

const database = ownDatabase(sealedRowTables);
const lockOf = () => postgresRefreshLock({ pool: database.pool });

/** Another pool, ended after the test. */
function aPool(config: PoolConfig): Pool {
  const pool = new Pool({ connectionString: database.url, ...config });
  // The server goes before the last connections notice.
  pool.on('error', () => {});
  onTestFinished(() => pool.end());
  return pool;
}

sealedRowsContract('PostgreSQL', async () =>
  postgresRows({ client: database.pool, schema: await database.schema() }),
);
refreshLockContract('PostgreSQL', async () => [lockOf(), lockOf()]);

it('can be prepared again without losing anything', async () => {
  const schema = await database.schema();
  const rows = postgresRows({ client: database.pool, schema });
  await rows.put(aRow());
  await database.pool.query(sealedRowTables({ schema }));
  expect(await rows.find(aRow())).toEqual(aRow());
});

it('gives back the lock of a process that died', async () => {
  const release = await postgresRefreshLock({ pool: aPool({ application_name: 'doomed' }) }).take('orphan');
  const lock = lockOf();
  expect(await lock.take('orphan')).toBeUndefined();
  await database.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doomed'`,
  );
  const next = await vi.waitUntil(() => lock.take('orphan'), { timeout: 20_000 });
  await next();
  await release?.();
});

it('keeps the rows from a pool whose every connection holds a lock', async () => {
  const pool = aPool({ max: 1 });
  const rows = postgresRows({ client: pool, schema: await database.schema() });
  const release = await postgresRefreshLock({ pool }).take('a');
  const found = rows.find(aRow());
  expect(pool).toMatchObject({ idleCount: 0, waitingCount: 1 });
  await release?.();
  expect(await found).toBeUndefined();
});

it('renews more tokens than the pools have connections, with the lock on a pool of its own', async () => {
  const schema = await database.schema();
  const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
  const store = sealedTokens({ rows: postgresRows({ client: aPool({ max: 1 }), schema }), keys });
  const nowMs = Date.now();
  const aToken = (name: string, expiresAtMs: number): Token => ({
    accessToken: new Secret(name),
    refreshToken: new Secret('refresh'),
    tokenType: 'bearer',
    scope: [],
    obtainedAtMs: nowMs - 7_200_000,
    expiresAtMs,
  });
  const tokens = createTokenManager({
    store,
    lock: postgresRefreshLock({ pool: aPool({ max: 2 }) }),
    refresh: async () => aToken('new', nowMs + 3_600_000),
  });
  onTestFinished(() => tokens.close());
  const due = ['a', 'b', 'c', 'd'].map((name) => ({ tenant: 'acme', name }));
  for (const key of due) await tokens.put(key, aToken('old', nowMs - 3_600_000));
  const renewed = await Promise.all(due.map((key) => tokens.get(key)));
  expect(renewed.map(({ accessToken }) => accessToken.reveal())).toEqual(['new', 'new', 'new', 'new']);
});

it('refuses names that are not plain', () => {
  const client = database.pool;
  expect(() => sealedRowTables({ schema: 'a; DROP TABLE b' })).toThrow(/schema must match/);
  expect(() => postgresRows({ client, schema: 'a.b' })).toThrow(/schema must match/);
  expect(() => postgresRows({} as never)).toThrow(/client/);
  expect(() => postgresRefreshLock({} as never)).toThrow(/pool/);
});
