import { Redis, type RedisOptions } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { hasRedis, startRedis } from '../../../../scripts/services/redis.ts';
import { redisCheck } from '../../src/index.ts';
import { eventually, probing } from './probing.ts';

type Settings = Pick<RedisOptions, 'maxRetriesPerRequest' | 'enableOfflineQueue' | 'password'>;

const connected = (url: string, options: Settings = {}) => {
  const client = new Redis(url, { ...options, retryStrategy: () => 10 });
  client.on('error', () => undefined);
  return { client, [Symbol.dispose]: () => client.disconnect() };
};
// How fast the machine is says nothing here.
const checkOf = ({ client }: { client: Redis }) => redisCheck({ client, slowMs: Infinity });

describe.skipIf(!hasRedis)('a check of a real Redis', () => {
  test('is up, down while the server is suspended, and drops what it says afterwards', async () => {
    await using redis = await startRedis();
    using connection = connected(redis.url);
    using check = probing(checkOf(connection));
    expect(await check.probe()).toMatchObject({ state: 'up', observedUnit: 'ms' });

    redis.pause();
    expect(await check.probeInVain()).toMatchObject({ state: 'down', reason: 'timeout', durationMs: 1_000 });
    redis.resume();
    await eventually(() => expect(check.stats()).toMatchObject({ lateResults: 1, abandoned: 0 }));
    expect(check.health.report().checks[0]).toMatchObject({ state: 'down', reason: 'timeout' });
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('a killed server is down by the error of the client, and up once it is back', async () => {
    await using redis = await startRedis();
    using connection = connected(redis.url, { maxRetriesPerRequest: 0, enableOfflineQueue: false });
    await new Promise((resolve) => connection.client.once('ready', resolve));
    using check = probing(checkOf(connection));
    expect(await check.probe()).toMatchObject({ state: 'up' });

    await redis.kill();
    await eventually(() => expect(connection.client.status).not.toBe('ready'));
    const down = await check.probe();
    expect(down).toMatchObject({ state: 'down' });
    expect(down?.reason).not.toBe('timeout');
    await redis.restart();
    await eventually(async () => expect(await check.probe()).toMatchObject({ state: 'up' }));
  });

  test('a client that queues while the server is away is no hang: down, then up', async () => {
    await using redis = await startRedis();
    using connection = connected(redis.url, { maxRetriesPerRequest: null });
    using check = probing(checkOf(connection));
    expect(await check.probe()).toMatchObject({ state: 'up' });

    await redis.kill();
    expect(await check.probeInVain()).toMatchObject({ state: 'down', reason: 'timeout' });
    await redis.restart();
    await eventually(() => expect(check.stats()).toMatchObject({ abandoned: 0 }));
    expect(await check.probe()).toMatchObject({ state: 'up' });
  });

  test('a server that wants a password is down by what it says, not by what it was sent', async () => {
    await using redis = await startRedis();
    using admin = connected(redis.url);
    await admin.client.config('SET', 'requirepass', 'opensesame');
    using connection = connected(redis.url, { password: 'wrong-secret' });
    using check = probing(checkOf(connection));
    const report = await check.probe();
    expect(report).toMatchObject({ state: 'down', reason: 'ReplyError' });
    expect(JSON.stringify(report)).not.toContain('wrong-secret');
  });
});
