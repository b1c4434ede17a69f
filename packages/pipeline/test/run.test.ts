import {
  defineStrategy,
  HoldfastError,
  rejection,
  type DriverHook,
  type Hook,
  type Operation,
} from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { hedged } from './hedged.ts';
import { recordingGate, ShutError } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';
import { expectNoUnhandledRejections } from './unhandled.ts';
import { watch } from './watch.ts';

expectNoUnhandledRejections();

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

  it('has no say when it is no function', async () => {
    const gate = recordingGate();
    await expect(chain(gate).execute(5 as never)).rejects.toThrow(TypeError);
    expect(gate.outcomes).toEqual([]);
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

  it.each([
    ['behind a retry', () => [again(2), shut()]],
    ['behind a hedge', () => [hedged(manualClock(), 5, 1), shut()]],
    ['behind a gate that waits', () => [recordingGate('queue', [], async (permit) => permit), shut()]],
    [
      'from a gate that waits',
      () => [recordingGate('q', [], async () => rejection('ERR_SHUT', 'shut', 250))],
    ],
  ])('answers a refusal %s with the plain object, too', async (_, hooks) => {
    const result = await chain(...hooks()).try(() => 1);
    expect(result).toStrictEqual({ ok: false, error: rejection('ERR_SHUT', 'shut', 250) });
    await expect(chain(...hooks()).execute(() => 1)).rejects.toThrow(ShutError);
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
