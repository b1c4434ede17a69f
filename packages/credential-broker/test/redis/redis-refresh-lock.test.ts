import { redisRefreshLock } from '@holdfast/credential-broker/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../../../scripts/services/redis.ts';
import { refreshLockContract } from '../refresh/refresh-lock-contract.ts';

describe.skipIf(!hasRedis)('a real Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.close();
  });

  refreshLockContract('Redis', async () => [redisRefreshLock({ client }), redisRefreshLock({ client })]);

  it('ends by itself, and what is somebody else’s by then is not given back', async () => {
    const lock = redisRefreshLock({ client, ttlMs: 20 });
    const late = await lock.take('short');
    const long = redisRefreshLock({ client });
    await expect.poll(() => long.take('short')).toBeDefined();
    await late?.();
    expect(await lock.take('short')).toBeUndefined();
  });
});

it('names an option that is wrong', () => {
  expect(() => redisRefreshLock({} as never)).toThrow(/client/);
  const client = { eval: async () => null, evalsha: async () => null };
  expect(() => redisRefreshLock({ client, ttlMs: 0 })).toThrow(/ttlMs must be an integer >= 1/);
});
