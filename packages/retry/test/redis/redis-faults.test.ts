import { once } from 'node:events';
import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FAULTS, startFaultProxy, type FaultProxy } from '../../../../scripts/services/fault-proxy.ts';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { redisRetryBudget } from '../../src/redis.ts';

const BURST = 6;
const RATIO = 0.1;
const PROCESSES = 3;

describe.skipIf(!hasRedis)('with faults between the processes and Redis', () => {
  let server: RunningRedis;
  let proxy: FaultProxy;
  let clients: Redis[];
  let admin: Redis;
  let clock: ManualClock;

  beforeEach(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
    admin = new Redis(server.url);
    clock = manualClock();
    clients = Array.from({ length: PROCESSES }, () => {
      const client = new Redis(`redis://127.0.0.1:${proxy.port}`, {
        maxRetriesPerRequest: 0,
        retryStrategy: () => 20,
        socketTimeout: 500,
      });
      client.on('error', () => undefined);
      return client;
    });
    await Promise.all(clients.map((client) => once(client, 'ready')));
  });
  afterEach(async () => {
    for (const client of [admin, ...clients]) client.disconnect();
    await proxy.close();
    await server.close();
  });

  const budgetsOf = (answerMs: number) =>
    clients.map((client) => {
      const onListenerError = () => undefined;
      const rates = { burst: BURST, ratio: RATIO, minPerSecond: 0 };
      return redisRetryBudget({
        client,
        name: 'db',
        clock,
        askEveryMs: 0,
        answerMs,
        onListenerError,
        ...rates,
      });
    });
  /** Time passes for the budgets, and for what is under way over the network. */
  const turn = async () => {
    await clock.advance(10);
    await admin.ping();
  };

  it.each(FAULTS)('a retry is granted or not at once, and never more are than may be: %o', async (fault) => {
    const budgets = budgetsOf(20);
    proxy.inject(fault);
    const granted = budgets.map(() => 0);
    let calls = 0;
    for (let round = 0; round < 20; round++) {
      if (round === 15) proxy.heal();
      for (const [index, budget] of budgets.entries()) {
        for (let call = 0; call < 5; call++) budget.record(true, 0, {});
        for (let retry = 0; retry < 4; retry++)
          granted[index] = (granted[index] ?? 0) + budget.withdraw(undefined, {});
      }
      calls += 5;
      await turn();
    }
    const together = BURST + RATIO * calls * PROCESSES;
    const alone = BURST + RATIO * calls;
    // Each has what Redis granted to all, and what it granted itself meanwhile.
    expect(granted.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(together + alone * PROCESSES);
    for (const each of granted) expect(each).toBeGreaterThanOrEqual(1);
  });

  it('all together hold the budget when it is over', async () => {
    const budgets = budgetsOf(60_000);
    for (const fault of FAULTS) {
      proxy.inject(fault);
      for (const budget of budgets) budget.withdraw(undefined, {});
      await turn();
      proxy.heal();
    }
    await expect.poll(() => clients.every(({ status }) => status === 'ready')).toBe(true);
    await admin.flushall();
    const told = () => admin.exists('holdfast:retry:db');
    await expect
      .poll(async () => {
        for (const budget of budgets) budget.withdraw(undefined, {});
        return told();
      })
      .toBe(1);
  });
});

describe.skipIf(!hasRedis)('in a Redis cluster', () => {
  it('the script of a budget touches its one key', async () => {
    await using server = await startRedis('cluster');
    const client = new Redis(server.url);
    await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
    const budget = redisRetryBudget({ client, name: '{}db', burst: 3, askEveryMs: 0 });
    await expect.poll(() => budget.withdraw(undefined, {})).toBe(1);
    expect(await client.keys('*')).toEqual(['holdfast:retry:{}db']);
    client.disconnect();
  });
});
