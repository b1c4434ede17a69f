import {
  defineStrategy,
  HoldfastError,
  rejection,
  TimeoutError,
  type DriverHook,
  type Hook,
  type Operation,
  type ScopeHook,
} from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { hedged } from './hedged.ts';
import { recordingGate, ShutError } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';
import { expectNoUnhandledRejections } from './unhandled.ts';
import { watch } from './watch.ts';

expectNoUnhandledRejections();

const hang = () => new Promise<never>(() => undefined);
const fails = (error: unknown) => async () => {
  throw error;
};
const chain = (...hooks: readonly Hook[]) => defineStrategy('chain', hooks);
const shut = (name = 'shut') => recordingGate(name, [], () => rejection('ERR_SHUT', name, 250));

describe('the order of a call', () => {
  it('is outermost first on the way in, innermost first on the way out', async () => {
    const log: string[] = [];
    const clock = manualClock();
    const passing: DriverHook = { kind: 'driver', name: 'driver', run: (_call, start) => start(1).result };
    const guarded = chain(
      recordingGate('a', log),
      timeLimit(clock, 9, true, log),
      again(2),
      recordingGate('b', log),
      passing,
      timeLimit(clock, 8, false, log),
      recordingGate('c', log),
    );
    await guarded.execute(() => log.push('operation'));
    const entered = ['+a', '+limit 9', '+b', '+limit 8', '+c'];
    const left = ['-c', '-limit 8', '-b', '-limit 9', '-a'];
    expect(log).toEqual([...entered, 'operation', ...left]);
  });

  it('enters the inner part again for each attempt, and the outer part once', async () => {
    const log: string[] = [];
    const guarded = chain(recordingGate('out', log), again(3), recordingGate('in', log));
    await expect(guarded.execute(fails('down'))).rejects.toBe('down');
    expect(log).toEqual(['+out', '+in', '-in', '+in', '-in', '+in', '-in', '-out']);
  });

  it('leaves what was entered when a gate refuses', async () => {
    const log: string[] = [];
    const clock = manualClock();
    const closed = recordingGate('c', log, () => rejection('ERR_SHUT', 'c'));
    const guarded = chain(
      recordingGate('a', log),
      timeLimit(clock, 9, true, log),
      closed,
      recordingGate('d', log),
    );
    await expect(guarded.execute(() => 1)).rejects.toThrow(ShutError);
    expect(log).toEqual(['+a', '+limit 9', '+c', '-limit 9', '-a']);
    expect(clock.refedTimers).toBe(0);
  });

  it('starts the operation before `execute` returns, when no gate waits', () => {
    let started = false;
    void chain(recordingGate(), again(2), timeLimit(manualClock(), 5)).execute(() => (started = true));
    expect(started).toBe(true);
  });
});

describe('what the operation does', () => {
  class Sub<T> extends Promise<T> {}
  const succeeding: [string, Operation<unknown>, unknown][] = [
    ['a value', () => 1, 1],
    ['undefined', () => undefined, undefined],
    ['a promise', async () => 'later', 'later'],
    ['a thenable', () => ({ then: (resolve: (value: number) => void) => resolve(2) }), 2],
    ['a promise subclass', () => Sub.resolve(3), 3],
    ['an error as a value', () => new RangeError('a value'), new RangeError('a value')],
    ['what looks like a rejection', () => rejection('ERR_X', 'x'), rejection('ERR_X', 'x')],
  ];
  const failing: [string, Operation<unknown>, unknown][] = [
    [
      'throws',
      () => {
        throw 'sync';
      },
      'sync',
    ],
    ['rejects with undefined', fails(undefined), undefined],
    ['rejects with null', fails(null), null],
    [
      'is a thenable that rejects',
      () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject('no') }),
      'no',
    ],
    [
      'is a thenable that throws',
      () => ({
        then: () => {
          throw 'thrown';
        },
      }),
      'thrown',
    ],
    [
      'has a then that throws when read',
      () => ({
        get then() {
          throw 'read';
        },
      }),
      'read',
    ],
  ];
  const shapes: [string, () => readonly Hook[]][] = [
    ['a gate', () => []],
    ['a strict scope', () => [timeLimit(manualClock(), 50)]],
    ['a cooperative scope', () => [timeLimit(manualClock(), 50, false)]],
    ['a recovery', () => [again(1)]],
    ['a driver', () => [hedged(manualClock(), 5, 1)]],
  ];

  describe.each(shapes)('inside of %s', (_, inner) => {
    it.each(succeeding)('succeeds with %s', async (_, operation, value) => {
      const gate = recordingGate();
      const guarded = chain(gate, ...inner());
      expect(await guarded.execute(operation)).toEqual(value);
      expect(await guarded.try(operation)).toEqual({ ok: true, value, degraded: false });
      expect(gate.settled).toMatchObject([
        { outcome: 'success', result: value },
        { outcome: 'success', result: value },
      ]);
    });

    it.each(failing)('fails when it %s, with the very same error', async (_, operation, error) => {
      const gate = recordingGate();
      const guarded = chain(gate, ...inner());
      expect(watch(guarded.execute(operation)).settled).toBe(0);
      await expect(guarded.execute(operation)).rejects.toBe(error);
      expect(await guarded.try(operation)).toEqual({ ok: false, error });
      await manualClock().advance(0);
      expect(gate.outcomes).toEqual(['failure', 'failure', 'failure']);
      expect(gate.settled[0]?.result).toBe(error);
    });
  });

  it('fails the call when it is no function', async () => {
    const gate = recordingGate();
    await expect(chain(gate).execute(5 as never)).rejects.toThrow(TypeError);
    expect(gate.outcomes).toEqual(['failure']);
  });
});

describe('try', () => {
  it('answers a refusal by an outermost gate with the frozen plain object', async () => {
    const result = await chain(shut()).try(() => 1);
    expect(result).toStrictEqual({
      ok: false,
      error: { code: 'ERR_SHUT', strategy: 'shut', retryAfterMs: 250 },
    });
    expect(result.ok || Object.isFrozen(result.error)).toBe(true);
    expect(result.ok || result.error instanceof Error).toBe(false);
  });

  it('answers a refusal behind a retry with its code, too', async () => {
    const result = await chain(again(2), shut()).try(() => 1);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'ERR_SHUT', strategy: 'shut', retryAfterMs: 250 },
    });
  });

  it('says whether the value is a substitute', async () => {
    const fallback: Hook = {
      kind: 'recovery',
      name: 'fallback',
      recover: async (_settled, call) => {
        call.degrade();
        return 'spare';
      },
    };
    for (const guarded of [chain(fallback), chain(recordingGate(), again(2), fallback, recordingGate())]) {
      expect(await guarded.try(fails('down'))).toEqual({ ok: true, value: 'spare', degraded: true });
      expect(await guarded.try(() => 'real')).toEqual({ ok: true, value: 'real', degraded: false });
    }
  });
});

describe('execute', () => {
  it('throws the error of the gate that refused, without a stack', async () => {
    const error = await chain(shut())
      .execute(() => 1)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({ name: 'ShutError', code: 'ERR_SHUT', strategy: 'shut', retryAfterMs: 250 });
    expect((error as Error).stack).not.toContain('\n');
  });

  it.each([
    [
      'admits',
      {
        ...recordingGate('bad'),
        admit: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'enters',
      {
        kind: 'scope',
        name: 'bad',
        strict: true,
        enter: () => {
          throw new Error('broken');
        },
        exit: () => undefined,
      },
    ],
    [
      'recovers',
      {
        kind: 'recovery',
        name: 'bad',
        accept: () => false,
        recover: () => {
          throw new Error('broken');
        },
      },
    ],
    [
      'drives',
      {
        kind: 'driver',
        name: 'bad',
        run: () => {
          throw new Error('broken');
        },
      },
    ],
  ] as [string, Hook][])('fails, with every permit back, when a hook throws as it %s', async (_, bad) => {
    const gate = recordingGate();
    await expect(chain(gate, bad, recordingGate()).execute(() => 1)).rejects.toThrow('broken');
    expect(gate.outcomes).toEqual(['failure']);
  });
});

describe('how a gate counts', () => {
  it('a refusal further inside: ignored', async () => {
    const [a, b] = [recordingGate(), recordingGate()];
    await chain(a, again(2), b, shut()).try(() => 1);
    expect([a.outcomes, b.outcomes]).toEqual([['ignored'], ['ignored', 'ignored']]);
  });

  it.each([true, false])(
    'a timeout inside of it: failure, outside of it: ignored (strict: %s)',
    async (strict) => {
      const clock = manualClock();
      const [outside, inside] = [recordingGate(), recordingGate()];
      const operation = script(clock, { value: 'late', afterMs: 90 });
      const heeding: Operation<string> = (ctx) =>
        Promise.race([
          operation(ctx),
          new Promise<never>((_, reject) =>
            ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)),
          ),
        ]);
      const call = watch(chain(outside, timeLimit(clock, 50, strict), inside).execute(heeding), clock);
      await clock.run();
      const timedOut = expect.objectContaining({ code: 'ERR_TIMEOUT', timeoutMs: 50 }) as unknown;
      expect(call).toEqual({ settled: 1, error: timedOut, atMs: 50 });
      expect(outside.settled).toEqual([{ permit: 1, outcome: 'failure', result: call.error }]);
      expect(inside.settled).toEqual([{ permit: 1, outcome: 'ignored', result: call.error }]);
      expect(operation.calls[0]?.signal.reason).toBe(call.error);
    },
  );

  it('a timeout around a retry: failure outside, ignored by the attempts', async () => {
    const clock = manualClock();
    const [outside, inside] = [recordingGate(), recordingGate()];
    const guarded = chain(outside, timeLimit(clock, 50), again(9, { clock, delayMs: 20 }), inside);
    const call = watch(guarded.execute(script(clock, { error: 'down' }, { value: 1, afterMs: 99 })), clock);
    await clock.run();
    expect(call).toMatchObject({ atMs: 50, error: { timeoutMs: 50 } });
    expect([outside.outcomes, inside.outcomes]).toEqual([['failure'], ['failure', 'ignored']]);
  });

  it('a cooperative timeout that the operation beats with a value: success', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const operation = script(clock, { value: 'late', afterMs: 90 });
    const call = watch(chain(gate, timeLimit(clock, 50, false)).execute(operation), clock);
    await clock.run();
    expect(call).toEqual({ settled: 1, value: 'late', atMs: 90 });
    expect(gate.outcomes).toEqual(['success']);
  });

  it('a hedge that lost: ignored', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const operation = script(clock, { value: 'slow', afterMs: 90 }, { value: 'quick', afterMs: 10 });
    const call = watch(chain(hedged(clock, 20), gate).execute(operation), clock);
    await clock.run();
    expect(call).toEqual({ settled: 1, value: 'quick', atMs: 30 });
    expect(gate.outcomes).toEqual(['success', 'ignored']);
  });

  it('the deadline of the call: ignored', async () => {
    const clock = manualClock();
    const gate = Object.assign(recordingGate(), { clock });
    const call = watch(chain(gate).execute(hang, { timeoutMs: 30 }), clock);
    await clock.run();
    expect(call).toMatchObject({ atMs: 30, error: new TimeoutError(30, { strategy: 'deadline' }) });
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it('a result that comes after the end: not at all', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const late = script<number>(clock, { value: 1, afterMs: 60 }, { error: 'late', afterMs: 60 });
    const guarded = chain(gate, timeLimit(clock, 50));
    await Promise.all([guarded.try(late), guarded.try(late), clock.run()]);
    expect(gate.outcomes).toEqual(['failure', 'failure']);
  });
});

describe('a recovery', () => {
  it('is asked about each value, and may go on although the first succeeded', async () => {
    const gate = recordingGate();
    const picky = again(3, { accept: (value) => value === 3 });
    let count = 0;
    expect(await chain(picky, gate).execute(() => ++count)).toBe(3);
    expect(gate.outcomes).toEqual(['success', 'success', 'success']);
  });

  it('inside of another gets the first turn', async () => {
    const log: string[] = [];
    const noting = (name: string, hook: ReturnType<typeof again>): Hook => ({
      ...hook,
      recover: (...args) => {
        log.push(name);
        return hook.recover(...args);
      },
    });
    const gate = recordingGate();
    await chain(noting('outer', again(2)), noting('inner', again(3)), gate).try(fails('down'));
    expect(log).toEqual(['inner', 'outer', 'inner']);
    expect(gate.admitted).toHaveLength(6);
  });

  it('is not asked once the call has ended', async () => {
    const clock = manualClock();
    const guarded = chain(timeLimit(clock, 50), again(5, { clock }));
    const operation = script(clock, { error: 'down', afterMs: 50 });
    const call = watch(guarded.execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ error: { timeoutMs: 50 }, atMs: 50 });
    expect(operation.calls).toHaveLength(1);
  });
});

describe('a driver', () => {
  it('may lose interest in an attempt that fails', async () => {
    const driver: DriverHook = {
      kind: 'driver',
      name: 'driver',
      run: async (_call, start) => {
        start(1);
        return 'own';
      },
    };
    const gate = recordingGate();
    expect(await chain(driver, gate).execute(fails('down'))).toBe('own');
    await manualClock().advance(0);
    expect(gate.outcomes).toEqual(['failure']);
  });
});

describe('a gate that lets calls queue', () => {
  const queue = (
    clock: ReturnType<typeof manualClock>,
    waitMs: number,
    answer: (permit: number) => number | ReturnType<typeof rejection> = (permit) => permit,
  ) =>
    recordingGate(
      'queue',
      [],
      (permit) => new Promise((resolve) => clock.setTimer(() => resolve(answer(permit)), waitMs)),
    );

  it('holds the call until it answers', async () => {
    const clock = manualClock();
    const log: string[] = [];
    const gate = queue(clock, 20);
    const call = watch(
      chain(gate, recordingGate('in', log)).execute(() => log.push('operation')),
      clock,
    );
    await clock.advance(19);
    expect(log).toEqual([]);
    await clock.advance(1);
    expect(log).toEqual(['+in', 'operation', '-in']);
    expect(call.atMs).toBe(20);
    expect(gate.outcomes).toEqual(['success']);
  });

  it('may refuse late', async () => {
    const clock = manualClock();
    const outside = recordingGate();
    const gate = queue(clock, 20, () => rejection('ERR_SHUT', 'queue'));
    const call = watch(chain(outside, gate).execute(() => 1));
    await clock.run();
    expect(call.error).toBeInstanceOf(ShutError);
    expect([outside.outcomes, gate.outcomes]).toEqual([['ignored'], []]);
  });

  it('is left at once by a caller that aborts, and gets its permit back when it comes', async () => {
    const clock = manualClock();
    const gate = queue(clock, 20);
    const abort = new AbortController();
    const operation = script(clock, { value: 1 });
    const call = watch(chain(gate).execute(operation, { signal: abort.signal }), clock);
    await clock.advance(10);
    abort.abort('left');
    await clock.advance(0);
    expect(call).toEqual({ settled: 1, error: 'left', atMs: 10 });
    await clock.run();
    expect(gate.settled).toEqual([{ permit: 1, outcome: 'ignored', result: 'left' }]);
    expect(operation.calls).toHaveLength(0);
  });

  it('is left at once when a timeout around it runs out', async () => {
    const clock = manualClock();
    const gate = queue(clock, 90);
    const call = watch(
      chain(timeLimit(clock, 50), gate).execute(() => 1),
      clock,
    );
    await clock.advance(50);
    expect(call).toMatchObject({ settled: 1, error: { timeoutMs: 50 }, atMs: 50 });
    await clock.run();
    expect(gate.outcomes).toEqual(['ignored']);
  });
});

describe('a scope', () => {
  it('that cannot end calls strictly does not need to return a handle', async () => {
    const seen: unknown[] = [];
    const scope: ScopeHook = {
      kind: 'scope',
      name: 'scope',
      strict: false,
      enter: () => undefined,
      exit: (handle) => void seen.push(handle),
    };
    await chain(recordingGate(), scope).execute(() => 1);
    expect(seen).toEqual([undefined]);
  });
});
