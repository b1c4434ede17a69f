import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { timeout } from '@holdfast/timeout';
import { describe, expect, it, vi } from 'vitest';
import { bulkhead, BulkheadFullError, isBulkheadFull, type BulkheadOptions } from '../../src/index.ts';
import { job } from '../job.ts';
import { watch } from '../watch.ts';

const turn = () => manualClock().advance(0);

/** A bulkhead on a manual clock, and as many jobs in it as asked for. */
function filled(jobs: number, options: Partial<BulkheadOptions> = {}) {
  const clock = manualClock();
  const strategy = bulkhead({ maxConcurrent: 1, clock, ...options });
  const running = Array.from({ length: jobs }, job);
  const calls = running.map(({ run }) => watch(strategy.execute(run), clock));
  return { clock, strategy, running, calls };
}

describe('a bulkhead', () => {
  it('lets as many calls run as it has places, and refuses the next at once', async () => {
    const { strategy, running } = filled(3, { maxConcurrent: 3 });
    expect(running.every(({ started }) => started())).toBe(true);
    const refused = job();
    const error = await strategy.execute(refused.run).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BulkheadFullError);
    expect(error).toMatchObject({ code: 'ERR_BULKHEAD_FULL', strategy: 'bulkhead', reason: 'full' });
    expect(refused.started()).toBe(false);
    expect(strategy.stats()).toMatchObject({ inFlight: 3, admitted: 3, rejected: { full: 1 } });
  });

  it('answers a plain object from try', async () => {
    const { strategy } = filled(1);
    const result = await strategy.try(job().run);
    expect(result).toEqual({
      ok: false,
      error: { code: 'ERR_BULKHEAD_FULL', strategy: 'bulkhead', retryAfterMs: undefined, reason: 'full' },
    });
    expect(isBulkheadFull(result.ok ? undefined : result.error)).toBe(true);
  });

  it.each(['finish', 'fail'] as const)('frees a place when a call %ses', async (how) => {
    const { strategy, running } = filled(1);
    running[0]?.[how]('over');
    await turn();
    expect(strategy.stats().inFlight).toBe(0);
    expect(await strategy.execute(() => 'next')).toBe('next');
    expect(strategy.stats().inFlight).toBe(0);
  });

  it('frees the place of an operation that throws synchronously', async () => {
    const { strategy } = filled(0);
    const bug = new Error('bug');
    await expect(
      strategy.execute(() => {
        throw bug;
      }),
    ).rejects.toBe(bug);
    expect(strategy.stats().inFlight).toBe(0);
  });

  it('hands a place to the oldest of those who wait, before any newcomer of the same turn', async () => {
    const { clock, strategy, running } = filled(3, { maxQueue: 3 });
    running[0]?.finish();
    const newcomer = job();
    void strategy.execute(newcomer.run);
    await clock.advance(0);
    expect([...running, newcomer].map(({ started }) => started())).toEqual([true, true, false, false]);
    running[1]?.finish();
    await clock.advance(0);
    expect([...running, newcomer].map(({ started }) => started())).toEqual([true, true, true, false]);
  });

  it('never refuses a call that it let wait because others came in the meantime', async () => {
    const { strategy, running, calls } = filled(3, { maxQueue: 2 });
    running[0]?.finish();
    // The place is free now, and the waiting call has not been told yet: these come in between.
    const between = Array.from({ length: 5 }, () => watch(strategy.execute(job().run)));
    await turn();
    expect(running[1]?.started()).toBe(true);
    expect(calls[2]).toMatchObject({ settled: false });
    expect(between.filter(({ settled }) => settled)).toHaveLength(5);
  });

  it('serves the newest first where it is told to', async () => {
    const { running } = filled(4, { maxQueue: 3, order: 'lifo' });
    running[0]?.finish();
    await turn();
    expect(running.map(({ started }) => started())).toEqual([true, false, false, true]);
  });

  it.each([
    [99, false],
    [100, true],
  ])('refuses a call that waited for its longest time: after %i of 100 ms: %s', async (ms, refused) => {
    const { clock, calls, strategy } = filled(2, { maxQueue: 1, maxQueueMs: 100 });
    await clock.advance(ms);
    expect(isBulkheadFull(calls[1]?.error)).toBe(refused);
    expect(strategy.stats().queueLength).toBe(refused ? 0 : 1);
    if (refused) expect(calls[1]?.error).toMatchObject({ reason: 'queue-timeout' });
  });

  it('lets a call wait for as long as it takes where the time is Infinity, with no timer', async () => {
    const { clock, running, calls } = filled(2, { maxQueue: 1, maxQueueMs: Infinity });
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(10 ** 9);
    running[0]?.finish();
    running[1]?.finish('late');
    await clock.advance(0);
    expect(calls[1]?.value).toBe('late');
  });

  it('lets nobody wait for 0 ms', async () => {
    const { calls } = filled(2, { maxQueue: 1, maxQueueMs: 0 });
    await turn();
    expect(calls[1]?.error).toMatchObject({ reason: 'full' });
  });

  it('settles a waiting caller in the turn of its abort, and frees its place in the queue', async () => {
    const { clock, strategy } = filled(1, { maxQueue: 1 });
    const controller = new AbortController();
    const waiting = job();
    const call = watch(strategy.execute(waiting.run, { signal: controller.signal }));
    controller.abort('gone');
    expect(strategy.stats().queueLength).toBe(0);
    const next = watch(strategy.execute(job().run));
    await clock.advance(0);
    expect(call).toMatchObject({ settled: true, error: 'gone' });
    expect(waiting.started()).toBe(false);
    expect(next.settled).toBe(false);
    expect(clock.pendingTimers).toBe(1);
  });

  it('gives the place back when the call is ended in the turn in which it gets one', async () => {
    const { clock, strategy, running } = filled(1, { maxQueue: 2 });
    const controller = new AbortController();
    const waiting = job();
    const call = watch(strategy.execute(waiting.run, { signal: controller.signal }));
    const behind = job();
    void strategy.execute(behind.run);
    running[0]?.finish();
    await Promise.resolve();
    controller.abort('too late');
    await clock.advance(0);
    expect(call.settled).toBe(true);
    expect(behind.started()).toBe(true);
    if (!waiting.started()) expect(strategy.stats().inFlight).toBe(1);
  });

  it('ends a waiting call at its deadline', async () => {
    const { clock, strategy } = filled(1, { maxQueue: 1 });
    const call = watch(strategy.execute(job().run, { timeoutMs: 50 }), clock);
    await clock.advance(50);
    expect(call).toMatchObject({ settled: true, atMs: 50, error: { code: 'ERR_TIMEOUT' } });
    expect(strategy.stats().queueLength).toBe(0);
  });

  it('counts a strict timeout inside of it as the end of the call', async () => {
    const clock = manualClock();
    const limit = bulkhead({ maxConcurrent: 1, clock });
    const call = watch(pipeline(limit, timeout({ timeoutMs: 10, clock })).execute(job().run));
    await clock.advance(10);
    expect(call.error).toMatchObject({ code: 'ERR_TIMEOUT' });
    expect(limit.stats().inFlight).toBe(0);
  });

  it('says nothing to a breaker outside of it about the dependency', async () => {
    const breaker = circuitBreaker({ name: 'upstream' });
    const { strategy } = filled(1);
    for (let call = 0; call < 10; call++) await pipeline(breaker, strategy).try(job().run);
    expect(breaker.state).toBe('closed');
    expect(breaker.stats()).toMatchObject({ failures: 0 });
  });

  it('holds the place of a stream until its end', async () => {
    const { strategy } = filled(0);
    const items = strategy.stream(async function* () {
      yield await Promise.resolve('a');
      yield 'b';
    });
    expect(await items.next()).toEqual({ value: 'a', done: false });
    expect(strategy.stats().inFlight).toBe(1);
    await items.next();
    await items.next();
    expect(strategy.stats().inFlight).toBe(0);
  });

  it('tells of refusals, without harm from a listener that throws', async () => {
    const onListenerError = vi.fn();
    const { strategy } = filled(1, { name: 'search', onListenerError });
    const { events } = recordEvents(strategy);
    strategy.on('bulkhead.rejected', () => {
      throw new Error('listener');
    });
    await strategy.try(job().run);
    expect(events).toEqual([
      { type: 'bulkhead.rejected', strategy: 'search', reason: 'full', key: undefined },
    ]);
    expect(onListenerError).toHaveBeenCalledOnce();
  });
});

describe('priorities', () => {
  const priorityBy = ({ priority }: Readonly<Record<string, string>>) => Number(priority ?? 0);
  const at = (priority: number | string) => ({ attributes: { priority: String(priority) } });

  it('let the more important of those who wait go first, whatever their order of arrival', async () => {
    const { strategy, running } = filled(1, { maxQueue: 5, priorityBy });
    const order: number[] = [];
    const calls = [1, 3, 0, 3, 2].map((priority) =>
      strategy.execute(() => void order.push(priority), at(priority)),
    );
    running[0]?.finish();
    await Promise.all(calls);
    expect(order).toEqual([3, 3, 2, 1, 0]);
  });

  it('let a more important call take the place of the newest of the least important', async () => {
    const { strategy } = filled(1, { maxQueue: 3, priorityBy });
    const waiting = [1, 0, 0].map((priority) => watch(strategy.execute(job().run, at(priority))));
    const important = watch(strategy.execute(job().run, at(1)));
    await turn();
    expect(waiting.map(({ error }) => error)).toEqual([
      undefined,
      undefined,
      expect.objectContaining({ reason: 'shed' }),
    ]);
    expect(important.settled).toBe(false);
    expect(strategy.stats()).toMatchObject({ queueLength: 3, rejected: { shed: 1 } });
  });

  it('refuse a call that is no more important than any that waits', async () => {
    const { strategy } = filled(1, { maxQueue: 1, priorityBy });
    void strategy.execute(job().run, at(4));
    expect(await strategy.try(job().run, at(4))).toMatchObject({ error: { reason: 'full' } });
  });

  it.each([['-5'], ['NaN'], ['-Infinity'], ['0.9']])('count %s as the lowest', async (odd) => {
    const { strategy } = filled(1, { maxQueue: 1, priorityBy });
    void strategy.execute(job().run, at(0));
    expect(await strategy.try(job().run, at(odd))).toMatchObject({ error: { reason: 'full' } });
  });

  it.each([['99'], ['Infinity']])('count %s as the highest', async (odd) => {
    const { strategy } = filled(1, { maxQueue: 1, priorityBy });
    void strategy.execute(job().run, at(9));
    expect(await strategy.try(job().run, at(odd))).toMatchObject({ error: { reason: 'full' } });
  });

  it('count as the lowest where the function throws, which is told', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const { strategy } = filled(1, {
      maxQueue: 1,
      onListenerError,
      priorityBy: () => {
        throw bug;
      },
    });
    const call = watch(strategy.execute(job().run));
    await turn();
    expect(call.settled).toBe(false);
    expect(onListenerError).toHaveBeenCalledWith(bug);
  });
});

describe('a bulkhead with keys', () => {
  const keyBy = ({ host }: Readonly<Record<string, string>>) => host;
  const to = (host: string) => ({ attributes: { host } });

  it('has places for each key, and for calls without one', async () => {
    const { strategy } = filled(0, { keyBy });
    const jobs = [job(), job(), job()];
    void strategy.execute(jobs[0]?.run ?? job().run, to('a'));
    void strategy.execute(jobs[1]?.run ?? job().run, to('b'));
    void strategy.execute(jobs[2]?.run ?? job().run);
    expect(jobs.every(({ started }) => started())).toBe(true);
    expect(await strategy.try(job().run, to('a'))).toMatchObject({ ok: false });
    expect(strategy.stats()).toMatchObject({ inFlight: 3, compartments: 3 });
  });

  it('remembers keys in bounded number, and always those that have calls', async () => {
    const { strategy } = filled(0, { keyBy, maxQueue: 1, maxKeys: 5 });
    const held = job();
    void strategy.execute(held.run, to('held'));
    for (let host = 0; host < 100; host++) await strategy.execute(() => host, to(String(host)));
    expect(strategy.stats()).toMatchObject({ inFlight: 1, compartments: 6 });
    const waiting = watch(strategy.execute(() => 'served', to('held')));
    await turn();
    expect(waiting.settled).toBe(false);
    held.finish();
    await turn();
    expect(waiting.value).toBe('served');
  });

  it('lets calls wait for a place of their own key', async () => {
    const { strategy } = filled(0, { keyBy, maxQueue: 1 });
    const first = job();
    const second = job();
    void strategy.execute(first.run, to('a'));
    const call = watch(strategy.execute(second.run, to('a')));
    first.finish();
    second.finish('served');
    await turn();
    expect(call.value).toBe('served');
    expect(strategy.stats()).toMatchObject({ inFlight: 0, queueLength: 0 });
  });

  it('lets calls of further keys share the places of calls without one', async () => {
    const { strategy } = filled(0, { keyBy, maxKeys: 2 });
    const held = [job(), job(), job()];
    held.forEach(({ run }, index) => void strategy.execute(run, to(String(index))));
    expect(held.every(({ started }) => started())).toBe(true);
    expect(await strategy.try(job().run, to('3'))).toMatchObject({ error: { reason: 'full' } });
    held[0]?.finish();
    await turn();
    expect(await strategy.try(() => 'yes', to('3'))).toMatchObject({ ok: true });
  });

  it('counts a call as one without key where the function throws', async () => {
    const onListenerError = vi.fn();
    const { strategy } = filled(0, {
      onListenerError,
      keyBy: () => {
        throw new Error('bug');
      },
    });
    expect(await strategy.execute(() => 1, to('a'))).toBe(1);
    expect(onListenerError).toHaveBeenCalledOnce();
  });
});

describe('the options of a bulkhead', () => {
  it.each([
    [{}, 'bulkhead: maxConcurrent must be an integer >= 1 or an object with the method start, got undefined'],
    [{ maxConcurrent: 0 }, 'bulkhead: maxConcurrent must be an integer >= 1'],
    [{ maxConcurrent: 1.5 }, 'got 1.5'],
    [{ maxConcurrent: 1, maxQueue: -1 }, 'bulkhead: maxQueue must be an integer >= 0, got -1'],
    [{ maxConcurrent: 1, maxQueueMs: -1 }, 'bulkhead: maxQueueMs must be a number >= 0, got -1'],
    [{ maxConcurrent: 1, order: 'random' }, 'bulkhead: order must be one of "fifo", "lifo"'],
    [{ maxConcurrent: 1, limit: 5 }, 'bulkhead has no option "limit"'],
  ])('refuse %j', (options, message) => {
    expect(() => bulkhead(options as BulkheadOptions)).toThrow(message);
  });
});
