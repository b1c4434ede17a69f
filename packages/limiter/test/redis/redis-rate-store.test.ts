import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { once } from 'node:events';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { rateLimit, slidingWindow, type RateLimitOptions } from '../../src/index.ts';
import { redisRateStore, type RedisRateStoreOptions } from '../../src/redis.ts';
import { RateProcesses } from './rate-processes.ts';

describe('the options of redisRateStore', () => {
  it.each([
    [{}, 'redisRateStore: client must be an object with the methods eval, evalsha'],
    [{ client: { eval() {}, evalsha() {} }, mode: 'fast' }, 'redisRateStore: mode must be one of'],
    [
      { client: { eval() {}, evalsha() {} }, lease: 0 },
      'redisRateStore: lease must be an integer >= 1, got 0',
    ],
  ])('refuse %j', (options, message) => {
    expect(() => redisRateStore(options as never)).toThrow(message);
  });
});

describe.skipIf(!hasRedis)('a rate limit over a real Redis', () => {
  let server: RunningRedis;
  let client: Redis;

  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url, {
      maxRetriesPerRequest: 0,
      retryStrategy: () => 20,
      enableOfflineQueue: false,
    });
    client.on('error', () => undefined);
    await once(client, 'ready');
  });
  beforeEach(() => client.flushall());
  afterAll(async () => {
    client.disconnect();
    await server.close();
  });

  const limited = (store: Partial<RedisRateStoreOptions> = {}, options: RateLimitOptions = {}) =>
    rateLimit({
      rule: slidingWindow({ limit: 100, windowMs: 60_000 }),
      store: redisRateStore({ client, ...store }),
      answerMs: 5_000,
      ...options,
    });
  const passedOf = async (limits: readonly ReturnType<typeof limited>[], calls: number, cost = 1) => {
    const all = limits.flatMap((limit) => Array.from({ length: calls }, () => limit.try(() => 1, { cost })));
    return (await Promise.all(all)).filter(({ ok }) => ok).length;
  };

  it.each(['exact', 'leased'] as const)(
    'lets exactly the limit pass, counted together (%s)',
    async (mode) => {
      const limits = [1, 2, 3].map(() => limited({ mode }));
      expect(await passedOf(limits, 100)).toBe(100);
      const result = await limits[0]?.try(() => 1);
      expect(result).toMatchObject({ ok: false, error: { code: 'ERR_RATE_LIMITED' } });
      const { retryAfterMs } = (result as { error: { retryAfterMs: number } }).error;
      expect(retryAfterMs).toBeGreaterThan(50_000);
      expect(retryAfterMs).toBeLessThanOrEqual(66_000);
    },
  );

  it('asks Redis once for 20 calls where it has leases', async () => {
    const before = await commands();
    expect(await passedOf([limited({ mode: 'leased' })], 100)).toBe(100);
    expect((await commands()) - before).toBeLessThanOrEqual(6);
  });

  async function commands(): Promise<number> {
    const stats = await client.info('commandstats');
    return [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].reduce(
      (sum, [, calls]) => sum + Number(calls),
      0,
    );
  }

  it('keeps keys and names apart', async () => {
    const keyBy = ({ client: name }: Readonly<Record<string, string>>) => name;
    const limit = limited({}, { keyBy, name: 'a' });
    const other = limited({}, { keyBy, name: 'b' });
    const attributes = { client: 'x' };
    for (let call = 0; call < 100; call++) await limit.execute(() => 1, { attributes });
    expect((await limit.try(() => 1, { attributes })).ok).toBe(false);
    expect((await limit.try(() => 1, { attributes: { client: 'y' } })).ok).toBe(true);
    expect((await other.try(() => 1, { attributes })).ok).toBe(true);
  });

  it('never lets a cost pass that is above the limit', async () => {
    expect(await limited({}, { count: 'cost' }).try(() => 1, { cost: 101 })).toMatchObject({
      error: { retryAfterMs: undefined },
    });
  });

  it('gives back what a call turned out not to cost, and charges what it cost more', async () => {
    const limit = limited({}, { count: 'cost', actualCost: (value) => value as number });
    await limit.execute(() => 10, { cost: 90 });
    await client.ping();
    expect((await limit.try(() => 90, { cost: 90 })).ok).toBe(true);
    expect((await limit.try(() => 1, { cost: 1 })).ok).toBe(false);
    const dear = limited({}, { count: 'cost', name: 'dear', actualCost: (value) => value as number });
    await dear.execute(() => 150, { cost: 1 });
    await client.ping();
    expect((await dear.try(() => 1, { cost: 1 })).ok).toBe(false);
    // Also in another process, which knows of it only from Redis.
    expect((await limited({}, { count: 'cost', name: 'dear' }).try(() => 1, { cost: 1 })).ok).toBe(false);
  });

  it('leaves nothing behind in Redis when the window is over', async () => {
    const limit = limited({}, { rule: slidingWindow({ limit: 5, windowMs: 1_000 }) });
    await limit.execute(() => 1);
    const [key] = await client.keys('*');
    expect(key).toBe('holdfast:rate:rate-limit');
    expect(await client.pttl(key ?? '')).toBeLessThanOrEqual(1_200);
  });

  it('knows a script that the server has forgotten', async () => {
    const limit = limited();
    await limit.execute(() => 1);
    await client.script('FLUSH');
    expect((await limit.try(() => 1)).ok).toBe(true);
    expect(limit.stats().admitted).toBe(2);
  });

  it('loses no call when Redis dies and comes back, and goes by its own count meanwhile', async () => {
    const limit = limited({}, { storeRetryMs: 10, answerMs: 200 });
    expect((await limit.try(() => 1)).ok).toBe(true);
    await server.kill();
    const results = await Promise.all(Array.from({ length: 150 }, () => limit.try(() => 'served')));
    // One was granted by Redis before.
    expect(results.filter(({ ok }) => ok)).toHaveLength(99);
    expect(results.filter((result) => !result.ok && 'code' in (result.error as object))).toHaveLength(51);
    await server.restart();
    await expect.poll(() => client.status, { timeout: 10_000 }).toBe('ready');
    // What it has let through itself still counts, although the server has forgotten all.
    expect((await limit.try(() => 1)).ok).toBe(false);
    await limited({}, { storeRetryMs: 10 }).execute(() => 'served');
    await expect.poll(() => client.dbsize()).toBe(1);
  });

  it('waits no longer for a Redis that hangs than it was told to', async () => {
    const limit = limited({}, { answerMs: 50 });
    await limit.execute(() => 1);
    server.pause();
    try {
      expect(await limit.execute(() => 'served')).toBe('served');
    } finally {
      server.resume();
    }
  });

  it.each(['exact', 'leased'] as const)('holds across processes under load (%s)', async (mode) => {
    await using processes = await RateProcesses.start(4, server.url, mode, 60_000);
    for (let round = 0; round < 19; round++) await processes.call(10);
    const sum = (await processes.call(10)).reduce((passed, each) => passed + each.passed, 0);
    expect(sum).toBeLessThanOrEqual(200);
    expect(sum).toBeGreaterThanOrEqual(mode === 'exact' ? 200 : 200 - 4 * 20);
  });
});
