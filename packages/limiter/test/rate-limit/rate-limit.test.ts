import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  isRateLimited,
  rateLimit,
  RateLimitedError,
  rateLimitHeaders,
  slidingWindow,
  tokenBucket,
  type RateLimitOptions,
} from '../../src/index.ts';
import { job } from '../job.ts';
import { watch } from '../watch.ts';

/** Ten a second, on a manual clock. */
function limited(options: RateLimitOptions = {}) {
  const clock = manualClock();
  const rule = tokenBucket({ limit: 10, windowMs: 1_000 });
  return { clock, limit: rateLimit({ rule, clock, ...options }) };
}

const use = (limit: { tryAcquire(): boolean }, calls: number) => {
  let passed = 0;
  for (let call = 0; call < calls; call++) if (limit.tryAcquire()) passed++;
  return passed;
};

describe('a rate limit', () => {
  it('admits 60 calls a minute unless told otherwise', async () => {
    const clock = manualClock();
    const limit = rateLimit({ clock });
    expect(use(limit, 100)).toBe(60);
    await clock.advance(1_000);
    expect(use(limit, 100)).toBe(1);
  });

  it('refuses what is too much, with the time after which to come again', async () => {
    const { clock, limit } = limited();
    use(limit, 10);
    await clock.advance(25);
    const operation = vi.fn();
    const error: unknown = await limit.execute(operation).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RateLimitedError);
    expect(error).toMatchObject({ code: 'ERR_RATE_LIMITED', reason: 'full', retryAfterMs: 75 });
    expect(operation).not.toHaveBeenCalled();
    await clock.advance(74);
    expect((await limit.try(() => 1)).ok).toBe(false);
    await clock.advance(1);
    expect((await limit.try(() => 1)).ok).toBe(true);
  });

  it('answers a plain object from try', async () => {
    const { limit } = limited();
    use(limit, 10);
    const result = await limit.try(() => 1);
    expect(result).toEqual({
      ok: false,
      error: { code: 'ERR_RATE_LIMITED', strategy: 'rate-limit', retryAfterMs: 100, reason: 'full' },
    });
    expect(isRateLimited(result.ok ? undefined : result.error)).toBe(true);
  });

  it('counts the cost of calls where it is told to', async () => {
    const { limit } = limited({ count: 'cost' });
    expect((await limit.try(() => 1, { cost: 7 })).ok).toBe(true);
    expect(await limit.try(() => 1, { cost: 4 })).toMatchObject({ error: { retryAfterMs: 100 } });
    expect((await limit.try(() => 1, { cost: 3 })).ok).toBe(true);
    expect(await limit.try(() => 1, { cost: 0 })).toMatchObject({ ok: true });
  });

  it('names no time for a cost that never fits', async () => {
    const { limit } = limited({ count: 'cost', maxQueue: 5, maxQueueMs: 10_000 });
    expect(await limit.try(() => 1, { cost: 11 })).toMatchObject({ error: { retryAfterMs: undefined } });
  });

  it('charges what a call turned out to cost', async () => {
    const { clock, limit } = limited({ count: 'cost', actualCost: (value) => value as number });
    await limit.execute(() => 25, { cost: 1 });
    expect(limit.status().remaining).toBe(0);
    await clock.advance(1_499);
    expect(limit.tryAcquire()).toBe(false);
    await clock.advance(101);
    expect(limit.tryAcquire()).toBe(true);
  });

  it('gives back what a call turned out not to cost, and lets the next go at once', async () => {
    const { clock, limit } = limited({ count: 'cost', actualCost: (value) => value as number, maxQueue: 1 });
    const first = job();
    const running = limit.execute(() => first.run().then(() => 2), { cost: 10 });
    const waiting = watch(limit.execute(() => 1, { cost: 5 }));
    first.finish();
    await running;
    await clock.advance(0);
    expect(waiting.settled).toBe(true);
  });

  it.each([[undefined], [-1], [NaN], ['7']])(
    'leaves the cost as it was when the actual one is %s',
    async (odd) => {
      const { limit } = limited({ actualCost: () => odd as number });
      await limit.execute(() => 1);
      expect(limit.status().remaining).toBe(9);
    },
  );

  it('leaves the cost as it was when the function throws, which is told', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const actualCost = () => {
      throw bug;
    };
    const { limit } = limited({ actualCost, onListenerError });
    expect(await limit.execute(() => 'value')).toBe('value');
    expect(limit.status().remaining).toBe(9);
    expect(onListenerError).toHaveBeenCalledExactlyOnceWith(bug);
  });

  it('takes nothing for a call that something inside of it refused', async () => {
    const breaker = circuitBreaker({ name: 'upstream' });
    using isolation = breaker.isolate();
    const { limit } = limited();
    for (let call = 0; call < 50; call++) await pipeline(limit, breaker).try(() => 1);
    expect(limit.status().remaining).toBe(10);
    void isolation;
  });

  it('takes something for a call that its caller gave up', async () => {
    const { limit } = limited();
    const controller = new AbortController();
    const call = limit.try(job().run, { signal: controller.signal });
    controller.abort();
    await call;
    expect(limit.status().remaining).toBe(9);
  });

  it('tells of refusals', async () => {
    const { limit } = limited({ keyBy: ({ client }) => client, name: 'clients' });
    const { events } = recordEvents(limit);
    for (let call = 0; call < 11; call++) await limit.try(() => 1, { attributes: { client: 'a' } });
    expect(events).toEqual([
      { type: 'rate_limit.rejected', strategy: 'clients', reason: 'full', key: 'a', retryAfterMs: 100 },
    ]);
  });
});

describe('the queue of a rate limit', () => {
  it('lets calls wait for their turn, in order, each at the earliest instant', async () => {
    const { clock, limit } = limited({ maxQueue: 3 });
    use(limit, 10);
    const calls = [1, 2, 3].map((value) =>
      watch(
        limit.execute(() => value),
        clock,
      ),
    );
    expect(await limit.try(() => 4)).toMatchObject({ error: { reason: 'full', retryAfterMs: 400 } });
    await clock.advance(1_000);
    expect(calls).toMatchObject([{ atMs: 100 }, { atMs: 200 }, { atMs: 300 }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('refuses a call at once whose turn would come too late', async () => {
    const { limit } = limited({ maxQueue: 100, maxQueueMs: 250 });
    use(limit, 10);
    const waiting = [watch(limit.execute(() => 1)), watch(limit.execute(() => 2))];
    expect(await limit.try(() => 3)).toMatchObject({ error: { reason: 'full', retryAfterMs: 300 } });
    expect(waiting.some(({ settled }) => settled)).toBe(false);
  });

  it('refuses a call at once whose turn would come after its deadline', async () => {
    const { clock, limit } = limited({ maxQueue: 5 });
    use(limit, 10);
    const call = watch(
      limit.try(() => 1, { timeoutMs: 99 }),
      clock,
    );
    await clock.advance(0);
    expect(call).toMatchObject({ atMs: 0, value: { error: { code: 'ERR_RATE_LIMITED' } } });
  });

  it('frees the place of a caller who aborts, in the same turn; those behind move up', async () => {
    const { clock, limit } = limited({ maxQueue: 2 });
    use(limit, 10);
    const controller = new AbortController();
    const first = watch(limit.execute(() => 1, { signal: controller.signal }));
    const second = watch(
      limit.execute(() => 2),
      clock,
    );
    controller.abort('gone');
    expect(limit.stats().queueLength).toBe(1);
    await clock.advance(100);
    expect(first.error).toBe('gone');
    expect(second).toMatchObject({ value: 2, atMs: 100 });
  });

  it('lets nobody overtake a costly call that waits', async () => {
    const { clock, limit } = limited({ count: 'cost', maxQueue: 5 });
    use(limit, 8);
    const costly = watch(
      limit.execute(() => 'costly', { cost: 6 }),
      clock,
    );
    const cheap = watch(
      limit.execute(() => 'cheap', { cost: 1 }),
      clock,
    );
    expect(limit.tryAcquire()).toBe(false);
    await clock.advance(1_000);
    expect(costly.atMs).toBe(400);
    expect(cheap.atMs).toBe(500);
  });

  it('lets more important calls go first', async () => {
    const { clock, limit } = limited({ maxQueue: 5, priorityBy: ({ p }) => Number(p) });
    use(limit, 10);
    const order: string[] = [];
    for (const p of ['0', '5', '1']) void limit.execute(() => order.push(p), { attributes: { p } });
    await clock.advance(1_000);
    expect(order).toEqual(['5', '1', '0']);
  });

  it('never lets more pass than the limit, nor lets anybody wait who need not, whatever happens', async () => {
    const step = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ kind: fc.constant('call' as const), cost: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), pick: fc.nat(50) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 700 }) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const rule = slidingWindow({ limit: 6, windowMs: 1_000, slots: 4 });
        const { clock, limit } = limited({ rule, count: 'cost', maxQueue: 4, maxQueueMs: 2_000 });
        const passed: { atMs: number; cost: number }[] = [];
        const controllers: AbortController[] = [];
        const calls: { settled: boolean }[] = [];
        for (const taken of steps) {
          if (taken.kind === 'advance') await clock.advance(taken.ms);
          else if (taken.kind === 'abort') controllers[taken.pick % Math.max(1, controllers.length)]?.abort();
          else {
            const { cost } = taken;
            const controller = new AbortController();
            controllers.push(controller);
            const operation = () => void passed.push({ atMs: clock.now(), cost });
            calls.push(watch(limit.execute(operation, { cost, signal: controller.signal })));
          }
          await clock.advance(0);
        }
        await clock.advance(3_000);
        expect(calls.every(({ settled }) => settled)).toBe(true);
        expect(clock.pendingTimers).toBe(0);
        for (const { atMs } of passed) {
          const inWindow = passed.filter((other) => other.atMs >= atMs && other.atMs < atMs + 1_000);
          expect(inWindow.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(6);
        }
      }),
    );
  });
});

describe('a rate limit with keys', () => {
  const keyBy = ({ client }: Readonly<Record<string, string>>) => client;
  const by = (client: string) => ({ client });

  it('counts each key apart, and calls without one', () => {
    const { limit } = limited({ keyBy });
    const uses = (attributes?: Readonly<Record<string, string>>) => {
      let passed = 0;
      while (limit.tryAcquire(1, attributes)) passed++;
      return passed;
    };
    expect([uses(by('a')), uses(by('b')), uses(), uses(by('a'))]).toEqual([10, 10, 10, 0]);
    expect(limit.status(by('a')).remaining).toBe(0);
    expect(limit.status(by('c')).remaining).toBe(10);
  });

  it('remembers no more keys than it may; further ones share a limit, so that new names win nothing', async () => {
    const { clock, limit } = limited({ keyBy, maxKeys: 3 });
    let passed = 0;
    for (let client = 0; client < 1_000; client++) if (limit.tryAcquire(1, by(String(client)))) passed++;
    expect(passed).toBe(13);
    expect(limit.stats().keys).toBe(3);
    await clock.advance(1_000);
    expect(limit.tryAcquire(1, by('new'))).toBe(true);
    expect(limit.stats().keys).toBe(3);
  });

  it('bears keys that are names of properties', () => {
    const { limit } = limited({ keyBy });
    for (const key of ['__proto__', 'constructor', 'toString'])
      expect(limit.tryAcquire(10, by(key))).toBe(true);
    expect(limit.tryAcquire(1, by('__proto__'))).toBe(false);
  });
});

describe('the headers of a rate limit', () => {
  it('tell the policy, what is left, and when to come again', async () => {
    const { clock, limit } = limited({ name: 'per-client' });
    use(limit, 8);
    expect(rateLimitHeaders(limit.status())).toEqual({
      'RateLimit-Policy': '"per-client";q=10;w=1',
      RateLimit: '"per-client";r=2;t=1',
    });
    use(limit, 2);
    await clock.advance(50);
    const result = await limit.try(() => 1);
    const refusal = result.ok ? undefined : result.error;
    if (!isRateLimited(refusal)) throw new Error('not refused');
    expect(rateLimitHeaders(limit.status(), refusal)).toMatchObject({
      RateLimit: '"per-client";r=0;t=1',
      'Retry-After': '1',
    });
  });

  it('quote the name as a structured field does (RFC 9651)', () => {
    const { limit } = limited({ name: String.raw`a"b\c` });
    expect(rateLimitHeaders(limit.status()).RateLimit).toBe(String.raw`"a\"b\\c";r=10;t=0`);
  });

  it('are accepted by the fetch API', () => {
    const headers = new Headers({ ...rateLimitHeaders(limited().limit.status()) });
    expect(headers.get('RateLimit')).toBe('"rate-limit";r=10;t=0');
  });
});

describe('the options of a rate limit', () => {
  it.each([
    [{ rule: {} }, 'rateLimit: rule must be an object with the method start, got an object'],
    [{ count: 'bytes' }, 'rateLimit: count must be one of "calls", "cost", got "bytes"'],
    [{ name: 'zeile\nzwei' }, 'rateLimit: name must be printable ASCII, not empty'],
    [{ name: '' }, 'rateLimit: name must be printable ASCII'],
    [{ maxQueueMs: Infinity }, 'rateLimit: maxQueueMs'],
    [{ store: { take() {} } }, 'rateLimit: store must be an object with the methods take, charge'],
    [{ limit: 4 }, 'rateLimit has no option "limit"'],
  ])('refuse %j', (options, message) => {
    expect(() => rateLimit(options as RateLimitOptions)).toThrow(message);
  });

  it('refuse a cost below 0', () => {
    expect(() => limited().limit.tryAcquire(-1)).toThrow('tryAcquire: cost must be a number >= 0, got -1');
  });
});
