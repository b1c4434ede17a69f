import { redisLeases } from '@holdfast/credential-broker/redis';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../../../scripts/services/redis.ts';
import { leaseStoreContract } from '../leases/lease-store-contract.ts';

describe.skipIf(!hasRedis)('a real Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let client: Redis;
  let stores = 0;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.close();
  });

  leaseStoreContract('Redis', async () => {
    const prefix = `{leases-${stores++}}`;
    const make = () => redisLeases({ client, prefix });
    return { store: make(), reopen: async () => make(), close: async () => {} };
  });

  it('keeps all its keys in one slot', async () => {
    const keys = await client.keys('*');
    expect(keys).not.toEqual([]);
    expect(keys.filter((key) => !/^\{leases-[0-9]+\}:[a-z]+$/.test(key))).toEqual([]);
  });
});

it('names an option that is wrong', () => {
  expect(() => redisLeases({} as never)).toThrow(/client/);
  const client = { eval: async () => null, evalsha: async () => null };
  expect(() => redisLeases({ client, prefix: 'leases' })).toThrow(
    /prefix must be a string with a part in braces/,
  );
});
