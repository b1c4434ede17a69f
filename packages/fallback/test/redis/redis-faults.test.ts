import { once } from 'node:events';
import { recordEvents } from '@holdfast/pipeline/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAULTS, startFaultProxy, type FaultProxy } from '../../../../scripts/services/fault-proxy.ts';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { cache, type CacheOptions } from '../../src/index.ts';
import { redisCacheStore } from '../../src/redis.ts';

describe.skipIf(!hasRedis)('with faults between the processes and Redis', () => {
  let server: RunningRedis;
  let proxy: FaultProxy;
  let client: Redis;

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
    client = new Redis(`redis://127.0.0.1:${proxy.port}`, {
      maxRetriesPerRequest: 0,
      retryStrategy: () => 20,
      socketTimeout: 500,
    });
    client.on('error', () => undefined);
    await once(client, 'ready');
  });
  afterEach(async () => {
    client.disconnect();
    await proxy.close();
    await server.close();
  });
  /** A process with a memory of its own: what it knows of others it has from Redis. */
  const processWith = (options: Partial<CacheOptions<string>>) =>
    cache<string>({ keyBy: ({ id }) => id, store: redisCacheStore({ client }), ...options });
  const of = (id: number) => ({ attributes: { id: String(id) } });

  it.each(FAULTS)('every call is answered, and with its own value: %o', async (fault) => {
    const valueOf = (id: number) => `value ${id} `.repeat(id * 10);
    const writer = processWith({ answerMs: 1_000 });
    for (let id = 1; id <= 10; id++) await writer.execute(() => valueOf(id), of(id));
    proxy.inject(fault);
    const [reader, other] = [processWith({ answerMs: 30, storeRetryMs: 0 }), processWith({ answerMs: 30 })];
    for (const each of [reader, other]) {
      const ids = Array.from({ length: 15 }, (_, index) => index + 1);
      const values = await Promise.all(ids.map((id) => each.execute(() => valueOf(id), of(id))));
      expect(values).toEqual(ids.map(valueOf));
    }
    proxy.heal();
    await expect
      .poll(async () => {
        await reader.execute(() => valueOf(99), of(99));
        reader.clear();
        return client.exists('holdfast:cache:cache:99').catch(() => 0);
      })
      .toBe(1);
  });

  it.each(['black-hole', 'half-open'] as const)(
    'only the first who ask wait for a Redis that hangs: %s',
    async (kind) => {
      const users = processWith({ answerMs: 30, storeRetryMs: 600_000 });
      const recorder = recordEvents(users);
      proxy.inject({ kind });
      await users.execute(() => 'value', of(1));
      expect(recorder.types).toContain('cache.store_failed');
      let answered = 0;
      for (let id = 2; id < 50; id++) void users.execute(() => 'value', of(id)).then(() => answered++);
      // Nothing can come over a network within one turn of the event loop, nor can any time be up.
      await new Promise(setImmediate);
      expect(answered).toBe(48);
    },
  );
});

describe.skipIf(!hasRedis)('in a Redis cluster', () => {
  it('the scripts of a cache touch one key each', async () => {
    await using server = await startRedis('cluster');
    const client = new Redis(server.url);
    await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
    const store = redisCacheStore({ client });
    await store.set('{}a}', { value: 'it', storedAtMs: 5 }, 60_000);
    expect(await store.get('{}a}')).toEqual({ value: 'it', storedAtMs: 5 });
    await store.delete('{}a}');
    expect(await client.dbsize()).toBe(0);
    client.disconnect();
  });
});
