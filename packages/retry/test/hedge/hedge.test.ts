import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents, script } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { hedge, retry, retryBudget, type HedgeOptions } from '../../src/index.ts';
import { shutGate } from '../shut-gate.ts';
import { watch } from '../watch.ts';

function setup(options: Partial<HedgeOptions> = {}) {
  const clock = manualClock();
  const strategy = hedge({ delayMs: 100, clock, ...options });
  return { clock, strategy, recorder: recordEvents(strategy) };
}

const never = { afterMs: Infinity };

describe('hedge', () => {
  it.each([
    [99, 1],
    [100, 1],
    [101, 2],
  ])('with an answer after %i ms makes %i attempts', async (afterMs, attempts) => {
    const { clock, strategy } = setup();
    // The operation's timer is older than the hedge's, so it goes first when both are due.
    const operation = script(clock, { value: 1, afterMs });
    const call = watch(strategy.execute(operation));
    await clock.advance(afterMs);
    expect(call.value).toBe(1);
    expect(operation.calls).toHaveLength(attempts);
  });

  it('leaves no timer behind once it has settled', async () => {
    const { clock, strategy } = setup();
    await strategy.execute(() => 1);
    await strategy.try(() => Promise.reject(new Error('down')));
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes the first success and ends the attempt that lost', async () => {
    const { clock, strategy, recorder } = setup();
    const operation = script<string>(clock, { value: 'slow', afterMs: 500 }, { value: 'quick', afterMs: 50 });
    const call = watch(
      strategy.execute((ctx) => (void ctx.signal, operation(ctx))),
      clock,
    );
    await clock.run();
    expect(call).toMatchObject({ value: 'quick', atMs: 150 });
    expect(operation.calls[0]?.signal.reason).toMatchObject({ name: 'AbortError' });
    expect(operation.calls[1]?.signal.aborted).toBe(false);
    expect(recorder.events).toEqual([
      { type: 'hedge.started', strategy: 'hedge', attempt: 2 },
      { type: 'hedge.won', strategy: 'hedge', attempt: 2 },
    ]);
    expect(strategy.stats()).toEqual({ calls: 1, hedges: 1, won: 1, budgetExhausted: 0 });
  });

  it('lets the first attempt win when it answers first', async () => {
    const { clock, strategy } = setup();
    const operation = script<string>(
      clock,
      { value: 'first', afterMs: 150 },
      { value: 'second', afterMs: 100 },
    );
    const call = watch(
      strategy.execute((ctx) => (void ctx.signal, operation(ctx))),
      clock,
    );
    await clock.run();
    expect(call).toMatchObject({ value: 'first', atMs: 150 });
    expect(operation.calls[1]?.signal.aborted).toBe(true);
    expect(strategy.stats()).toMatchObject({ hedges: 1, won: 0 });
  });

  it('starts at most maxHedges attempts beside the first, one each delay', async () => {
    const { clock, strategy } = setup({ maxHedges: 3 });
    const startedAtMs: number[] = [];
    watch(
      strategy.execute(({ attempt }) => {
        startedAtMs.push(clock.now());
        expect(attempt).toBe(startedAtMs.length);
        return new Promise(() => undefined);
      }),
    );
    await clock.run();
    expect(startedAtMs).toEqual([0, 100, 200, 300]);
  });

  it('waits for the others when one fails, and rethrows the last error when all have', async () => {
    const { clock, strategy } = setup();
    const operation = script<number>(
      clock,
      { error: 'first', afterMs: 300 },
      { error: 'second', afterMs: 50 },
    );
    const call = watch(strategy.execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ error: 'first', atMs: 300 });
  });

  it('survives the failure of one when another succeeds', async () => {
    const { clock, strategy } = setup();
    const operation = script<number>(clock, { error: 'first', afterMs: 150 }, { value: 2, afterMs: 200 });
    const call = watch(strategy.execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ value: 2, atMs: 300 });
  });

  it('does not repeat a failure that comes before the delay', async () => {
    const { clock, strategy } = setup();
    const operation = script(clock, { error: 'down', afterMs: 50 });
    const call = watch(strategy.execute(operation), clock);
    await clock.run();
    expect(operation.calls).toHaveLength(1);
    expect(call).toMatchObject({ error: 'down', atMs: 50 });
    expect(clock.pendingTimers).toBe(0);
  });

  it('rethrows what is thrown synchronously, whatever it is', async () => {
    const { strategy } = setup();
    const thrown = strategy.execute(() => {
      throw undefined;
    });
    await expect(thrown).rejects.toBeUndefined();
  });

  it('throws all errors on request', async () => {
    const { clock, strategy } = setup({ collectErrors: true });
    const both = watch(strategy.execute(script(clock, { error: 1, afterMs: 300 }, { error: 2 })));
    const one = watch(strategy.execute(script(clock, { error: 3 })));
    await clock.run();
    expect(both.error).toMatchObject({ errors: [2, 1], cause: 1, message: 'hedge: all attempts failed' });
    expect(one.error).toBe(3);
  });

  it('leaves no rejection unhandled', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const { clock, strategy } = setup({ maxHedges: 2 });
    const operation = script<number>(
      clock,
      { error: 1, afterMs: 900 },
      { error: 2, afterMs: 700 },
      { value: 3 },
    );
    const call = watch(strategy.execute(operation));
    await clock.run();
    await clock.advance(0);
    process.off('unhandledRejection', unhandled);
    expect(call.value).toBe(3);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('promises at most 1 + maxHedges attempts and the first success, whatever happens', async () => {
    const step = fc.record({ ok: fc.boolean(), afterMs: fc.oneof(fc.nat(500), fc.constant(Infinity)) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (steps, maxHedges) => {
          const { clock, strategy } = setup({ maxHedges });
          const operation = script(
            clock,
            ...steps.map(({ ok, afterMs }, i) => (ok ? { value: i, afterMs } : { error: i, afterMs })),
          );
          const call = watch(strategy.execute(operation), clock);
          await clock.run();
          const attempts = operation.calls.length;
          expect(attempts).toBeLessThanOrEqual(1 + maxHedges);
          const ends = steps
            .slice(0, attempts)
            .map(({ ok, afterMs }, i) => ({ ok, atMs: i * 100 + afterMs }));
          const successes = ends.filter(({ ok, atMs }) => ok && atMs < Infinity).map(({ atMs }) => atMs);
          if (successes.length > 0) expect(call.atMs).toBe(Math.min(...successes));
          else if (ends.every(({ atMs }) => atMs < Infinity)) expect(call).toHaveProperty('error');
          else expect(call.settled).toBe(false);
        },
      ),
    );
  });
});

describe('the delay of a hedge', () => {
  it('may be a function of the number and the attributes', async () => {
    const delayMs = vi.fn((number: number) => number * 200);
    const { clock, strategy } = setup({ delayMs, maxHedges: 2 });
    const operation = script(clock, never);
    watch(strategy.execute(operation, { attributes: { host: 'a' } }));
    await clock.advance(199);
    expect(operation.calls).toHaveLength(1);
    await clock.advance(1);
    expect(operation.calls).toHaveLength(2);
    await clock.advance(400);
    expect(operation.calls).toHaveLength(3);
    expect(delayMs.mock.calls).toEqual([
      [1, { host: 'a' }],
      [2, { host: 'a' }],
    ]);
  });

  it.each([Infinity, NaN])('of %d starts no attempt', async (delayMs) => {
    const { clock, strategy } = setup({ delayMs: () => delayMs });
    const operation = script(clock, { value: 1, afterMs: 10_000 });
    watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(1);
  });

  it('starts no attempt when the function throws, which is reported', async () => {
    const bug = new Error('bug');
    const onListenerError = vi.fn();
    const delayMs = () => {
      throw bug;
    };
    const { clock, strategy } = setup({ delayMs, onListenerError });
    const call = watch(strategy.execute(script(clock, { value: 1, afterMs: 500 })));
    await clock.run();
    expect(call.value).toBe(1);
    expect(onListenerError).toHaveBeenCalledWith(bug);
  });

  it('of 0 starts all attempts at once', async () => {
    const { clock, strategy } = setup({ delayMs: 0, maxHedges: 2 });
    const operation = script(clock, never);
    watch(strategy.execute(operation));
    await clock.advance(0);
    expect(operation.calls).toHaveLength(3);
  });
});

describe('limits of hedging', () => {
  it('are set by the budget', async () => {
    const clock = manualClock();
    const budget = retryBudget({ ratio: 0, minPerSecond: 0, burst: 1, clock });
    const { strategy, recorder } = setup({ budget, clock, maxHedges: 5 });
    const operation = script(clock, { value: 1, afterMs: 10_000 });
    watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(2);
    expect(recorder.types).toEqual(['hedge.started', 'hedge.budget_exhausted']);
    expect(strategy.stats()).toMatchObject({ hedges: 1, budgetExhausted: 1 });
  });

  it('are shared with retries through one budget', async () => {
    const clock = manualClock();
    const budget = retryBudget({ ratio: 0, minPerSecond: 0, burst: 2, clock });
    const retries = retry({ maxAttempts: 9, budget, clock });
    const { strategy } = setup({ budget, clock });
    watch(strategy.execute(script(clock, never)));
    await clock.run();
    const operation = script(clock, { error: 'down' });
    watch(retries.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(2);
  });

  it('tell the budget how attempts went, but not those that lost', async () => {
    const recorded: unknown[] = [];
    const record = (ok: boolean, price: number) => void recorded.push([ok, price]);
    const { clock, strategy } = setup({ budget: { withdraw: () => 5, record } });
    watch(strategy.execute(script<number>(clock, { value: 1, afterMs: 500 }, { value: 2 })));
    await clock.run();
    watch(strategy.execute(script(clock, { error: 'down' })));
    watch(strategy.execute(script(clock, { error: { status: 404 } })));
    await clock.run();
    expect(recorded).toEqual([
      [true, 5],
      [false, 0],
      [true, 0],
    ]);
  });

  it('exclude operations that are not idempotent', async () => {
    const { clock, strategy } = setup({ idempotent: ({ method }) => method === 'GET' });
    const attempts = async (method: string) => {
      const operation = script(clock, { value: 1, afterMs: 500 });
      watch(strategy.execute(operation, { attributes: { method } }));
      await clock.run();
      return operation.calls.length;
    };
    expect(await attempts('GET')).toBe(2);
    expect(await attempts('POST')).toBe(1);
  });

  it('let a shut gate refuse each attempt without a word to the budget', async () => {
    const record = vi.fn();
    const { strategy } = setup({ budget: { withdraw: () => 1, record } });
    await expect(pipeline(strategy, shutGate()).execute(() => 1)).rejects.toMatchObject({ code: 'ERR_SHUT' });
    expect(record).not.toHaveBeenCalled();
  });
});

describe('a caller’s abort of a hedged call', () => {
  it.each([50, 150])('after %i ms settles it at once and ends every attempt', async (atMs) => {
    const { clock, strategy } = setup({ maxHedges: 5 });
    const reason = { why: 'left' };
    const abort = new AbortController();
    const operation = script(clock, never);
    const call = watch(
      strategy.execute((ctx) => (void ctx.signal, operation(ctx)), { signal: abort.signal }),
      clock,
    );
    await clock.advance(atMs);
    const attempts = operation.calls.length;
    abort.abort(reason);
    expect(clock.pendingTimers).toBe(0);
    await clock.run();
    expect(call).toEqual({ settled: true, error: reason, atMs });
    expect(operation.calls).toHaveLength(attempts);
    expect(operation.calls.map(({ signal }) => signal.reason as unknown)).toEqual(
      operation.calls.map(() => reason),
    );
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('an operation that aborts its own call at once', () => {
  it('leaves no timer behind', async () => {
    const { clock, strategy } = setup();
    const abort = new AbortController();
    const operation = () => {
      abort.abort('enough');
      return new Promise(() => undefined);
    };
    await expect(strategy.execute(operation, { signal: abort.signal })).rejects.toBe('enough');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the options of a hedge', () => {
  it.each<[object, string]>([
    [{}, 'hedge: delayMs must be a number >= 0 or a function, got undefined'],
    [{ delayMs: -1 }, 'hedge: delayMs must be a number >= 0 or a function, got -1'],
    [{ delayMs: NaN }, 'hedge: delayMs must be a number >= 0 or a function, got NaN'],
    [{ delayMs: 1, maxHedges: 0 }, 'hedge: maxHedges must be an integer >= 1 and <= 10, got 0'],
    [{ delayMs: 1, maxHedges: 11 }, 'hedge: maxHedges must be an integer >= 1 and <= 10, got 11'],
    [{ delayMs: 1, max: 1 }, 'hedge has no option "max"'],
  ])('refuse %o', (options, message) => {
    expect(() => hedge(options as HedgeOptions)).toThrow(message);
  });
});
