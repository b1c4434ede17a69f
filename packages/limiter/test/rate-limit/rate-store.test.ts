import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { describe, expect, it, vi } from 'vitest';
import { rateLimit, tokenBucket, type RateLimitOptions, type RateStore } from '../../src/index.ts';
import { watch } from '../watch.ts';

const rule = tokenBucket({ limit: 10, windowMs: 1_000 });

function stored(take: RateStore['take'], options: RateLimitOptions = {}) {
  const clock = manualClock();
  const store = { take: vi.fn(take), charge: vi.fn<RateStore['charge']>() };
  const limit = rateLimit({ rule, clock, store, name: 'shared', ...options });
  return { clock, store, limit, ...recordEvents(limit) };
}

describe('a rate limit with a store', () => {
  it('asks the store for each key under the name of the limit', async () => {
    const { limit, store } = stored(() => 0, { keyBy: ({ client }) => client });
    await limit.execute(() => 1);
    await limit.execute(() => 1, { attributes: { client: 'a' } });
    expect(store.take.mock.calls).toEqual([
      ['shared', 1, rule],
      ['shared:a', 1, rule],
    ]);
  });

  it('does what the store says, at once or later', async () => {
    for (const later of [false, true]) {
      const answers = [0, 250];
      const { limit } = stored(() =>
        later ? Promise.resolve(answers.shift() ?? 0) : (answers.shift() ?? 0),
      );
      expect((await limit.try(() => 1)).ok).toBe(true);
      expect(await limit.try(() => 1)).toMatchObject({ error: { retryAfterMs: 250 } });
    }
  });

  it('lets calls wait, and asks again for the first of them when the time has come', async () => {
    const answers = [100, 50, 0, 0];
    const { clock, limit, store } = stored(() => Promise.resolve(answers.shift() ?? 0), { maxQueue: 5 });
    const first = watch(
      limit.execute(() => 'first'),
      clock,
    );
    await clock.advance(0);
    const second = watch(
      limit.execute(() => 'second'),
      clock,
    );
    await clock.advance(1_000);
    expect(first).toMatchObject({ value: 'first', atMs: 150 });
    expect(second).toMatchObject({ value: 'second', atMs: 150 });
    expect(store.take).toHaveBeenCalledTimes(4);
  });

  it('gives back what it took for a caller who left meanwhile', async () => {
    let answer: (waitMs: number) => void = () => undefined;
    const answers: (number | Promise<number>)[] = [10, new Promise<number>((resolve) => (answer = resolve))];
    const { clock, limit, store } = stored(() => answers.shift() ?? 0, { maxQueue: 5 });
    const controller = new AbortController();
    void limit.try(() => 1, { signal: controller.signal });
    await clock.advance(10);
    controller.abort();
    answer(0);
    await clock.advance(0);
    expect(store.charge).toHaveBeenCalledExactlyOnceWith('shared', -1, rule);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('down');
      },
    ],
    ['rejects', () => Promise.reject(new Error('down'))],
    ['answers nonsense', () => Promise.resolve(NaN)],
    ['answers nonsense at once', () => -1],
  ] as [string, RateStore['take']][])(
    'goes by its own count when the store %s, and asks it again after a while',
    async (_, take) => {
      const { clock, limit, store, events } = stored(take);
      let passed = 0;
      for (let call = 0; call < 30; call++) if ((await limit.try(() => 1)).ok) passed++;
      expect(passed).toBe(10);
      expect(store.take).toHaveBeenCalledOnce();
      expect(events[0]).toMatchObject({ type: 'rate_limit.store_failed', strategy: 'shared' });
      expect(JSON.stringify(events[0])).not.toContain('error');
      await clock.advance(1_000);
      await limit.try(() => 1);
      expect(store.take).toHaveBeenCalledTimes(2);
    },
  );

  it('waits for no answer longer than it was told to', async () => {
    const { clock, limit, events } = stored(() => new Promise<number>(() => undefined), { answerMs: 20 });
    const call = watch(
      limit.execute(() => 'alone'),
      clock,
    );
    await clock.advance(100);
    expect(call).toMatchObject({ value: 'alone', atMs: 20 });
    expect(events).toHaveLength(1);
  });

  it('hears of a failure that comes after it gave up only once', async () => {
    let fail: (error: Error) => void = () => undefined;
    const answer = new Promise<number>((_, reject) => (fail = reject));
    const { clock, limit, events } = stored(() => answer, { answerMs: 20 });
    void limit.execute(() => 1);
    await clock.advance(20);
    fail(new Error('late'));
    await clock.advance(0);
    expect(events).toHaveLength(1);
  });

  it('lets no more pass than the limit, whatever a store grants that has lost its memory', async () => {
    const { limit, store } = stored(() => Promise.resolve(0));
    const results = await Promise.all(Array.from({ length: 30 }, () => limit.try(() => 1)));
    expect(results.filter(({ ok }) => ok)).toHaveLength(10);
    expect(store.take).toHaveBeenCalledTimes(10);
  });

  it('keeps nothing of what the store refuses for itself', async () => {
    let waitMs = 500;
    const { limit } = stored(() => Promise.resolve(waitMs));
    for (let call = 0; call < 30; call++) expect((await limit.try(() => 1)).ok).toBe(false);
    waitMs = 0;
    for (let call = 0; call < 10; call++) expect((await limit.try(() => 1)).ok).toBe(true);
  });

  it('knows what the store has granted when it fails', async () => {
    let calls = 0;
    const { limit } = stored(() => (++calls <= 8 ? 0 : Promise.reject(new Error('down'))));
    let passed = 0;
    for (let call = 0; call < 30; call++) if ((await limit.try(() => 1)).ok) passed++;
    expect(passed).toBe(10);
  });

  it('waits for nobody when it charges, and survives that it fails', async () => {
    const { limit, store } = stored(() => 0, { actualCost: () => 5 });
    store.charge.mockRejectedValue(new Error('down'));
    expect(await limit.execute(() => 'value')).toBe('value');
    expect(store.charge).toHaveBeenCalledExactlyOnceWith('shared', 4, rule);
  });
});
