import { defineStrategy, pipeline, type Clock, type Outcome } from '@holdfast/pipeline';
import { manualClock, recordEvents, script } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isTimeout, timeout, timeoutDefaults, TimeoutError, type TimeoutOptions } from '../src/index.ts';

const never = () => new Promise<never>(() => undefined);

/** Watches a promise without changing it. */
function watch(promise: Promise<unknown>) {
  const seen: { value?: unknown; error?: unknown; settled: boolean } = { settled: false };
  promise.then(
    (value) => Object.assign(seen, { value, settled: true }),
    (error: unknown) => Object.assign(seen, { error, settled: true }),
  );
  return seen;
}

describe('a strict timeout', () => {
  it.each([
    [999, 'value'],
    [1_000, 'timeout'],
    [1_001, 'timeout'],
  ])('of 1000 ms answers an operation of %i ms with its %s', async (afterMs, expected) => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 1_000, clock });
    // The timeout's timer is older than the operation's, so it goes first when both are due.
    const call = watch(strategy.execute(script(clock, { value: 'done', afterMs })));
    await clock.advance(1_001);
    expect(isTimeout(call.error) ? 'timeout' : call.value && 'value').toBe(expected);
  });

  it('settles the caller at once and drops the late result', async () => {
    const clock = manualClock();
    const call = watch(timeout({ timeoutMs: 100, clock }).execute(script(clock, { value: 1, afterMs: 500 })));
    await clock.advance(99);
    expect(call.settled).toBe(false);
    await clock.advance(1);
    expect(call.error).toBeInstanceOf(TimeoutError);
    expect(call.error).toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 100, strategy: 'timeout' });
    await clock.run();
    expect(call.value).toBeUndefined();
  });

  it('swallows a late rejection', async () => {
    const clock = manualClock();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const late = script(clock, { error: new Error('late'), afterMs: 500 });
    const call = watch(timeout({ timeoutMs: 100, clock }).execute(late));
    await clock.run();
    await clock.advance(0);
    process.off('unhandledRejection', unhandled);
    expect(isTimeout(call.error)).toBe(true);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it('gives the callee the error that the caller gets', async () => {
    const clock = manualClock();
    let signal: AbortSignal | undefined;
    const call = watch(
      timeout({ timeoutMs: 100, clock }).execute((ctx) => {
        signal = ctx.signal;
        return never();
      }),
    );
    await clock.advance(100);
    expect(signal?.aborted).toBe(true);
    expect(signal?.reason).toBe(call.error);
  });

  it('never aborts the signal after success', async () => {
    const clock = manualClock();
    let signal: AbortSignal | undefined;
    const strategy = timeout({ timeoutMs: 100, clock });
    await strategy.execute((ctx) => {
      signal = ctx.signal;
    });
    await clock.advance(10_000);
    expect(signal?.aborted).toBe(false);
  });
});

describe('a cooperative timeout', () => {
  it('aborts the signal and waits for the operation', async () => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 100, mode: 'cooperative', clock });
    const call = watch(
      strategy.execute(
        ({ signal }) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              clock.setTimer(() => reject(new Error('tidied up')), 50);
            });
          }),
      ),
    );
    await clock.advance(149);
    expect(call.settled).toBe(false);
    await clock.advance(1);
    expect(isTimeout(call.error)).toBe(true);
  });

  it('delivers a result that comes although time was up', async () => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 100, mode: 'cooperative', clock });
    const call = watch(strategy.execute(script(clock, { value: 'late but whole', afterMs: 500 })));
    await clock.advance(500);
    expect(call.value).toBe('late but whole');
    expect(strategy.stats().timeouts).toBe(1);
  });
});

describe('any timeout', () => {
  it.each(['strict', 'cooperative'] as const)(
    'keeps the reason of a caller who aborts (%s)',
    async (mode) => {
      const clock = manualClock();
      const reason = { why: 'the user left' };
      const abort = new AbortController();
      const strategy = timeout({ timeoutMs: 1_000, mode, clock });
      const call = watch(strategy.execute(never, { signal: abort.signal }));
      await clock.advance(10);
      abort.abort(reason);
      await clock.advance(0);
      expect(call.error).toBe(reason);
      expect(strategy.stats().timeouts).toBe(0);
    },
  );

  it('rethrows what the operation throws', async () => {
    const strategy = timeout({ timeoutMs: 1_000, clock: manualClock() });
    for (const thrown of [new Error('mine'), 'a string', undefined]) {
      await expect(
        strategy.execute(() => {
          throw thrown;
        }),
      ).rejects.toBe(thrown);
    }
  });

  it('tells the operation how much time is left', async () => {
    const clock = manualClock();
    const left: (number | undefined)[] = [];
    const strategy = timeout({ timeoutMs: 1_000, clock });
    const running = strategy.execute(async (ctx) => {
      left.push(ctx.remainingMs());
      await new Promise<void>((resolve) => clock.setTimer(resolve, 400));
      left.push(ctx.remainingMs());
    });
    await clock.run();
    await running;
    expect(left).toEqual([1_000, 600]);
  });

  it('lets the nearest of several deadlines win', async () => {
    const clock = manualClock();
    const nested = pipeline(
      timeout({ timeoutMs: 500, name: 'outer', clock }),
      timeout({ timeoutMs: 900, clock }),
    );
    const call = watch(nested.execute(never));
    await clock.advance(500);
    expect(call.error).toMatchObject({ strategy: 'outer' });
  });

  it('hands its deadline to the calls made within it', async () => {
    const clock = manualClock();
    const outer = timeout({ timeoutMs: 300, clock });
    const inner = timeout({ timeoutMs: 10_000, clock });
    let left: number | undefined;
    const call = watch(
      outer.execute((ctx) =>
        inner.execute(
          (within) => {
            left = within.remainingMs();
            return never();
          },
          { within: ctx },
        ),
      ),
    );
    await clock.advance(300);
    expect(left).toBe(300);
    expect(isTimeout(call.error)).toBe(true);
    expect(inner.stats().running).toBe(0);
  });

  it('counts as a failure to the gate around it, and as nothing to the gate inside it', async () => {
    const clock = manualClock();
    const outcomes: Record<string, Outcome> = {};
    const gate = (name: string) =>
      defineStrategy(name, {
        kind: 'gate',
        name,
        admit: () => 1,
        settle: (_permit, outcome) => void (outcomes[name] = outcome),
        toError: ({ code }) => new Error(code),
      });
    const guarded = pipeline(gate('outside'), timeout({ timeoutMs: 100, clock }), gate('inside'));
    watch(guarded.execute(never));
    await clock.advance(100);
    expect(outcomes).toEqual({ outside: 'failure', inside: 'ignored' });
  });

  it('leaves no timer ref’ed and no call behind once calls have settled', async () => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 1_000, clock });
    for (let i = 0; i < 100; i++) await strategy.execute(() => i);
    expect(clock.refedTimers).toBe(0);
    expect(clock.pendingTimers).toBe(1);
    expect(strategy.stats()).toEqual({ calls: 100, running: 0, timeouts: 0 });
    await clock.run();
    expect(clock.pendingTimers).toBe(0);
  });

  it('gives each call a timer of its own where timers cannot be shared', async () => {
    const clock = manualClock({ sharedTimers: false });
    const strategy = timeout({ timeoutMs: 1_000, clock });
    const calls = [1, 2, 3].map(() => watch(strategy.execute(never)));
    expect(clock.pendingTimers).toBe(3);
    await strategy.execute(() => 1);
    expect(clock.pendingTimers).toBe(3);
    await clock.advance(1_000);
    expect(calls.every(({ error }) => isTimeout(error))).toBe(true);
  });

  it('sets no limit when given Infinity', async () => {
    const clock = manualClock();
    const call = watch(timeout({ timeoutMs: Infinity, clock }).execute((ctx) => ctx.remainingMs()));
    await clock.advance(0);
    expect(call).toEqual({ value: undefined, settled: true });
  });

  it('ends calls after at most their time again when the clock jumps back', async () => {
    const manual = manualClock({ startMs: 1e6 });
    let offsetMs = 0;
    const clock: Clock = {
      now: () => manual.now() + offsetMs,
      wallNow: () => manual.wallNow(),
      setTimer: (callback, delayMs) => manual.setTimer(callback, delayMs),
      sharedTimers: true,
    };
    const strategy = timeout({ timeoutMs: 100, clock });
    const before = watch(strategy.execute(never));
    await manual.advance(10);
    offsetMs = -500_000;
    const after = watch(strategy.execute(never));
    await manual.advance(200);
    expect(before.error).toBeInstanceOf(TimeoutError);
    expect(after.error).toBeInstanceOf(TimeoutError);
    expect(strategy.stats()).toMatchObject({ running: 0, timeouts: 2 });
  });

  it('ends each of many overlapping calls in its own instant', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ startAtMs: fc.nat(300), lastsMs: fc.integer({ min: 1, max: 300 }) }), {
          maxLength: 20,
        }),
        async (calls) => {
          const clock = manualClock();
          const strategy = timeout({ timeoutMs: 100, clock });
          const endedAtMs = calls.map(() => NaN);
          const timedOut = calls.map(() => false);
          calls.forEach(({ startAtMs, lastsMs }, i) => {
            clock.setTimer(() => {
              strategy.execute(script(clock, { afterMs: lastsMs })).then(
                () => (endedAtMs[i] = clock.now()),
                (error) => {
                  timedOut[i] = isTimeout(error);
                  endedAtMs[i] = clock.now();
                },
              );
            }, startAtMs);
          });
          await clock.run();
          calls.forEach(({ startAtMs, lastsMs }, i) => {
            expect(endedAtMs[i]).toBe(startAtMs + Math.min(lastsMs, 100));
            if (lastsMs !== 100) expect(timedOut[i]).toBe(lastsMs > 100);
          });
          expect(strategy.stats()).toMatchObject({ calls: calls.length, running: 0 });
        },
      ),
    );
  });
});

describe('the events of a timeout', () => {
  it('tell of each call that ran out of time', async () => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 100, name: 'search', clock });
    const recorder = recordEvents(strategy);
    await strategy.execute(() => 1);
    watch(strategy.execute(never));
    await clock.advance(100);
    expect(recorder.events).toEqual([{ type: 'timeout.elapsed', strategy: 'search', timeoutMs: 100 }]);
  });

  it('reach listeners by type until they unsubscribe', async () => {
    const clock = manualClock();
    const strategy = timeout({ timeoutMs: 100, clock });
    const listener = vi.fn();
    const stop = strategy.on('timeout.elapsed', listener);
    watch(strategy.execute(never));
    await clock.advance(100);
    stop();
    watch(strategy.execute(never));
    await clock.advance(100);
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it('do not let a throwing listener change the call', async () => {
    const clock = manualClock();
    const onListenerError = vi.fn();
    const strategy = timeout({ timeoutMs: 100, clock, onListenerError });
    const bug = new Error('bug');
    strategy.subscribe(() => {
      throw bug;
    });
    const calls = [watch(strategy.execute(never)), watch(strategy.execute(never))];
    await clock.advance(100);
    expect(calls.every(({ error }) => isTimeout(error))).toBe(true);
    expect(onListenerError).toHaveBeenCalledTimes(2);
    expect(onListenerError).toHaveBeenCalledWith(bug);
  });
});

describe('the error of a timeout', () => {
  const stackOf = async (options: Partial<TimeoutOptions>) => {
    const clock = manualClock();
    const call = watch(timeout({ timeoutMs: 1, clock, ...options }).execute(never));
    await clock.advance(1);
    return (call.error as TimeoutError).stack?.split('\n').length;
  };

  it('has no stack trace unless asked for', async () => {
    expect(await stackOf({})).toBe(1);
    expect(await stackOf({ captureStack: true })).toBeGreaterThan(1);
  });
});

describe('the options of a timeout', () => {
  it.each([
    [{}, TypeError, 'timeout: timeoutMs must be a number >= 1, got undefined'],
    [{ timeoutMs: 0 }, RangeError, 'timeout: timeoutMs must be a number >= 1, got 0'],
    [{ timeoutMs: NaN }, RangeError, 'timeout: timeoutMs must be a number >= 1, got NaN'],
    [{ timeoutMs: '5s' }, TypeError, 'timeout: timeoutMs must be a number >= 1, got "5s"'],
    [
      { timeoutMs: 1, mode: 'lax' },
      TypeError,
      'timeout: mode must be one of "strict", "cooperative", got "lax"',
    ],
    [{ timeoutMs: 1, timeout: 5 }, TypeError, 'timeout has no option "timeout"'],
  ])('refuse %o', (options, Wrong, message) => {
    const make = () => timeout(options as TimeoutOptions);
    expect(make).toThrow(Wrong);
    expect(make).toThrow(message);
  });

  it('have documented defaults', () => {
    expect(timeoutDefaults).toMatchObject({ mode: 'strict', name: 'timeout', captureStack: false });
  });
});
