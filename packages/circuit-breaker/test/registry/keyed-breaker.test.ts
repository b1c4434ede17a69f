import { createBreakerRegistry, type KeyedBreakerOptions } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { boom } from '../rig.ts';

const keyed = (options: Partial<KeyedBreakerOptions> = {}) => {
  const clock = manualClock();
  const reported: unknown[] = [];
  const onListenerError = (error: unknown) => void reported.push(error);
  const breakers = createBreakerRegistry({ clock, onListenerError, openMs: 1_000 });
  const api = breakers.keyed({ name: 'api', keyBy: ({ host }) => host, ...options });
  const call = (host: string | undefined, operation: () => unknown = () => 'fine') =>
    api.try(operation, host === undefined ? {} : { attributes: { host } });
  const fail = async (host: string | undefined, times = 5) => {
    for (let i = 0; i < times; i++) await call(host, () => Promise.reject(boom));
  };
  return { clock, breakers, api, call, fail, reported };
};

describe('keyed breakers', () => {
  it('open for one key and leave the others alone', async () => {
    const { call, fail } = keyed();
    await fail('a');
    expect(await call('a')).toMatchObject({ error: { code: 'ERR_CIRCUIT_OPEN', strategy: 'api:a' } });
    expect((await call('b')).ok).toBe(true);
  });

  it('recover key by key', async () => {
    const { api, call, clock, fail } = keyed();
    await fail('a');
    await clock.advance(1_000);
    for (let i = 0; i < 3; i++) expect((await call('a')).ok).toBe(true);
    expect(api.find('a')?.state).toBe('closed');
  });

  it('throw the typed error from execute', async () => {
    const { api, fail } = keyed();
    await fail('a');
    const call = api.execute(() => 1, { attributes: { host: 'a' } });
    await expect(call).rejects.toMatchObject({
      name: 'CircuitOpenError',
      strategy: 'api:a',
      retryAfterMs: 1_000,
    });
  });

  it('share one breaker for calls without a key', async () => {
    const { api, call, fail } = keyed();
    await fail(undefined);
    expect(await call(undefined)).toMatchObject({ error: { strategy: 'api' } });
    expect(api.find(undefined)?.state).toBe('open');
    expect((await call('a')).ok).toBe(true);
  });

  it('belong to the registry: events, health, reset', async () => {
    const { api, breakers, fail } = keyed();
    const recorder = recordEvents(breakers);
    await fail('a');
    expect(recorder.events).toMatchObject([{ type: 'circuit.opened', strategy: 'api:a' }]);
    expect(breakers.health()).toMatchObject({ status: 'unhealthy', refusing: ['api:a'] });
    breakers.resetAll();
    expect(api.find('a')?.state).toBe('closed');
  });

  it('report a keyBy that throws and use the breaker for calls without a key', async () => {
    const { api, call, reported } = keyed({
      keyBy: () => {
        throw boom;
      },
    });
    expect((await call('a')).ok).toBe(true);
    expect(reported).toEqual([boom]);
    expect(api.find(undefined)?.stats().successes).toBe(1);
  });

  it('let calls wait, key by key', async () => {
    const { api, call, clock, fail } = keyed({ overflow: 'wait', maxProbes: 1, successesToClose: 1 });
    await fail('a');
    await clock.advance(1_000);
    let finish: () => void = () => undefined;
    const probe = call('a', () => new Promise<void>((resolve) => (finish = resolve)));
    const waiting = call('a');
    expect(api.find('a')?.stats().waiting).toBe(1);
    finish();
    await probe;
    expect((await waiting).ok).toBe(true);
    expect(api.find('a')?.stats()).toMatchObject({ state: 'closed', inFlight: 0 });
  });

  it('fuse in a pipeline', async () => {
    const { api, fail } = keyed();
    await fail('a');
    const result = await pipeline(api).try(() => 1, { attributes: { host: 'a' } });
    expect(result).toMatchObject({ ok: false, error: { strategy: 'api:a' } });
  });

  it.each([
    [{ keyBy: undefined }, 'keyed: keyBy must be a function, got undefined'],
    [{ maxKeys: 0 }, 'keyed: maxKeys must be an integer >= 1, got 0'],
    [{ idleMs: -1 }, 'keyed: idleMs must be an integer >= 0, got -1'],
    [{ openMs: -1 }, 'circuitBreaker: openMs must be'],
  ])('refuse %j', (options, message) => {
    expect(() => keyed(options as Partial<KeyedBreakerOptions>)).toThrow(message);
  });
});

describe('keyed breakers are forgotten', () => {
  it('after idle time, when another key comes', async () => {
    const { api, call, clock } = keyed({ idleMs: 500 });
    await call('a');
    await call('b');
    await clock.advance(499);
    await call('c');
    expect(api.size).toBe(3);
    await clock.advance(1_000);
    await call('d');
    await clock.advance(1_000);
    await call('e');
    expect(api.find('a')).toBeUndefined();
    expect(api.size).toBeLessThanOrEqual(2);
  });

  it('not while they are in use, however old they are', async () => {
    const { api, call, clock } = keyed({ idleMs: 500 });
    await call('busy');
    const breaker = api.find('busy');
    for (let i = 0; i < 20; i++) {
      await clock.advance(400);
      await call('busy');
      await call(`other-${i}`);
    }
    expect(api.find('busy')).toBe(breaker);
    expect(api.size).toBeLessThan(10);
  });

  it('never beyond maxKeys, the unused first', async () => {
    const { api, call } = keyed({ maxKeys: 10 });
    for (let i = 0; i < 1_000; i++) {
      await call(`key-${i}`);
      expect(api.size).toBeLessThanOrEqual(10);
    }
    expect(api.find('key-999')).toBeDefined();
  });

  it('not while they are open: a new key passes unguarded when there is no room', async () => {
    const { api, call, fail } = keyed({ maxKeys: 3 });
    for (const key of ['a', 'b', 'c']) await fail(key);
    expect((await call('d')).ok).toBe(true);
    expect(api.find('d')).toBeUndefined();
    expect((await call('a')).ok).toBe(false);
    expect(api.size).toBe(3);
  });

  it('not while calls are under way', async () => {
    const { api, call } = keyed({ maxKeys: 1 });
    void call('a', () => new Promise(() => undefined));
    await call('b');
    expect(api.find('a')).toBeDefined();
    expect(api.find('b')).toBeUndefined();
  });

  it('open ones too, once their open and idle time is over', async () => {
    const { api, call, clock, fail } = keyed({ maxKeys: 1, idleMs: 5_000 });
    await fail('a');
    await call('b');
    await clock.advance(4_999);
    await call('b');
    expect(api.find('a')).toBeDefined();
    await clock.advance(1);
    await call('b');
    expect(api.find('a')).toBeUndefined();
    expect(api.find('b')).toBeDefined();
  });

  it('not while they are isolated', async () => {
    const { api, call, clock } = keyed({ maxKeys: 1, idleMs: 0 });
    await call('a');
    api.find('a')?.isolate();
    await clock.advance(1e9);
    await call('b');
    expect(api.find('a')?.state).toBe('isolated');
  });

  it('even where a crowd of open ones stands before them', async () => {
    const { api, call, fail } = keyed({ maxKeys: 100 });
    for (let i = 0; i < 50; i++) await fail(`open-${i}`);
    for (let i = 0; i < 500; i++) await call(`key-${i}`);
    expect(api.size).toBe(100);
    expect([...Array(50).keys()].every((i) => api.find(`open-${i}`)?.state === 'open')).toBe(true);
  });
});
