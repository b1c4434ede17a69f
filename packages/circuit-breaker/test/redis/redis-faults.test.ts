import { once } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, startFaultProxy, type FaultProxy } from '../../../../scripts/services/fault-proxy.ts';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { circuitBreaker, shareBreaker } from '../../src/index.ts';
import { redisBreakerStore } from '../../src/redis.ts';
import { fail, succeed } from '../rig.ts';
import { BreakerProcesses } from './breaker-processes.ts';

describe.skipIf(!hasRedis)('with faults between the processes and Redis', () => {
  const processes = new BreakerProcesses();
  let server: RunningRedis;
  let proxy: FaultProxy;

  let admin: Redis;

  beforeAll(async () => {
    server = await startRedis();
    proxy = await startFaultProxy(server.port);
    admin = new Redis(server.url);
    const url = `redis://127.0.0.1:${proxy.port}`;
    await processes.start(3, { url, answerMs: 100, leaseMs: 1_000, socketMs: 300 });
  });
  afterEach(async () => {
    await processes.tellAll({ release: true });
    proxy.heal();
    await allClosed();
    await admin.flushall();
  });
  afterAll(async () => {
    await processes.stop();
    admin.disconnect();
    await proxy.close();
    await server.close();
  });
  const allClosed = () =>
    expect
      .poll(async () => (await processes.tellAll({ succeed: 3 })).map(({ state }) => state))
      .toEqual(['closed', 'closed', 'closed']);

  it.each(FAULTS)('each process decides for itself, and all together when it is over: %o', async (fault) => {
    proxy.inject(fault);
    expect((await processes.tell(0, { fail: 5 })).state).toBe('open');
    for (const index of [1, 2]) expect((await processes.tell(index, { succeed: 9 })).state).toBe('closed');
    await allClosed();
    proxy.heal();
    // What two processes find goes for the third as soon as Redis can tell.
    await expect
      .poll(async () => {
        for (const index of [0, 1]) await processes.tell(index, { fail: 5 });
        return (await processes.tell(2, {})).state;
      })
      .not.toBe('closed');
    await allClosed();
  });

  it('each process has one probe at most while Redis does not answer', async () => {
    proxy.inject({ kind: 'black-hole' });
    const before = (await processes.tellAll({ fail: 5 })).map(({ started }) => started);
    await expect
      .poll(async () => {
        const all = await processes.tellAll({ hold: 5 });
        for (const { running } of all) expect(running).toBeLessThanOrEqual(1);
        await processes.tellAll({ release: true });
        return all.every(({ started }, index) => started > (before[index] ?? 0));
      })
      .toBe(true);
    await allClosed();
  });

  it('what a breaker was told is forgotten with a Redis that is flushed, what it has seen is not', async () => {
    const store = redisBreakerStore({ client: admin, pollMs: 10 });
    const breakers = ['a', 'b', 'c'].map((instance) => {
      const breaker = circuitBreaker({ name: 'flushed', openMs: 60_000 });
      return { breaker, sharing: shareBreaker(breaker, { store, instance }) };
    });
    const states = () => breakers.map(({ breaker }) => breaker.state);
    for (const { breaker } of breakers.slice(0, 2)) await fail(breaker, 5);
    await expect.poll(states).toEqual(['open', 'open', 'open']);
    await admin.flushall();
    await expect.poll(states).toEqual(['open', 'open', 'closed']);
    for (const { sharing } of breakers) sharing[Symbol.dispose]();
  });

  it.each(FAULTS)('no call waits for Redis, whatever the state of the circuit: %o', async (fault) => {
    const client = new Redis(`redis://127.0.0.1:${proxy.port}`, { maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await once(client, 'ready');
    const quiet = { onListenerError: () => undefined };
    const breaker = circuitBreaker({ name: 'db', openMs: 0, ...quiet });
    const store = redisBreakerStore({ client, ...quiet });
    using _sharing = shareBreaker(breaker, { store, instance: 'a', answerMs: 0 });
    proxy.inject(fault);
    // Everything a call waits for here is done within one turn of the event loop; nothing comes over a network in that.
    const settled = async (call: Promise<unknown>) => {
      let over = false;
      void call.then(() => (over = true));
      await Promise.resolve().then(() => new Promise((resolve) => process.nextTick(resolve)));
      return over;
    };
    expect(await settled(succeed(breaker))).toBe(true);
    expect(await settled(fail(breaker, 5))).toBe(true);
    for (let call = 0; call < 5; call++) expect(await settled(breaker.try(() => 1))).toBe(true);
    client.disconnect();
  });
});

describe.skipIf(!hasRedis)('in a Redis cluster', () => {
  it('each circuit lives in one slot, whatever it is called', async () => {
    await using server = await startRedis('cluster');
    const client = new Redis(server.url);
    await expect.poll(() => client.cluster('INFO')).toContain('cluster_state:ok');
    for (const circuit of ['db', '', 'a}{b', '{}', '{', '%', 'ключ']) {
      await client.flushall();
      const store = redisBreakerStore({ client, quorum: 1 });
      const open = new Promise<boolean>((resolve) => {
        const end = store.subscribe(circuit, (verdict) => {
          resolve(verdict.open);
          end();
        });
      });
      expect(await store.leaseProbe(circuit, 'b', 60_000)).toBe(0);
      await store.report(circuit, 'a', true, 60_000);
      expect(await open).toBe(true);
      const keys = await client.keys('*');
      const slots = await Promise.all(keys.map((key) => client.cluster('KEYSLOT', key)));
      expect([circuit, keys.length, new Set(slots).size]).toEqual([circuit, 2, 1]);
    }
    client.disconnect();
  });
});
