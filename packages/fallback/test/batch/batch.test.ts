import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { batch, isBatchFull, type BatchOptions, type BatchOutcome } from '../../src/index.ts';
import { watch } from '../watch.ts';

const ok = (value: string): BatchOutcome<string> => ({ ok: true, value });
const settled = () => manualClock().advance(0);

function batched(options: Partial<BatchOptions<string, string>> = {}) {
  const clock = manualClock();
  const run = vi.fn((items: readonly string[]) =>
    Promise.resolve(items.map((item) => ok(item.toUpperCase()))),
  );
  return { clock, run, batcher: batch({ run, clock, ...options }) };
}

describe('a batch', () => {
  it('leaves at once when there are enough items, and tells each how it went', async () => {
    const { clock, run, batcher } = batched({ maxItems: 3 });
    const calls = ['a', 'b', 'c', 'd'].map((item) => watch(batcher.add(item)));
    await settled();
    expect(calls.map(({ value }) => value)).toEqual(['A', 'B', 'C', undefined]);
    expect(run.mock.calls).toEqual([[['a', 'b', 'c'], '']]);
    expect(batcher.stats()).toEqual({ waiting: 1, running: 0, batches: 1, items: 3, refused: 0 });
    expect(clock.pendingTimers).toBe(1);
  });

  it('holds 10 items, and waits for 5 seconds, unless told otherwise', async () => {
    const { clock, run, batcher } = batched();
    for (let item = 0; item < 19; item++) void batcher.add(String(item));
    await clock.advance(4_999);
    expect(run).toHaveBeenCalledOnce();
    await clock.advance(1);
    expect(run.mock.calls.map(([items]) => items.length)).toEqual([10, 9]);
  });

  it('leaves so long after its first item, however many come after that', async () => {
    const { clock, run, batcher } = batched({ maxItems: 1_000, maxWaitMs: 5_000 });
    // A trickle that would put off a timer which each item resets.
    for (let atMs = 0; atMs < 5_000; atMs += 100) {
      void batcher.add(String(atMs));
      await clock.advance(100);
    }
    expect(run).toHaveBeenCalledOnce();
    expect(run.mock.calls[0]?.[0]).toHaveLength(50);
  });

  it('gathers the items of each key apart', async () => {
    const { clock, run, batcher } = batched({ maxItems: 2, keyBy: (item) => item[0] ?? '' });
    for (const item of ['a1', 'b1', 'a2', 'c1']) void batcher.add(item);
    await clock.advance(5_000);
    expect(run.mock.calls).toEqual([
      [['a1', 'a2'], 'a'],
      [['b1'], 'b'],
      [['c1'], 'c'],
    ]);
  });

  it('lets one item fail without the others', async () => {
    const bad = new Error('bad');
    const run = () => Promise.resolve([ok('A'), { ok: false as const, error: bad }, ok('C')]);
    const { batcher } = batched({ run, maxItems: 3 });
    const results = await Promise.allSettled(['a', 'b', 'c'].map((item) => batcher.add(item)));
    expect(results).toEqual([
      { status: 'fulfilled', value: 'A' },
      { status: 'rejected', reason: bad },
      { status: 'fulfilled', value: 'C' },
    ]);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('down')), 'down'],
    [
      'throws',
      () => {
        throw new Error('down');
      },
      'down',
    ],
    [
      'answers too few',
      () => Promise.resolve([ok('A')]),
      'batch: run must answer one outcome for each of 2 items, got 1',
    ],
    ['answers nothing', () => Promise.resolve(undefined as never), 'got none'],
  ])('fails for all items when its work %s', async (_, run, message) => {
    const { batcher } = batched({ run, maxItems: 2 });
    const results = await Promise.allSettled([batcher.add('a'), batcher.add('b')]);
    for (const result of results) expect(String((result as PromiseRejectedResult).reason)).toContain(message);
    expect(batcher.stats()).toMatchObject({ waiting: 0, running: 0 });
  });

  it.each([5, null, undefined, 'A', {}, { value: 'A' }, { ok: 'yes' }])(
    'fails with a reason for an item whose outcome is none: %j',
    async (outcome) => {
      const run = () => Promise.resolve([ok('A'), outcome as never]);
      const { batcher } = batched({ run, maxItems: 2 });
      const [a, b] = [batcher.add('a'), batcher.add('b').catch((error: unknown) => error)];
      expect(await b).toEqual(
        new TypeError('batch: run must answer { ok: true, value } or { ok: false, error } for each item'),
      );
      expect(await a).toBe('A');
    },
  );

  it('refuses items above its bound, and takes them again when there is room', async () => {
    const { batcher } = batched({ maxItems: 2, maxPending: 3 });
    const calls = ['a', 'b', 'c', 'd'].map((item) => watch(batcher.add(item)));
    await settled();
    expect(isBatchFull(calls[3]?.error)).toBe(true);
    expect(batcher.stats()).toMatchObject({ refused: 1 });
    const later = watch(batcher.add('e'));
    await settled();
    expect(later.value).toBe('E');
  });

  it('rejects an item whose key cannot be told, and nothing else', async () => {
    const bug = new Error('bug');
    const keyBy = () => {
      throw bug;
    };
    const { batcher } = batched({ keyBy });
    await expect(batcher.add('a')).rejects.toBe(bug);
    expect(batcher.stats()).toMatchObject({ waiting: 0, running: 0 });
  });
});

describe('an item whose caller aborts', () => {
  it('is taken back as long as its batch has not left', async () => {
    const { clock, run, batcher } = batched({ maxItems: 2 });
    const controller = new AbortController();
    const gone = watch(batcher.add('a', { signal: controller.signal }));
    controller.abort('gone');
    await settled();
    expect(gone.error).toBe('gone');
    expect(clock.pendingTimers).toBe(0);
    void batcher.add('b');
    void batcher.add('c');
    expect(run.mock.calls).toEqual([[['b', 'c'], '']]);
  });

  it('is not added when its caller has aborted before', async () => {
    const { batcher } = batched();
    await expect(batcher.add('a', { signal: AbortSignal.abort('gone') })).rejects.toBe('gone');
    expect(batcher.stats()).toMatchObject({ waiting: 0 });
  });

  it('settles as it goes once its batch has left', async () => {
    const { batcher } = batched({ maxItems: 1 });
    const controller = new AbortController();
    const call = batcher.add('a', { signal: controller.signal });
    controller.abort();
    expect(await call).toBe('A');
  });
});

describe('the end of a batch', () => {
  it('lets everything leave, and waits for it', async () => {
    let finish: () => void = () => undefined;
    const run = () => new Promise<BatchOutcome<string>[]>((resolve) => (finish = () => resolve([ok('A')])));
    const { clock, batcher } = batched({ run });
    const call = watch(batcher.add('a'));
    const closed = watch(batcher.close());
    await expect(batcher.add('b')).rejects.toMatchObject({ code: 'ERR_BATCH_CLOSED' });
    await settled();
    expect(closed.settled).toBe(false);
    finish();
    await settled();
    expect([call.value, closed.settled, clock.pendingTimers]).toEqual(['A', true, 0]);
  });

  it('does not come before the items that are added while it flushes', async () => {
    const { run, batcher } = batched();
    void batcher.add('a');
    const flushed = batcher.flush();
    void batcher.add('b');
    await flushed;
    expect(run.mock.calls).toEqual([[['a'], '']]);
    await using _ = batcher;
  });

  it('is waited for by a serverless platform, once for each batch', async () => {
    const waits: { settled: boolean }[] = [];
    const { clock, batcher } = batched({
      maxItems: 2,
      waitUntil: (promise) => void waits.push(watch(promise)),
    });
    for (const item of ['a', 'b', 'c']) void batcher.add(item);
    await settled();
    expect(waits.map((wait) => wait.settled)).toEqual([true, false]);
    await clock.advance(5_000);
    expect(waits.map((wait) => wait.settled)).toEqual([true, true]);
  });
});

describe('any history of a batch', () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('add' as const), key: fc.constantFrom('a', 'b') }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), pick: fc.nat(30) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
  );

  it('serves each item exactly once, in order, in time, in batches that are not too large', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = manualClock();
        const served: { item: string; atMs: number }[] = [];
        const batcher = batch<string, string>({
          clock,
          maxItems: 3,
          maxWaitMs: 100,
          keyBy: (item) => item[0] ?? '',
          run(items, key) {
            expect(items.length).toBeLessThanOrEqual(3);
            expect(items.every((item) => item.startsWith(key))).toBe(true);
            served.push(...items.map((item) => ({ item, atMs: clock.now() })));
            return Promise.resolve(items.map(ok));
          },
        });
        const added: {
          item: string;
          atMs: number;
          call: ReturnType<typeof watch>;
          controller: AbortController;
        }[] = [];
        for (const [index, taken] of steps.entries()) {
          if (taken.kind === 'advance') await clock.advance(taken.ms);
          else if (taken.kind === 'flush') void batcher.flush();
          else if (taken.kind === 'abort')
            added[taken.pick % Math.max(1, added.length)]?.controller.abort('gone');
          else {
            const item = `${taken.key}${index}`;
            const controller = new AbortController();
            const call = watch(batcher.add(item, { signal: controller.signal }));
            added.push({ item, atMs: clock.now(), call, controller });
          }
          await clock.advance(0);
        }
        await clock.advance(100);
        for (const { item, atMs, call } of added) {
          const times = served.filter((other) => other.item === item);
          expect(call.error === 'gone' ? 0 : 1).toBe(times.length);
          for (const time of times) expect(time.atMs - atMs).toBeLessThanOrEqual(100);
          if (times.length > 0) expect(call.value).toBe(item);
        }
        for (const key of ['a', 'b']) {
          const numbers = served
            .filter(({ item }) => item.startsWith(key))
            .map(({ item }) => Number(item.slice(1)));
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
        expect(batcher.stats()).toMatchObject({ waiting: 0, running: 0 });
        expect(clock.pendingTimers).toBe(0);
      }),
    );
  });
});

describe('the options of a batch', () => {
  it.each([
    [{}, 'batch: run must be a function, got undefined'],
    [{ run() {}, maxItems: 0 }, 'batch: maxItems must be an integer >= 1, got 0'],
    [{ run() {}, maxWaitMs: -1 }, 'batch: maxWaitMs must be a number >= 0, got -1'],
    [{ run() {}, size: 5 }, 'batch has no option "size"'],
  ])('refuse %j', (options, message) => {
    expect(() => batch(options as never)).toThrow(message);
  });
});
