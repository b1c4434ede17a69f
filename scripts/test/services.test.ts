import pg from 'pg';
import { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { startPostgres } from '../services/postgres.ts';
import { hasRedis, startRedis } from '../services/redis.ts';

describe('services for tests', () => {
  test('PostgreSQL answers, and keeps its data over a restart', async () => {
    await using postgres = await startPostgres();
    const ask = async (sql: string) => {
      const client = new pg.Client(postgres.url);
      await client.connect();
      const { rows } = await client.query<Record<string, unknown>>(sql);
      await client.end();
      return rows;
    };
    await ask('CREATE TABLE kept (value int); INSERT INTO kept VALUES (7)');
    await postgres.stop();
    await expect(ask('SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await postgres.start();
    expect(await ask('SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  test.skipIf(!hasRedis)('Redis answers, dies, and comes back empty at the same port', async () => {
    await using redis = await startRedis();
    const client = new Redis(redis.url, { retryStrategy: () => 10, maxRetriesPerRequest: null });
    client.on('error', () => {});
    expect(await client.set('key', 'value')).toBe('OK');
    await redis.kill();
    await redis.restart();
    expect(await client.get('key')).toBeNull();
    client.disconnect();
  });

  test.skipIf(!hasRedis)(
    'Redis is a cluster of one, if told so, which refuses what goes across slots',
    async () => {
      await using redis = await startRedis('cluster');
      const client = new Redis(redis.url);
      await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
      expect(await client.mset('{a}:1', 'x', '{a}:2', 'y')).toBe('OK');
      await expect(client.mset('a', 'x', 'b', 'y')).rejects.toThrow('CROSSSLOT');
      client.disconnect();
    },
  );
});
