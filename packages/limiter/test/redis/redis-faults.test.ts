import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FAULTS, startFaultProxy, type FaultProxy } from '../../../../scripts/services/fault-proxy.ts';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { rateLimit, slidingWindow } from '../../src/index.ts';
import { redisRateStore } from '../../src/redis.ts';
import { RateProcesses } from './rate-processes.ts';

const LIMIT = 200;
const MODES = ['exact', 'leased'] as const;

describe.skipIf(!hasRedis)('with faults between the processes and Redis', () => {
  let server: RunningRedis;
  let proxy: FaultProxy;
  let admin: Redis;

  beforeAll(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
    admin = new Redis(server.url, { retryStrategy: () => 20 });
    admin.on('error', () => undefined);
  });
  beforeEach(async () => {
    proxy.heal();
    await admin.flushall();
  });
  afterAll(async () => {
    admin.disconnect();
    await proxy.close();
    await server.close();
  });
  const start = (mode: string, answerMs: number) =>
    RateProcesses.start(3, `redis://127.0.0.1:${proxy.port}`, mode, answerMs);
  const sum = (all: readonly { readonly passed: number }[]) =>
    all.reduce((passed, each) => passed + each.passed, 0);

  it.each(MODES)(
    'a Redis that is slow, but answers in time, holds the limit over all processes (%s)',
    async (mode) => {
      await using processes = await start(mode, 60_000);
      for (const fault of FAULTS.slice(0, 2)) {
        proxy.inject(fault);
        for (let round = 0; round < 3; round++) await processes.call(20);
      }
      const passed = sum(await processes.call(1));
      expect(passed).toBeLessThanOrEqual(LIMIT);
      expect(passed).toBeGreaterThanOrEqual(mode === 'exact' ? LIMIT : LIMIT - 3 * 20);
    },
  );

  it.each(MODES)(
    'no call is lost, and no process is above the limit, whatever happens (%s)',
    async (mode) => {
      await using processes = await start(mode, 50);
      let sent = 0;
      const call = async (calls: number) => {
        sent += calls;
        for (const { settled, passed } of await processes.call(calls)) {
          expect(settled).toBe(sent);
          expect(passed).toBeLessThanOrEqual(LIMIT);
        }
      };
      for (const fault of FAULTS) {
        const underWay = call(20);
        proxy.inject(fault);
        await underWay;
        await call(20);
        proxy.heal();
        await call(5);
      }
      await server.restart();
      await call(20);
      await admin.flushall();
      await call(20);
    },
  );

  it('processes count together again when it is over', async () => {
    await using processes = await start('exact', 1_000);
    for (const fault of FAULTS) {
      proxy.inject(fault);
      await processes.call(2);
      proxy.heal();
    }
    await expect
      .poll(async () => {
        await processes.call(1);
        return Number(await admin.exists('holdfast:rate:processes'));
      })
      .toBe(1);
  });
});

describe.skipIf(!hasRedis)('in a Redis cluster', () => {
  it('the scripts of a limit touch its one key', async () => {
    await using server = await startRedis('cluster');
    const client = new Redis(server.url);
    await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
    for (const mode of MODES) {
      const limit = rateLimit({
        name: `{${mode}`,
        keyBy: ({ tenant }) => tenant,
        rule: slidingWindow({ limit: 2, windowMs: 60_000 }),
        store: redisRateStore({ client, mode }),
        actualCost: () => 2,
        answerMs: 60_000,
      });
      const attributes = { tenant: '}{' };
      expect((await limit.try(() => 1, { attributes })).ok).toBe(true);
      await client.ping();
      expect((await limit.try(() => 1, { attributes })).ok).toBe(false);
      expect(limit.stats()).toMatchObject({ admitted: 1 });
    }
    expect(await client.dbsize()).toBe(2);
    client.disconnect();
  });
});
