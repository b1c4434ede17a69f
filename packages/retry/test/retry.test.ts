import { pipeline, TimeoutError } from '@holdfast/pipeline';
import { manualClock, recordEvents, script, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { retry, retryBudget, retryDefaults, type RetryBudget, type RetryOptions } from '../src/index.ts';
import { shutGate } from './shut-gate.ts';
import { watch } from './watch.ts';

/** A retry on a clock of its own, with delays of exactly 100 ms unless told otherwise. */
function setup(options: RetryOptions = {}) {
  const clock = manualClock();
  const base: RetryOptions = { backoff: 'constant', baseDelayMs: 100, clock, random: seededRandom(1) };
  const strategy = retry({ ...base, ...options });
  return { clock, strategy, recorder: recordEvents(strategy) };
}

const failure = (message = 'down') => new Error(message);

describe('retry', () => {
  it('makes one attempt when it succeeds', async () => {
    const { clock, strategy, recorder } = setup();
    const operation = script(clock, { value: 'first' });
    await expect(strategy.execute(operation)).resolves.toBe('first');
    expect(operation.calls).toHaveLength(1);
    expect(recorder.events).toEqual([]);
    expect(strategy.stats()).toMatchObject({ calls: 1, retries: 0, recovered: 0 });
  });

  it('succeeds after retries', async () => {
    const { clock, strategy } = setup();
    const operation = script<string>(clock, { error: failure() }, { error: failure() }, { value: 'third' });
    const call = watch(strategy.execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ value: 'third', atMs: 200 });
    expect(operation.calls.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(strategy.stats()).toMatchObject({ calls: 1, retries: 2, recovered: 1, exhausted: 0 });
  });

  it.each([1, 2, 3, 7])(
    'makes exactly %i attempts when all fail, and rethrows the last error',
    async (maxAttempts) => {
      const { clock, strategy } = setup({ maxAttempts });
      const errors = Array.from({ length: 10 }, (_, i) => failure(`attempt ${i + 1}`));
      const operation = script(clock, ...errors.map((error) => ({ error })));
      const call = watch(strategy.execute(operation));
      await clock.run();
      expect(operation.calls).toHaveLength(maxAttempts);
      expect(call.error).toBe(errors[maxAttempts - 1]);
      expect(strategy.stats()).toMatchObject({ retries: maxAttempts - 1, exhausted: 1 });
    },
  );

  it('goes on for ever with maxAttempts: Infinity', async () => {
    const { clock, strategy } = setup({
      maxAttempts: Infinity,
      backoff: 'decorrelated-jitter',
      maxDelayMs: 1_000,
    });
    const failures = Array.from({ length: 2_000 }, () => ({ error: failure() }));
    const call = watch(strategy.execute(script(clock, ...failures, { value: 'at last' })), clock);
    await clock.run();
    expect(call.value).toBe('at last');
    expect(call.atMs).toBeLessThanOrEqual(2_000 * 1_000);
  });

  it.each([
    ['a string', 'not an error'],
    ['undefined', undefined],
    ['null', null],
    ['a TypeError', new TypeError('a bug, or the network')],
    ['an object', { code: 42 }],
  ])('retries %s and rethrows it as it is', async (_, thrown) => {
    const { clock, strategy } = setup({ maxAttempts: 2 });
    const operation = script(clock, { error: thrown });
    const call = watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(2);
    expect(call.settled).toBe(true);
    expect(call.error).toBe(thrown);
  });

  it('retries what is thrown synchronously, and thenables that reject', async () => {
    const { clock, strategy } = setup();
    let calls = 0;
    const call = watch(
      strategy.execute((): PromiseLike<number> => {
        calls++;
        if (calls === 1) throw failure();
        if (calls === 2) return { then: (ok, bad) => Promise.reject<number>(failure()).then(ok, bad) };
        return Promise.resolve(calls);
      }),
    );
    await clock.run();
    expect(call.value).toBe(3);
  });

  it('hears an abort although it goes on for ever without delays', async () => {
    const { clock, strategy } = setup({ maxAttempts: Infinity, baseDelayMs: 0 });
    const controller = new AbortController();
    let attempts = 0;
    const operation = async () => {
      await Promise.resolve();
      if (++attempts < 10_000) throw new Error('again');
      return 'nobody heard';
    };
    const call = watch(strategy.execute(operation, { signal: controller.signal }));
    clock.setTimer(() => controller.abort('enough'), 0);
    await clock.advance(0);
    await clock.advance(0);
    expect(call.error).toBe('enough');
    expect(attempts).toBeLessThanOrEqual(200);
  });

  it('takes undefined for a result like any other', async () => {
    const { strategy } = setup();
    await expect(strategy.execute(() => undefined)).resolves.toBeUndefined();
  });

  it('gives each attempt a context and a signal of its own', async () => {
    const { clock, strategy } = setup();
    const operation = script<number>(clock, { error: failure() }, { value: 1 });
    watch(strategy.execute(operation, { attributes: { host: 'a' } }));
    await clock.run();
    const [first, second] = operation.calls;
    expect(first?.signal).not.toBe(second?.signal);
    expect(second?.attributes).toEqual({ host: 'a' });
  });

  it('keeps concurrent calls apart', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 15 }),
        async (failing) => {
          const { clock, strategy } = setup({ maxAttempts: 3, backoff: 'full-jitter' });
          const operations = failing.map((count, i) =>
            script<number>(clock, ...Array.from({ length: count }, () => ({ error: i })), { value: i }),
          );
          const calls = operations.map((operation) => watch(strategy.execute(operation)));
          await clock.run();
          calls.forEach((call, i) => {
            const count = failing[i] as number;
            expect(call).toMatchObject(count < 3 ? { value: i } : { error: i });
            expect(operations[i]?.calls).toHaveLength(Math.min(count + 1, 3));
          });
        },
      ),
    );
  });
});

describe('classification', () => {
  it('asks retryIf with the error and the attempt that failed', async () => {
    const asked: [unknown, number][] = [];
    const { clock, strategy } = setup({
      maxAttempts: 5,
      retryIf: (error, attempt) => {
        asked.push([error, attempt]);
        return attempt < 2;
      },
    });
    const error = failure();
    const call = watch(strategy.execute(script(clock, { error })));
    await clock.run();
    expect(asked).toEqual([
      [error, 1],
      [error, 2],
    ]);
    expect(call.error).toBe(error);
    expect(strategy.stats()).toMatchObject({ retries: 1, exhausted: 0 });
  });

  it.each([
    [{ status: 404 }, 1],
    [new DOMException('stop', 'AbortError'), 1],
    [{ status: 503 }, 3],
    [new TimeoutError(5, { strategy: 'inner' }), 3],
  ])('by default makes of %o %i attempts', async (error, attempts) => {
    const { clock, strategy } = setup();
    const operation = script(clock, { error });
    watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(attempts);
  });

  it('reports a retryIf that throws and goes by the default', async () => {
    const bug = new Error('bug');
    const onListenerError = vi.fn();
    const retryIf = () => {
      throw bug;
    };
    const { clock, strategy } = setup({ maxAttempts: 2, retryIf, onListenerError });
    const operation = script(clock, { error: failure() });
    const call = watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(2);
    expect(call.error).toEqual(failure());
    expect(onListenerError).toHaveBeenCalledWith(bug);
  });

  it('repeats an attempt whose result is refused, and returns the last one', async () => {
    const { clock, strategy, recorder } = setup({ retryOnResult: (value) => value !== 'good' });
    const bad = watch(strategy.execute(script(clock, { value: 'bad' }, { value: 'worse' })));
    await clock.run();
    expect(bad.value).toBe('worse');
    expect(recorder.types.at(-1)).toBe('retry.exhausted');
    const good = watch(strategy.execute(script(clock, { value: 'bad' }, { value: 'good' })));
    await clock.run();
    expect(good.value).toBe('good');
    expect(strategy.stats()).toMatchObject({ calls: 2, retries: 3, recovered: 1, exhausted: 1 });
  });

  it('mixes errors and refused results', async () => {
    const { clock, strategy } = setup({ retryOnResult: (value) => value === 'bad' });
    const error = failure();
    const call = watch(
      strategy.execute(script<string>(clock, { value: 'bad' }, { value: 'bad' }, { error })),
    );
    await clock.run();
    expect(call.error).toBe(error);
  });

  it('reports a retryOnResult that throws and lets the result stand', async () => {
    const onListenerError = vi.fn();
    const retryOnResult = () => {
      throw new Error('bug');
    };
    const { strategy } = setup({ retryOnResult, onListenerError });
    await expect(strategy.execute(() => 7)).resolves.toBe(7);
    expect(onListenerError).toHaveBeenCalledTimes(1);
  });
});

describe('delays', () => {
  it('lie between attempts only', async () => {
    const { clock, strategy } = setup({ maxAttempts: 2 });
    const call = watch(strategy.execute(script(clock, { error: failure(), afterMs: 10 })), clock);
    await clock.advance(119);
    expect(call.settled).toBe(false);
    await clock.advance(1);
    expect(call.atMs).toBe(120);
    expect(clock.pendingTimers).toBe(0);
  });

  it('come from a function, which sees the cause and is bounded by maxDelayMs', async () => {
    const asked: unknown[] = [];
    const backoff = (number: number, cause: unknown) => {
      asked.push([number, cause]);
      return [50, 9_000, undefined][number - 1];
    };
    const { clock, strategy, recorder } = setup({
      maxAttempts: 4,
      backoff,
      maxDelayMs: 500,
      random: () => 0.5,
    });
    watch(strategy.execute(script(clock, { error: 'E' })));
    await clock.run();
    expect(asked).toEqual([
      [1, 'E'],
      [2, 'E'],
      [3, 'E'],
    ]);
    // The third is left to full jitter: half of 400.
    expect(recorder.events.flatMap((event) => ('delayMs' in event ? event.delayMs : []))).toEqual([
      50, 500, 200,
    ]);
  });

  it.each([
    ['NaN', NaN],
    ['a negative number', -1],
    ['no number', 'soon' as never],
  ])('fall back to full jitter when the function answers %s, and that is reported', async (_, answer) => {
    const onListenerError = vi.fn();
    const { clock, strategy } = setup({
      backoff: () => answer,
      onListenerError,
      maxAttempts: 2,
      random: () => 0.5,
    });
    const call = watch(strategy.execute(script(clock, { error: failure() })), clock);
    await clock.run();
    expect(call.atMs).toBe(50);
    expect(String(onListenerError.mock.calls[0]?.[0])).toMatch(
      /^RangeError: retry: backoff must return a number >= 0/,
    );
  });

  it('survive a function that throws', async () => {
    const onListenerError = vi.fn();
    const backoff = () => {
      throw new Error('bug');
    };
    const { clock, strategy } = setup({ backoff, onListenerError, maxAttempts: 2 });
    const operation = script(clock, { error: failure() });
    watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(2);
    expect(onListenerError).toHaveBeenCalledTimes(1);
  });

  it('wait for what the upstream asks, on top of the backoff and clamped', async () => {
    const { clock, strategy, recorder } = setup({ maxAttempts: 4, maxRetryAfterMs: 5_000 });
    const asking = (value: string) => ({ error: { status: 503, headers: { 'retry-after': value } } });
    watch(strategy.execute(script(clock, asking('2'), asking('0'), asking('3600'))));
    await clock.run();
    const delays = recorder.events.flatMap((event) => ('delayMs' in event ? event.delayMs : []));
    expect(delays).toEqual([2_100, 100, 5_100]);
  });

  it('read Retry-After from a refused result', async () => {
    const { clock, strategy } = setup({ retryOnResult: (value) => (value as Response).status >= 500 });
    const busy = new Response(null, { status: 503, headers: { 'retry-after': '1' } });
    const call = watch(
      strategy.execute(script(clock, { value: busy }, { value: new Response('ok') })),
      clock,
    );
    await clock.run();
    expect(call.atMs).toBe(1_100);
  });

  it('do not follow when the upstream asks for no further attempt', async () => {
    const { clock, strategy } = setup();
    const error = { metadata: new Map([['grpc-retry-pushback-ms', ['-1']]]) };
    const call = watch(strategy.execute(script(clock, { error })), clock);
    await clock.run();
    expect(call).toEqual({ settled: true, error, atMs: 0 });
    expect(strategy.stats().retries).toBe(0);
  });
});

describe('an admission rejection', () => {
  it('costs no attempt and leaves at once', async () => {
    const { clock, strategy, recorder } = setup();
    const gate = shutGate(30_000);
    const call = watch(
      pipeline(strategy, gate).execute(() => 1),
      clock,
    );
    await clock.advance(0);
    expect(call).toMatchObject({ error: { code: 'ERR_SHUT', retryAfterMs: 30_000 }, atMs: 0 });
    expect(gate.asked).toBe(1);
    expect(clock.pendingTimers).toBe(0);
    expect(recorder.events).toEqual([]);
    expect(strategy.stats()).toMatchObject({ retries: 0, exhausted: 0 });
  });

  it('is the error that try answers', async () => {
    const { strategy } = setup();
    const result = await pipeline(strategy, shutGate(5)).try(() => 1);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'ERR_SHUT', strategy: 'gate', retryAfterMs: 5 },
    });
  });

  it('ends the attempts when the gate shuts midway', async () => {
    const { clock, strategy } = setup({ maxAttempts: 10 });
    const gate = shutGate();
    gate.open = true;
    const operation = script(clock, { error: failure() });
    const call = watch(pipeline(strategy, gate).execute(operation));
    await clock.advance(150);
    gate.open = false;
    await clock.run();
    expect(operation.calls).toHaveLength(2);
    expect(call.error).toMatchObject({ code: 'ERR_SHUT' });
  });

  it('is waited out with retryRejections, for as long as the gate says', async () => {
    const { clock, strategy } = setup({ retryRejections: true });
    const gate = shutGate(2_000);
    clock.setTimer(() => (gate.open = true), 2_000);
    const call = watch(
      pipeline(strategy, gate).execute(() => 'in'),
      clock,
    );
    await clock.run();
    expect(call).toMatchObject({ value: 'in', atMs: 2_100 });
  });

  it('is not waited out past the deadline', async () => {
    const { clock, strategy, recorder } = setup({ retryRejections: true });
    const call = watch(
      pipeline(strategy, shutGate(2_000)).execute(() => 1, { timeoutMs: 1_500 }),
      clock,
    );
    await clock.advance(0);
    expect(call).toMatchObject({ error: { code: 'ERR_SHUT' }, atMs: 0 });
    expect(recorder.types).toEqual(['retry.deadline_exhausted']);
  });

  it('costs nothing of the budget', async () => {
    const budget = { withdraw: vi.fn(() => 1), record: vi.fn() };
    const { clock, strategy } = setup({ retryRejections: true, budget });
    watch(pipeline(strategy, shutGate(10)).execute(() => 1));
    await clock.run();
    expect(budget.withdraw).not.toHaveBeenCalled();
    expect(budget.record).not.toHaveBeenCalled();
  });
});

describe('an operation that is not idempotent', () => {
  const refused = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
  const reset = Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });

  it.each([
    ['an error that may have had an effect', reset, 1],
    ['a connection that never came about', refused, 3],
    ['a status', { status: 503 }, 1],
  ])('after %s makes its attempts (%#)', async (_, error, attempts) => {
    const { clock, strategy } = setup({ idempotent: false });
    const operation = script(clock, { error });
    const call = watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(attempts);
    expect(call.error).toBe(error);
  });

  it('is told by the attributes of the call', async () => {
    const { clock, strategy } = setup({ idempotent: ({ method }) => method !== 'POST' });
    const attempts = async (method: string) => {
      const operation = script(clock, { error: reset });
      watch(strategy.execute(operation, { attributes: { method } }));
      await clock.run();
      return operation.calls.length;
    };
    expect(await attempts('POST')).toBe(1);
    expect(await attempts('GET')).toBe(3);
  });

  it('is what a call counts as when asking throws', async () => {
    const onListenerError = vi.fn();
    const idempotent = () => {
      throw new Error('bug');
    };
    const { clock, strategy } = setup({ idempotent, onListenerError });
    const operation = script(clock, { error: reset });
    watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(1);
    expect(onListenerError).toHaveBeenCalledTimes(1);
  });
});

describe('a budget', () => {
  it('ends the retries of a call with its own error', async () => {
    const clock = manualClock();
    const budget = retryBudget({ ratio: 0, minPerSecond: 0, burst: 2, clock });
    const strategy = retry({ maxAttempts: 10, budget, clock });
    const recorder = recordEvents(strategy);
    const error = failure();
    const operation = script(clock, { error });
    const call = watch(strategy.execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(3);
    expect(call.error).toBe(error);
    expect(recorder.types).toEqual(['retry.scheduled', 'retry.scheduled', 'retry.budget_exhausted']);
    expect(strategy.stats()).toMatchObject({ budgetExhausted: 1, exhausted: 0 });
  });

  it('hears of every attempt, with its price', async () => {
    const withdrawn: unknown[] = [];
    const recorded: unknown[] = [];
    const budget: RetryBudget = {
      withdraw: (cause, { host }) => withdrawn.push([cause, host]) * 10,
      record: (ok, price, { host }) => void recorded.push([ok, price, host]),
    };
    const { clock, strategy } = setup({ budget });
    const attributes = { host: 'a' };
    watch(
      strategy.execute(script<number>(clock, { error: 'E' }, { error: 'F' }, { value: 1 }), { attributes }),
    );
    await clock.run();
    watch(strategy.execute(script(clock, { error: { status: 400 } }), { attributes }));
    watch(strategy.execute(script(clock, { value: 2 }), { attributes }));
    await clock.run();
    expect(withdrawn).toEqual([
      ['E', 'a'],
      ['F', 'a'],
    ]);
    expect(recorded).toEqual([
      [false, 0, 'a'],
      [false, 10, 'a'],
      [true, 20, 'a'],
      [true, 0, 'a'],
      [true, 0, 'a'],
    ]);
  });

  it('that throws allows no retry, changes no result and is reported', async () => {
    const onListenerError = vi.fn();
    const bug = () => {
      throw new Error('bug');
    };
    const { clock, strategy } = setup({ budget: { withdraw: bug, record: bug }, onListenerError });
    await expect(strategy.execute(() => 1)).resolves.toBe(1);
    const error = failure();
    const call = watch(strategy.execute(script(clock, { error })));
    await clock.run();
    expect(call.error).toBe(error);
    expect(onListenerError).toHaveBeenCalledTimes(3);
  });

  it('that records asynchronously and fails is reported', async () => {
    const onListenerError = vi.fn();
    const bug = new Error('bug');
    const budget: RetryBudget = { withdraw: () => 1, record: () => Promise.reject(bug) as unknown as void };
    const { strategy } = setup({ budget, onListenerError });
    await expect(strategy.execute(() => 'fine')).resolves.toBe('fine');
    await Promise.resolve();
    expect(onListenerError.mock.calls).toEqual([[bug]]);
  });

  it('keeps the load of a full outage near that of the calls', async () => {
    const clock = manualClock();
    const strategy = retry({
      maxAttempts: 4,
      budget: retryBudget({ clock }),
      clock,
      random: seededRandom(7),
    });
    let load = 0;
    for (let i = 0; i < 2_000; i++) {
      watch(
        strategy.execute(() => {
          load++;
          throw failure();
        }),
      );
      await clock.advance(1);
    }
    await clock.run();
    expect(load).toBeLessThanOrEqual(2_000 * 1.1 + 10 + 0.1 * (clock.now() / 1_000));
    expect(load).toBeGreaterThan(2_000 * 1.05);
  });
});

describe('errors', () => {
  it('are all thrown on request', async () => {
    const { clock, strategy } = setup({ collectErrors: true });
    const call = watch(strategy.execute(script(clock, { error: 1 }, { error: 2 }, { error: 3 })));
    await clock.run();
    expect(call.error).toBeInstanceOf(AggregateError);
    expect(call.error).toMatchObject({ errors: [1, 2, 3], cause: 3, message: 'retry: all attempts failed' });
  });

  it('leave as they are when there was only one attempt', async () => {
    const { strategy } = setup({ collectErrors: true, maxAttempts: 1 });
    const error = failure();
    await expect(strategy.execute(() => Promise.reject(error))).rejects.toBe(error);
  });

  it('are kept to the last hundred', async () => {
    const { clock, strategy } = setup({ collectErrors: true, maxAttempts: 150 });
    const steps = Array.from({ length: 150 }, (_, i) => ({ error: i }));
    const call = watch(strategy.execute(script(clock, ...steps)));
    await clock.run();
    expect((call.error as AggregateError).errors).toEqual(Array.from({ length: 100 }, (_, i) => i + 50));
  });
});

describe('events', () => {
  it('tell each retry and how the call ended', async () => {
    const { clock, strategy, recorder } = setup({ name: 'orders' });
    const error = failure();
    watch(strategy.execute(script<number>(clock, { error }, { value: 1 })));
    await clock.run();
    watch(strategy.execute(script(clock, { error })));
    await clock.run();
    expect(recorder.events).toEqual([
      { type: 'retry.scheduled', strategy: 'orders', attempt: 2, delayMs: 100 },
      { type: 'retry.recovered', strategy: 'orders', attempt: 2 },
      { type: 'retry.scheduled', strategy: 'orders', attempt: 2, delayMs: 100 },
      { type: 'retry.scheduled', strategy: 'orders', attempt: 3, delayMs: 100 },
      { type: 'retry.exhausted', strategy: 'orders', attempt: 3 },
    ]);
  });

  it('carry the cause by reference, and not into JSON', async () => {
    const { clock, strategy, recorder } = setup({ maxAttempts: 2 });
    const error = Object.assign(failure(), { token: 'secret' });
    watch(strategy.execute(script(clock, { error })));
    await clock.run();
    expect(recorder.events.map((event) => 'cause' in event && event.cause)).toEqual([error, error]);
    expect(JSON.stringify(recorder.events)).not.toContain('secret');
  });

  it('do not let a throwing listener change the call', async () => {
    const onListenerError = vi.fn();
    const { clock, strategy } = setup({ onListenerError });
    strategy.subscribe(() => {
      throw new Error('bug');
    });
    const call = watch(strategy.execute(script<number>(clock, { error: failure() }, { value: 1 })));
    await clock.run();
    expect(call.value).toBe(1);
    expect(onListenerError).toHaveBeenCalledTimes(2);
  });
});

describe('options', () => {
  it.each<[object, string]>([
    [{ maxAttempts: 0 }, 'retry: maxAttempts must be an integer >= 1 or Infinity, got 0'],
    [{ maxAttempts: 1.5 }, 'retry: maxAttempts must be an integer >= 1 or Infinity, got 1.5'],
    [{ maxAttempts: NaN }, 'retry: maxAttempts must be an integer >= 1 or Infinity, got NaN'],
    [{ baseDelayMs: -1 }, 'retry: baseDelayMs must be an integer >= 0, got -1'],
    [{ maxDelayMs: Infinity }, 'retry: maxDelayMs must be an integer >= 0, got Infinity'],
    [{ baseDelayMs: 500, maxDelayMs: 499 }, 'retry: maxDelayMs must be an integer >= 500, got 499'],
    [{ baseDelayMs: 60_000 }, 'retry: maxDelayMs must be an integer >= 60000, got 30000'],
    [{ backoff: 'linear' }, 'retry: backoff must be one of "full-jitter"'],
    [{ retryIf: true }, 'retry: retryIf must be a function, got true'],
    [{ budget: 5 }, 'retry: budget must be an object with the methods withdraw, record, got a number'],
    [{ idempotent: 'yes' }, 'retry: idempotent must be a boolean or a function, got "yes"'],
    [{ retries: 3 }, 'retry has no option "retries"'],
    [5 as never, 'retry: options must be an object, got a number'],
  ])('refuse %o', (options, message) => {
    expect(() => retry(options)).toThrow(message);
  });

  it('respect 0', async () => {
    const { clock, strategy, recorder } = setup({ baseDelayMs: 0, maxDelayMs: 0, maxRetryAfterMs: 0 });
    const error = { headers: { 'retry-after': '5' } };
    watch(strategy.execute(script(clock, { error })));
    await clock.run();
    expect(recorder.events.flatMap((event) => ('delayMs' in event ? event.delayMs : []))).toEqual([0, 0]);
  });

  it('have documented defaults', () => {
    expect(retryDefaults).toMatchObject({
      maxAttempts: 3,
      baseDelayMs: 200,
      maxDelayMs: 30_000,
      backoff: 'full-jitter',
      maxRetryAfterMs: 60_000,
      idempotent: true,
      retryRejections: false,
    });
  });
});
