import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cache, type CacheOptions, type CacheStore } from '../../src/index.ts';
import { watch } from '../watch.ts';

const keyBy = ({ id }: Readonly<Record<string, string>>) => id;
const of = (id: string) => ({ attributes: { id } });
const down = new Error('down');
const settled = () => manualClock().advance(0);

function cached(options: Partial<CacheOptions<string>> = {}) {
  const clock = manualClock();
  return { clock, strategy: cache<string>({ keyBy, ttlMs: 100, clock, ...options }) };
}

/** An operation that answers when it is told to. */
function pending() {
  const answers: ((value: string) => void)[] = [];
  const run = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  return { run, answer: (value: string) => answers.shift()?.(value) };
}

describe('a cache', () => {
  it('answers what an earlier call brought, for as long as it is fresh', async () => {
    const { clock, strategy } = cached();
    const run = vi.fn(() => 'value');
    for (const [afterMs, runs] of [
      [0, 1],
      [0, 1],
      [99, 1],
      [1, 2],
    ] as const) {
      await clock.advance(afterMs);
      expect(await strategy.execute(run, of('a'))).toBe('value');
      expect(run).toHaveBeenCalledTimes(runs);
    }
    expect(strategy.stats()).toMatchObject({ hits: 2, misses: 2, entries: 1, hitRatio: 0.5 });
  });

  it('has its name', () => {
    expect(cached({ name: 'users' }).strategy.name).toBe('users');
  });

  it('keeps keys apart, and passes calls by that have none', async () => {
    const { strategy } = cached();
    expect(await strategy.execute(() => 'a', of('a'))).toBe('a');
    expect(await strategy.execute(() => 'b', of('b'))).toBe('b');
    expect(await strategy.execute(() => 'c')).toBe('c');
    expect(await strategy.execute(() => 'd')).toBe('d');
    expect(strategy.stats()).toMatchObject({ entries: 2, misses: 2 });
  });

  it('remembers no error, and not undefined', async () => {
    const { strategy } = cached();
    await expect(strategy.execute(() => Promise.reject(down), of('a'))).rejects.toBe(down);
    await strategy.execute(() => undefined, of('a'));
    expect(await strategy.execute(() => 'value', of('a'))).toBe('value');
  });

  it('remembers only what is worth it', async () => {
    const { strategy } = cached({ accept: (value) => value !== 'partial' });
    await strategy.execute(() => 'partial', of('a'));
    expect(strategy.peek('a')).toBeUndefined();
  });

  it('answers the value all the same when a function of the user throws', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const fails = () => {
      throw bug;
    };
    for (const options of [{ accept: fails }, { keyBy: fails }, { maxSize: 5, sizeOf: fails }]) {
      const { strategy } = cached({ ...options, onListenerError });
      expect(await strategy.execute(() => 'value', of('a'))).toBe('value');
    }
    expect(onListenerError.mock.calls).toEqual([[bug], [bug], [bug]]);
  });

  it('bears keys that are names of properties', async () => {
    const { strategy } = cached();
    expect(await strategy.execute(() => 'value', of('__proto__'))).toBe('value');
    expect(strategy.peek('constructor')).toBeUndefined();
  });
});

describe('calls for the same at the same time', () => {
  it('share one run', async () => {
    const { strategy } = cached();
    const { run, answer } = pending();
    const calls = Array.from({ length: 1_000 }, () => strategy.execute(run, of('a')));
    answer('value');
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['value']));
    expect(run).toHaveBeenCalledOnce();
    expect(strategy.stats()).toMatchObject({ misses: 1_000, coalesced: 999 });
  });

  it('share its error', async () => {
    const { strategy } = cached();
    const run = vi.fn(() => Promise.reject(down));
    const results = await Promise.all([1, 2, 3].map(() => strategy.try(run, of('a'))));
    expect(results).toEqual(Array(3).fill({ ok: false, error: down }));
    expect(run).toHaveBeenCalledOnce();
  });

  it('do not share the abort of the one that runs: another one runs', async () => {
    const { strategy } = cached();
    const { run, answer } = pending();
    const controller = new AbortController();
    const first = watch(strategy.execute(run, { ...of('a'), signal: controller.signal }));
    const others = [1, 2].map(() => watch(strategy.execute(run, of('a'))));
    controller.abort('gone');
    await settled();
    expect(first.error).toBe('gone');
    expect(run).toHaveBeenCalledTimes(2);
    answer('late');
    answer('value');
    await settled();
    expect(others.map(({ value }) => value)).toEqual(['value', 'value']);
    expect(strategy.peek('a')).toBe('value');
  });

  it('do not share its deadline either', async () => {
    const { clock, strategy } = cached();
    const { run, answer } = pending();
    const first = watch(strategy.execute(run, { ...of('a'), timeoutMs: 10 }));
    const second = watch(strategy.execute(run, of('a')));
    await clock.advance(10);
    expect(first.error).toMatchObject({ code: 'ERR_TIMEOUT' });
    answer('first');
    answer('second');
    await settled();
    expect(second.value).toBe('second');
  });

  it('leave alone: one that stops waiting ends only its own call', async () => {
    const { strategy } = cached();
    const { run, answer } = pending();
    const first = watch(strategy.execute(run, of('a')));
    const controller = new AbortController();
    const second = watch(strategy.execute(run, { ...of('a'), signal: controller.signal }));
    controller.abort('gone');
    await settled();
    expect(second.error).toBe('gone');
    answer('value');
    await settled();
    expect(first.value).toBe('value');
  });

  it('share a run with all its strategies', async () => {
    const { clock, strategy } = cached();
    const run = vi.fn(() => Promise.reject(down));
    const inner = retry({ maxAttempts: 3, baseDelayMs: 0, retryIf: () => true, clock });
    const guarded = pipeline(strategy, inner, timeout({ timeoutMs: 10, clock }));
    const calls = [1, 2].map(() => watch(guarded.execute(run, of('a'))));
    await clock.run();
    expect(calls.map(({ error }) => error)).toEqual([down, down]);
    expect(run).toHaveBeenCalledTimes(3);
  });
});

describe('a stale value', () => {
  it('is answered at once while a new one is fetched, by one run', async () => {
    const { clock, strategy } = cached({ staleMs: 50 });
    await strategy.execute(() => 'old', of('a'));
    await clock.advance(149);
    const { run, answer } = pending();
    const calls = await Promise.all([1, 2, 3].map(() => strategy.execute(run, of('a'))));
    expect(calls).toEqual(['old', 'old', 'old']);
    expect(run).toHaveBeenCalledOnce();
    answer('new');
    await settled();
    expect(await strategy.execute(run, of('a'))).toBe('new');
    expect(run).toHaveBeenCalledOnce();
    expect(strategy.stats()).toMatchObject({ staleHits: 3, hits: 1 });
  });

  it('is waited for when it is too stale', async () => {
    const { clock, strategy } = cached({ staleMs: 50 });
    await strategy.execute(() => 'old', of('a'));
    await clock.advance(150);
    expect(await strategy.execute(() => 'new', of('a'))).toBe('new');
  });

  it('stays when the new one cannot be had, which is told', async () => {
    const { clock, strategy } = cached({ staleMs: 50 });
    const { events } = recordEvents(strategy);
    await strategy.execute(() => 'old', of('a'));
    await clock.advance(120);
    expect(await strategy.execute(() => Promise.reject(down), of('a'))).toBe('old');
    await settled();
    expect(events).toMatchObject([{ type: 'cache.renewal_failed', error: down }]);
    expect(await strategy.execute(() => 'new', of('a'))).toBe('old');
    await settled();
    expect(strategy.peek('a')).toBe('new');
  });

  it('is renewed although its caller has left', async () => {
    const { clock, strategy } = cached({ staleMs: 50 });
    await strategy.execute(() => 'old', of('a'));
    await clock.advance(120);
    const { run, answer } = pending();
    const controller = new AbortController();
    await strategy.execute(run, { ...of('a'), signal: controller.signal });
    controller.abort();
    answer('new');
    await settled();
    expect(strategy.peek('a')).toBe('new');
  });
});

describe('what is said of a key while its value is on its way', () => {
  it.each([
    ['delete', undefined],
    ['clear', undefined],
    ['set', 'said'],
  ] as const)('counts more than that value: %s', async (how, expected) => {
    const { strategy } = cached();
    const { run, answer } = pending();
    const call = strategy.execute(run, of('a'));
    if (how === 'set') strategy.set('a', 'said');
    else if (how === 'delete') strategy.delete('a');
    else strategy.clear();
    answer('on its way');
    expect(await call).toBe('on its way');
    expect(strategy.peek('a')).toBe(expected);
  });

  it('lets later calls run anew', async () => {
    const { strategy } = cached();
    const { run, answer } = pending();
    const before = strategy.execute(run, of('a'));
    strategy.delete('a');
    const after = strategy.execute(run, of('a'));
    answer('before');
    answer('after');
    expect(await Promise.all([before, after])).toEqual(['before', 'after']);
    expect(strategy.peek('a')).toBe('after');
  });
});

describe('the bounds of a cache', () => {
  it('let the value go that was not used for longest', async () => {
    const { strategy } = cached({ maxEntries: 2 });
    strategy.set('a', '1');
    strategy.set('b', '2');
    expect(await strategy.execute(() => 'x', of('a'))).toBe('1');
    strategy.set('c', '3');
    expect(['a', 'b', 'c'].map((key) => strategy.peek(key))).toEqual(['1', undefined, '3']);
    expect(strategy.stats()).toMatchObject({ entries: 2, evictions: 1 });
  });

  it('count what values take', () => {
    const { strategy } = cached({ maxSize: 10, sizeOf: (value) => value.length });
    strategy.set('a', 'xxxxxx');
    strategy.set('b', 'xxxxx');
    expect([strategy.peek('a'), strategy.peek('b')]).toEqual([undefined, 'xxxxx']);
    strategy.set('c', 'x'.repeat(11));
    expect(strategy.peek('c')).toBeUndefined();
  });

  it('hold whatever is asked', async () => {
    const ids = fc.constantFrom(...'abcdefgh');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(ids, fc.nat(80)), { maxLength: 100 }), async (steps) => {
        const { clock, strategy } = cached({ maxEntries: 3, staleMs: 40 });
        const learnedAtMs = new Map<string, number>();
        for (const [id, afterMs] of steps) {
          await clock.advance(afterMs);
          const value = await strategy.execute(() => {
            learnedAtMs.set(id, clock.now());
            return String(clock.now());
          }, of(id));
          expect(clock.now() - Number(value)).toBeLessThan(140);
          expect(Number(value)).toBeLessThanOrEqual(learnedAtMs.get(id) ?? -1);
          expect(strategy.stats().entries).toBeLessThanOrEqual(3);
        }
        const { hits, staleHits, misses } = strategy.stats();
        expect(hits + staleHits + misses).toBe(steps.length);
      }),
    );
  });
});

describe('the second level of a cache', () => {
  function stored(options: Partial<CacheOptions<string>> = {}) {
    const entries = new Map<string, { value: unknown; storedAtMs: number }>();
    const store = {
      get: vi.fn<CacheStore['get']>((key) => Promise.resolve(entries.get(key))),
      set: vi.fn<CacheStore['set']>((key, entry) => Promise.resolve(void entries.set(key, entry))),
      delete: vi.fn<CacheStore['delete']>((key) => Promise.resolve(void entries.delete(key))),
    };
    return { store, entries, ...cached({ store, staleMs: 50, keepMs: 1_000, ...options }) };
  }

  it('is told what is learned, and how long that may be kept', async () => {
    const { clock, store, strategy } = stored({ name: 'users' });
    await strategy.execute(() => 'value', of('a'));
    const entry = { value: 'value', storedAtMs: clock.wallNow() };
    expect(store.set).toHaveBeenCalledExactlyOnceWith('users:a', entry, 1_000);
  });

  it('is asked once for a value that this process does not know', async () => {
    const { clock, store, entries, strategy } = stored();
    entries.set('cache:a', { value: 'theirs', storedAtMs: clock.wallNow() - 60 });
    const run = vi.fn(() => 'ours');
    const calls = await Promise.all([1, 2].map(() => strategy.execute(run, of('a'))));
    expect(calls).toEqual(['theirs', 'theirs']);
    expect(store.get).toHaveBeenCalledOnce();
    await clock.advance(39);
    expect(await strategy.execute(run, of('a'))).toBe('theirs');
    expect(run).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(await strategy.execute(run, of('a'))).toBe('theirs');
    await settled();
    expect(strategy.peek('a')).toBe('ours');
  });

  it('is not believed for ever: what is older than fresh there is fetched anew', async () => {
    const { clock, entries, strategy } = stored();
    entries.set('cache:a', { value: 'old', storedAtMs: clock.wallNow() - 100 });
    expect(await strategy.execute(() => 'new', of('a'))).toBe('new');
  });

  it.each([
    [99, 'theirs'],
    [100, 'ours'],
  ])(
    'may be ahead of this process: what comes from the future is as old as that (%i ms)',
    async (aheadMs, expected) => {
      const { clock, entries, strategy } = stored();
      entries.set('cache:a', { value: 'theirs', storedAtMs: clock.wallNow() + aheadMs });
      expect(await strategy.execute(() => 'ours', of('a'))).toBe(expected);
    },
  );

  it('is told to forget', () => {
    const { store, strategy } = stored();
    strategy.set('a', 'value');
    strategy.delete('a');
    expect(store.delete).toHaveBeenCalledExactlyOnceWith('cache:a');
  });

  it.each([
    ['rejects', () => Promise.reject(down)],
    [
      'throws',
      () => {
        throw down;
      },
    ],
    ['never answers', () => new Promise<never>(() => undefined)],
  ])('holds up no call when it %s', async (_, fails) => {
    const { clock, store, strategy } = stored({ answerMs: 20 });
    const { events } = recordEvents(strategy);
    store.get.mockImplementation(fails);
    store.set.mockImplementation(fails);
    const call = watch(strategy.execute(() => 'value', of('a')));
    await clock.advance(40);
    expect(call.value).toBe('value');
    expect(events.map(({ type }) => type)).toEqual(['cache.store_failed', 'cache.store_failed']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes nobody wait for a while once it was too slow, and is asked again then', async () => {
    const { clock, store, strategy } = stored({ answerMs: 20, storeRetryMs: 500 });
    store.get.mockImplementation(() => new Promise<never>(() => undefined));
    const slow = watch(strategy.execute(() => 'value', of('a')));
    await clock.advance(20);
    expect(slow.value).toBe('value');
    await clock.advance(499);
    expect(await strategy.execute(() => 'at once', of('b'))).toBe('at once');
    expect(await strategy.recall({ id: 'c' })).toBeUndefined();
    expect(store.get).toHaveBeenCalledOnce();
    expect(store.set).toHaveBeenCalledTimes(2);
    await clock.advance(1);
    void strategy.execute(() => 'value', of('d'));
    expect(store.get).toHaveBeenCalledTimes(2);
  });

  it('answers a fallback, however old', async () => {
    const { clock, entries, strategy } = stored();
    entries.set('cache:a', { value: 'ancient', storedAtMs: clock.wallNow() - 900 });
    expect(await strategy.recall({ id: 'a' })).toBe('ancient');
    expect(await strategy.recall({ id: 'b' })).toBeUndefined();
    expect(await strategy.recall({})).toBeUndefined();
  });
});

describe('the options of a cache', () => {
  it.each([
    [{}, 'cache: keyBy must be a function, got undefined'],
    [{ keyBy, ttlMs: -1 }, 'cache: ttlMs must be a number >= 0, got -1'],
    [{ keyBy, maxEntries: 0 }, 'cache: maxEntries must be an integer >= 1, got 0'],
    [{ keyBy, maxSize: 5 }, 'cache: sizeOf must be a function, got undefined'],
    [{ keyBy, store: {} }, 'cache: store must be an object with the methods get, set, delete'],
    [{ keyBy, ttl: 5 }, 'cache has no option "ttl"'],
  ])('refuse %j', (options, message) => {
    expect(() => cache(options as CacheOptions<string>)).toThrow(message);
  });
});
