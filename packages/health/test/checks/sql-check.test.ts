import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';
import { sqlCheck } from '../../src/index.ts';
import { eventually, probing } from './probing.ts';

let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());

const pooled = (options: pg.PoolConfig = {}) => {
  const pool = new pg.Pool({ connectionString: postgres.url, ...options });
  // A server that stops ends its idle connections.
  pool.on('error', () => undefined);
  return { pool, [Symbol.asyncDispose]: () => pool.end() };
};
const checkOf = ({ pool }: { pool: pg.Pool }, statement?: string) =>
  probing(sqlCheck({ client: pool, statement, slowMs: Infinity }));

/** Locks a table until `release`, so that whoever asks it hangs. */
async function locked(table: string) {
  const holder = new pg.Client(postgres.url);
  await holder.connect();
  await holder.query(`create table if not exists ${table} (id int)`);
  await holder.query('begin');
  await holder.query(`lock table ${table} in access exclusive mode`);
  const waiting = async () => {
    const { rows } = await holder.query<{ count: number }>(
      'select count(*)::int from pg_locks where not granted',
    );
    return rows[0]?.count;
  };
  return {
    waiting,
    release: () => holder.query('commit'),
    [Symbol.asyncDispose]: () => holder.end(),
  };
}

describe('a check of a real PostgreSQL', () => {
  test('is up, down while the server is stopped, and up again after', async () => {
    await using connections = pooled();
    using check = checkOf(connections);
    expect(await check.probe()).toMatchObject({ state: 'up', componentType: 'datastore' });

    await postgres.stop();
    expect(await check.probe()).toMatchObject({ state: 'down' });
    // The first one may find its connection ended by the server; the next cannot make one.
    expect(await check.probe()).toMatchObject({ state: 'down', reason: 'ECONNREFUSED' });
    await postgres.start();
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('a query that waits for a lock is down after its timeout, and its late rows are dropped', async () => {
    await using connections = pooled();
    await using lock = await locked('jobs');
    using check = checkOf(connections, 'select count(*) from jobs');
    const found = check.probeInVain();
    await eventually(async () => expect(await lock.waiting()).toBe(1));
    expect(await found).toMatchObject({ state: 'down', reason: 'timeout' });

    await lock.release();
    await eventually(() => expect(check.stats()).toMatchObject({ lateResults: 1, abandoned: 0 }));
    expect(check.health.state('readiness')).not.toBe('up');
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('a database that hangs does not take the pool away from the service', async () => {
    await using connections = pooled({ max: 10 });
    await using lock = await locked('orders');
    using check = checkOf(connections, 'select count(*) from orders');
    for (let i = 0; i < 20; i++) expect(await check.probeInVain()).toMatchObject({ state: 'down' });
    expect(check.health.report().checks[0]?.reason).toBe('stuck');
    expect(connections.pool.totalCount).toBeLessThan(10);
    expect((await connections.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await lock.release();
    await eventually(() => expect(check.stats()?.abandoned).toBe(0));
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('a pool with a time limit of its own frees its connection, and the check never sticks', async () => {
    await using connections = pooled({ query_timeout: 20 });
    await using lock = await locked('carts');
    using check = checkOf(connections, 'select count(*) from carts');
    for (let i = 0; i < 5; i++) {
      expect(await check.probe()).toMatchObject({ state: 'down', message: 'Query read timeout' });
    }
    expect(check.stats()).toMatchObject({ runs: 5, timeouts: 0, abandoned: 0 });
    await lock.release();
    await eventually(async () => expect(await check.probe()).toMatchObject({ state: 'up' }));
  });

  test('an error of the database is told by its code, and the password by nobody', async () => {
    const url = new URL(postgres.url);
    url.password = 'wrong-secret';
    await using connections = pooled({ connectionString: url.href });
    using check = checkOf(connections);
    const report = await check.probe();
    expect(report).toMatchObject({ state: 'down', reason: '28P01' });
    expect(JSON.stringify(report)).not.toContain('wrong-secret');
  });
});
