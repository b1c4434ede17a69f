import { defineStrategy, type CallOptions, type Hook, type Operation } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';
import { expectNoUnhandledRejections } from './unhandled.ts';
import { watch } from './watch.ts';

expectNoUnhandledRejections();

const hang = () => new Promise<never>(() => undefined);
const chain = (...hooks: readonly Hook[]) => defineStrategy('chain', hooks);

describe('the abort of a caller', () => {
  const reasons: [string, unknown][] = [
    ['an error', new Error('left')],
    ['a string', 'left'],
    ['null', null],
    ['what looks like a rejection', { code: 'ERR_X', strategy: 'x', retryAfterMs: 1 }],
  ];

  it.each(reasons)('arrives at the caller, the operation and the gates untouched: %s', async (_, reason) => {
    const gate = recordingGate();
    const abort = new AbortController();
    const signals: AbortSignal[] = [];
    const call = watch(
      chain(gate).execute(
        (ctx) => {
          signals.push(ctx.signal);
          return hang();
        },
        { signal: abort.signal },
      ),
    );
    abort.abort(reason);
    await manualClock().advance(0);
    expect(call).toEqual({ settled: 1, error: reason });
    expect(signals[0]?.reason).toBe(reason);
    expect(gate.settled).toEqual([{ permit: 1, outcome: 'ignored', result: reason }]);
  });

  it('without a reason gives the platform’s AbortError', async () => {
    const abort = new AbortController();
    const call = watch(chain(recordingGate()).execute(hang, { signal: abort.signal }));
    abort.abort();
    await manualClock().advance(0);
    expect(call.error).toBe(abort.signal.reason);
  });

  it('before the call starts nothing, and asks no gate', async () => {
    const log: string[] = [];
    const clock = manualClock();
    const guarded = chain(recordingGate('gate', log), timeLimit(clock, 5, true, log), again(2));
    const options: CallOptions = { signal: AbortSignal.abort('left'), timeoutMs: 50 };
    await expect(guarded.execute(() => log.push('operation'), options)).rejects.toBe('left');
    expect(await guarded.try(() => log.push('operation'), options)).toEqual({ ok: false, error: 'left' });
    expect(log).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('while a gate admits starts nothing further inside', async () => {
    const abort = new AbortController();
    const gate = recordingGate('gate', [], (permit) => {
      abort.abort('left');
      return permit;
    });
    const operation = script(manualClock(), { value: 1 });
    await expect(chain(gate).execute(operation, { signal: abort.signal })).rejects.toBe('left');
    expect(operation.calls).toEqual([]);
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it('after success changes nothing', async () => {
    const gate = recordingGate();
    const abort = new AbortController();
    expect(await chain(gate).execute(() => 1, { signal: abort.signal })).toBe(1);
    abort.abort();
    expect(gate.outcomes).toEqual(['success']);
  });

  it('wins over an operation that fails because of it', async () => {
    const abort = new AbortController();
    const heeding: Operation<never> = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('socket closed'))));
    const call = watch(chain(again(3), recordingGate()).execute(heeding, { signal: abort.signal }));
    abort.abort('left');
    await manualClock().advance(0);
    expect(call.error).toBe('left');
  });
});

describe('the deadline of a call', () => {
  it('of 0 ms starts nothing', async () => {
    const clock = manualClock();
    const gate = Object.assign(recordingGate(), { clock });
    const operation = script(clock, { value: 1 });
    const call = watch(chain(gate).execute(operation, { timeoutMs: 0 }), clock);
    await clock.advance(0);
    expect(call).toMatchObject({
      atMs: 0,
      error: { code: 'ERR_TIMEOUT', strategy: 'deadline', timeoutMs: 0 },
    });
    expect(operation.calls).toEqual([]);
    expect(gate.admitted).toEqual([]);
  });

  it('of a fraction of a millisecond lets the call start', async () => {
    const clock = manualClock();
    const gate = Object.assign(recordingGate(), { clock });
    expect(await chain(gate).execute(() => 'quick', { timeoutMs: 0.5 })).toBe('quick');
    const slow = watch(chain(gate).execute(hang, { timeoutMs: 0.5 }), clock);
    await clock.run();
    expect(slow).toMatchObject({ atMs: 0.5, error: { timeoutMs: 0.5 } });
  });

  it.each([2 ** 31, Number.MAX_SAFE_INTEGER])('of %i ms does not pass early', async (timeoutMs) => {
    const clock = manualClock();
    const gate = Object.assign(recordingGate(), { clock });
    const call = watch(chain(gate).execute(hang, { timeoutMs }), clock);
    await clock.advance(2 ** 31 - 1);
    expect(call.settled).toBe(0);
    await clock.run();
    expect(call).toMatchObject({ atMs: timeoutMs, error: { timeoutMs } });
  });

  it('of Infinity costs no timer', () => {
    const clock = manualClock();
    watch(chain(Object.assign(recordingGate(), { clock })).execute(hang, { timeoutMs: Infinity }));
    expect(clock.pendingTimers).toBe(0);
  });

  it('holds a process until it passes, and lets go of it when the call settles', async () => {
    const clock = manualClock();
    const gate = Object.assign(recordingGate(), { clock });
    const operation = script(clock, { value: 1, afterMs: 10 });
    watch(chain(gate).execute(operation, { timeoutMs: 50 }));
    expect(clock.refedTimers).toBe(2);
    await clock.advance(10);
    expect(clock.pendingTimers).toBe(0);
  });

  it('covers the waits between attempts', async () => {
    const clock = manualClock();
    const operation = script(clock, { error: 'down' });
    const guarded = chain(again(9, { clock, delayMs: 30 }));
    const call = watch(guarded.execute(operation, { timeoutMs: 50 }), clock);
    await clock.run();
    expect(call).toMatchObject({ atMs: 50, error: { strategy: 'deadline' } });
    expect(operation.calls).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('several ends of one call', () => {
  it('the outer of two timeouts that are due together gives the reason', async () => {
    const clock = manualClock();
    const [outside, between] = [recordingGate(), recordingGate()];
    const guarded = chain(outside, timeLimit(clock, 50), between, timeLimit(clock, 50), again(2));
    const call = watch(guarded.execute(hang), clock);
    await clock.run();
    expect(call).toMatchObject({ settled: 1, atMs: 50, error: { strategy: 'limit 50' } });
    expect(outside.outcomes).toEqual(['failure']);
  });

  it('the deadline ends what an abort has not', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const gate = Object.assign(recordingGate(), { clock });
    const call = watch(chain(gate).execute(hang, { signal: abort.signal, timeoutMs: 50 }), clock);
    await clock.advance(50);
    abort.abort('late');
    await clock.advance(0);
    expect(call).toMatchObject({ settled: 1, error: { code: 'ERR_TIMEOUT' }, atMs: 50 });
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it('a retry goes on after the timeout of an attempt, but not after that of the call', async () => {
    const clock = manualClock();
    const guarded = chain(timeLimit(clock, 120), again(9, { clock }), timeLimit(clock, 50));
    const operation = script(clock, { value: 1, afterMs: Infinity });
    const call = watch(guarded.execute(operation), clock);
    await clock.run();
    expect(call).toMatchObject({ atMs: 120, error: { timeoutMs: 120 } });
    expect(operation.calls).toHaveLength(3);
  });
});
