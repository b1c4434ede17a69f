import { once } from 'node:events';
import { manualClock } from '@holdfast/pipeline/testing';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import type { Verdict } from '../../src/index.ts';
import { redisBreakerStore, type RedisBreakerStoreOptions } from '../../src/redis.ts';
import { BreakerProcesses, type Task } from './breaker-processes.ts';

describe('the options of redisBreakerStore', () => {
  it.each([
    [{}, 'redisBreakerStore: client must be an object with the methods eval, evalsha'],
    [
      { client: { eval() {}, evalsha() {} }, quorum: 0 },
      'redisBreakerStore: quorum must be an integer >= 1, got 0',
    ],
    [
      { client: { eval() {}, evalsha() {} }, pollMs: 1 },
      'redisBreakerStore: pollMs must be an integer >= 10, got 1',
    ],
  ])('refuse %j', (options, message) => {
    expect(() => redisBreakerStore(options as never)).toThrow(message);
  });
});

describe.skipIf(!hasRedis)('a breaker store over a real Redis', () => {
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

  const storeOf = (options: Partial<RedisBreakerStoreOptions> = {}) =>
    redisBreakerStore({ client, pollMs: 10, onListenerError: () => undefined, ...options });

  it('is open when a quorum of instances says so, and no longer', async () => {
    const store = storeOf();
    const verdicts: Verdict[] = [];
    const end = store.subscribe('db', (verdict) => verdicts.push(verdict));
    await store.report('db', 'a', true, 60_000);
    await store.report('db', 'a', true, 60_000);
    expect(verdicts).toEqual([]);
    await store.report('db', 'b', true, 30_000);
    expect(verdicts[0]?.open).toBe(true);
    expect(verdicts[0]?.remainingMs).toBeGreaterThan(29_000);
    expect(verdicts[0]?.remainingMs).toBeLessThanOrEqual(30_000);
    await store.report('db', 'a', false, 0);
    expect(verdicts.at(-1)).toEqual({ open: false, remainingMs: 0 });
    end();
  });

  it('lets opinions lapse by the clock of the server', async () => {
    const store = storeOf({ quorum: 1 });
    const verdicts: boolean[] = [];
    const end = store.subscribe('db', ({ open }) => verdicts.push(open));
    await store.report('db', 'a', true, 100);
    await expect.poll(() => verdicts.at(-1), { timeout: 10_000 }).toBe(false);
    expect(verdicts[0]).toBe(true);
    expect(await client.keys('*')).toEqual([]);
    end();
  });

  it('tells those who come later, and other stores', async () => {
    await storeOf({ quorum: 1 }).report('db', 'a', true, 60_000);
    const verdicts: boolean[] = [];
    const end = storeOf({ quorum: 1 }).subscribe('db', ({ open }) => verdicts.push(open));
    await expect.poll(() => verdicts[0]).toBe(true);
    end();
  });

  it('keeps circuits apart, whatever they are called', async () => {
    const store = storeOf({ quorum: 1 });
    const heard = vi.fn();
    const end = store.subscribe('a}{b', heard);
    await store.report('a', 'x', true, 60_000);
    await store.report('a}', 'x', true, 60_000);
    await client.ping();
    expect(heard).not.toHaveBeenCalled();
    await store.report('a}{b', 'x', true, 60_000);
    expect(heard).toHaveBeenCalled();
    expect(new Set(await client.keys('*'))).toEqual(
      new Set(['a', 'a%7D', 'a%7D%7Bb'].map((name) => `holdfast:breaker:{${name}}:opinions`)),
    );
    end();
  });

  it('lets one instance probe at a time, until it reports or its lease is over', async () => {
    const store = storeOf();
    expect(await store.leaseProbe('db', 'a', 60_000)).toBe(0);
    expect(await store.leaseProbe('db', 'a', 60_000)).toBe(0);
    const waitMs = await store.leaseProbe('db', 'b', 60_000);
    expect(waitMs).toBeGreaterThan(59_000);
    await store.report('db', 'b', false, 0);
    expect(await store.leaseProbe('db', 'b', 60_000)).toBeGreaterThan(0);
    await store.report('db', 'a', true, 1_000);
    expect(await store.leaseProbe('db', 'b', 50)).toBe(0);
    await expect.poll(() => store.leaseProbe('db', 'c', 50), { timeout: 10_000 }).toBe(0);
  });

  it('stops looking things up when nobody listens', () => {
    const clock = manualClock();
    const ends = ['a', 'b'].map((circuit) => storeOf({ clock }).subscribe(circuit, () => undefined));
    for (const end of ends) end();
    expect(clock.refedTimers).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('stops also when somebody has listened for a while', async () => {
    const clock = manualClock();
    const end = storeOf({ clock }).subscribe('a', () => undefined);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(10);
    await expect.poll(() => clock.pendingTimers).toBe(1);
    end();
    await clock.advance(1_000);
    await client.ping();
    expect(clock.pendingTimers).toBe(0);
  });

  it('says once that Redis is away, and goes on when it is back', async () => {
    const onListenerError = vi.fn();
    const verdicts: boolean[] = [];
    const store = storeOf({ quorum: 1, onListenerError });
    const end = store.subscribe('db', ({ open }) => verdicts.push(open));
    await server.kill();
    await expect.poll(() => onListenerError.mock.calls.length).toBe(1);
    await expect(store.report('db', 'a', true, 1_000)).rejects.toThrow();
    await server.restart();
    await expect.poll(() => client.status, { timeout: 10_000 }).toBe('ready');
    await store.report('db', 'a', true, 60_000);
    await expect.poll(() => verdicts.at(-1), { timeout: 10_000 }).toBe(true);
    expect(onListenerError).toHaveBeenCalledOnce();
    end();
  });
});

describe.skipIf(!hasRedis)('processes that share a breaker over Redis', () => {
  let server: RunningRedis;
  const processes = new BreakerProcesses();

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await processes.stop();
    // What one test's processes have seen is not for the next one's.
    const admin = new Redis(server.url);
    await admin.flushall();
    admin.disconnect();
  });
  afterAll(() => server.close());

  const start = (count: number, leaseMs: number, socketMs: number) =>
    processes.start(count, { url: server.url, answerMs: 10_000, leaseMs, socketMs });
  const tell = (index: number, task: Task) => processes.tell(index, task);
  const waitFor = (expected: readonly string[]) =>
    expect.poll(() => processes.states(), { timeout: 15_000 }).toEqual(expected);

  it('are not stopped by one that has a trouble of its own, but by two', async () => {
    await start(3, 5_000, 5_000);
    expect((await tell(0, { fail: 5 })).state).toBe('open');
    expect((await tell(1, { succeed: 10 })).state).toBe('closed');
    expect((await tell(2, { succeed: 10 })).state).toBe('closed');
    await tell(1, { fail: 5 });
    await expect.poll(async () => (await tell(2, {})).state, { timeout: 15_000 }).not.toBe('closed');
  });

  it('leave probing to one of them while Redis answers, which has as many probes as it may, and close together', async () => {
    // Longer than a busy machine holds a process up.
    await start(3, 5_000, 5_000);
    for (const index of [0, 1]) await tell(index, { fail: 5 });
    await expect.poll(async () => (await tell(2, {})).state, { timeout: 15_000 }).toBe('open');
    for (let probed = 0; probed < 4;) {
      const running = (await processes.tellAll({ hold: 5 })).map((told) => told.running);
      const probes = running.filter((count) => count > 0);
      expect(probes.length).toBeLessThanOrEqual(1);
      expect(probes[0] ?? 0).toBeLessThanOrEqual(3);
      if (probes.length > 0) probed++;
      await processes.tellAll({ release: true });
    }
    await expect
      .poll(
        async () => {
          await processes.tellAll({ succeed: 2 });
          return processes.states();
        },
        { timeout: 15_000 },
      )
      .toEqual(['closed', 'closed', 'closed']);
  });

  it('decide alone while Redis is away, hangs or is empty', async () => {
    await start(2, 1_000, 300);
    await server.kill();
    expect((await tell(0, { fail: 5 })).state).toBe('open');
    expect((await tell(1, { succeed: 5 })).state).toBe('closed');
    await expect.poll(async () => (await tell(0, { succeed: 1 })).state, { timeout: 15_000 }).toBe('closed');
    await server.restart();
    await waitFor(['closed', 'closed']);
    server.pause();
    try {
      expect((await tell(0, { fail: 5 })).state).toBe('open');
      expect((await tell(1, { succeed: 5 })).state).toBe('closed');
    } finally {
      server.resume();
    }
  });
});
