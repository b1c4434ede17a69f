import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { cache, type CacheOptions } from '../../src/index.ts';
import { redisCacheStore, type RedisCacheStoreOptions } from '../../src/redis.ts';

const attributes = { id: '42' };

describe('the options of redisCacheStore', () => {
  it.each([
    [{}, 'redisCacheStore: client must be an object with the methods eval, evalsha'],
    [
      { client: { eval() {}, evalsha() {} }, maxLength: 0 },
      'redisCacheStore: maxLength must be an integer >= 1',
    ],
  ])('refuse %j', (options, message) => {
    expect(() => redisCacheStore(options as never)).toThrow(message);
  });
});

describe.skipIf(!hasRedis)('a cache over a real Redis', () => {
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

  const process = (
    store: Partial<RedisCacheStoreOptions> = {},
    options: Partial<CacheOptions<unknown>> = {},
  ) =>
    cache<unknown>({
      keyBy: ({ id }) => id,
      store: redisCacheStore({ client, ...store }),
      answerMs: 5_000,
      ...options,
    });
  const stored = () => expect.poll(() => client.dbsize()).toBe(1);

  it('hands a value from one process to another', async () => {
    const value = { name: 'Ada', tags: ['a b', '"'], age: 36 };
    await process().execute(() => value, { attributes });
    await stored();
    const run = vi.fn();
    expect(await process().execute(run, { attributes })).toEqual(value);
    expect(run).not.toHaveBeenCalled();
  });

  it('lets Redis forget what is not to be kept longer', async () => {
    await process({}, { ttlMs: 500, keepMs: 2_000, name: 'users' }).execute(() => 1, { attributes });
    await stored();
    const ttlMs = await client.pttl('holdfast:cache:users:42');
    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(2_000);
  });

  it('stores no value that is too long', async () => {
    const users = process({ maxLength: 30 });
    await users.execute(() => 'x'.repeat(31), { attributes });
    await users.execute(() => 'short', { attributes: { id: '43' } });
    await stored();
    expect(await client.keys('*')).toEqual(['holdfast:cache:cache:43']);
  });

  it('writes and reads as it is told to', async () => {
    const options = {
      serialize: (value: unknown) => (value as Date).toISOString(),
      parse: (text: string) => new Date(text),
    };
    const date = new Date(1_700_000_000_000);
    await process(options).execute(() => date, { attributes });
    await stored();
    expect(await process(options).execute(() => undefined, { attributes })).toEqual(date);
  });

  it('forgets', async () => {
    const users = process();
    await users.execute(() => 1, { attributes });
    await stored();
    users.delete('42');
    await expect.poll(() => client.dbsize()).toBe(0);
  });

  it.each(['garbage', ' 5', '12 {'])('goes on without an entry that makes no sense: %j', async (text) => {
    await client.set('holdfast:cache:cache:42', text);
    expect(await process().execute(() => 'value', { attributes })).toBe('value');
  });

  it('answers every call while Redis dies and comes back', async () => {
    const users = process({}, { answerMs: 100 });
    await server.kill();
    const calls = Array.from({ length: 50 }, (_, id) =>
      users.execute(() => id, { attributes: { id: String(id) } }),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, id) => id));
    await server.restart();
    await expect.poll(() => client.status, { timeout: 10_000 }).toBe('ready');
    await users.execute(() => 'again', { attributes: { id: 'again' } });
    await stored();
  });

  it('waits no longer for a Redis that hangs than it was told to', async () => {
    server.pause();
    try {
      expect(await process({}, { answerMs: 50 }).execute(() => 'value', { attributes })).toBe('value');
    } finally {
      server.resume();
    }
  });
});
