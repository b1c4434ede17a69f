import {
  defineStrategy,
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
  it('that ends an attempt which has succeeded ends nothing', async () => {
    const signals: AbortSignal[] = [];
    const gate = recordingGate();
    const late: DriverHook = {
      kind: 'driver',
      name: 'driver',
      run: async (_call, start) => {
        const attempt = start(1);
        const value = await attempt.result;
        attempt.end('late');
        return value;
      },
    };
    expect(await chain(late, gate).execute(({ signal }) => signals.push(signal))).toBe(1);
    expect(signals[0]?.aborted).toBe(false);
    expect(gate.outcomes).toEqual(['success']);
  });

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
