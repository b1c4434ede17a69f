import { createEmitter, defineStrategy, type Hook, type Operation } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { collect, items, source } from './stream/source.ts';
import { timeLimit } from './time-limit.ts';
import { watch } from './watch.ts';

const chain = (...hooks: readonly Hook[]) => defineStrategy('chain', hooks);
const hang = () => new Promise<never>(() => undefined);

describe('what opossum 10 gets wrong', () => {
  it('a synchronous operation that answers undefined is a success', async () => {
    const gate = recordingGate();
    expect(await chain(gate).execute(() => undefined)).toBeUndefined();
    expect(gate.outcomes).toEqual(['success']);
  });

  it('the timeout of one call leaves the signals of concurrent calls alone', async () => {
    const clock = manualClock();
    const guarded = chain(timeLimit(clock, 50));
    const signals: AbortSignal[] = [];
    const operation: Operation<string> = ({ signal }) => {
      signals.push(signal);
      return signals.length === 1 ? hang() : 'done';
    };
    watch(guarded.execute(operation));
    await clock.advance(40);
    const other = guarded.execute((ctx) => script(clock, { value: operation(ctx), afterMs: 30 })(ctx));
    await clock.run();
    expect(await other).toBe('done');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('refusals of a limit inside are no failures outside', async () => {
    const gate = recordingGate();
    const full = recordingGate('full', [], () => ({ code: 'ERR_FULL', strategy: 'full', retryAfterMs: 1 }));
    for (let i = 0; i < 3; i++) await chain(gate, full).try(() => 1);
    expect(gate.outcomes).toEqual(['ignored', 'ignored', 'ignored']);
  });

  it('a listener that throws while a call succeeds does not fail it', async () => {
    const errors: unknown[] = [];
    const emitter = createEmitter<{ type: 'call.succeeded' }>((error) => errors.push(error));
    emitter.subscribe(() => {
      throw new Error('listener');
    });
    const inner = recordingGate();
    const telling: Hook = { ...inner, settle: () => emitter.emit({ type: 'call.succeeded' }) };
    const outer = recordingGate();
    expect(await chain(outer, telling).execute(() => 1)).toBe(1);
    expect(outer.outcomes).toEqual(['success']);
    expect(errors).toHaveLength(1);
  });

  it('no timer holds the process once a call has settled', async () => {
    const clock = manualClock();
    await chain(timeLimit(clock, 50_000), again(2), timeLimit(clock, 10_000)).execute(() => 1);
    expect(clock.refedTimers).toBe(0);
  });
});

describe('what cockatiel 4 gets wrong', () => {
  it('an abort during a backoff of 600 ms settles at once, with one attempt', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const operation = script(clock, { error: 'down' });
    const guarded = chain(again(3, { clock, delayMs: 600 }));
    const call = watch(guarded.execute(operation, { signal: abort.signal }), clock);
    clock.setTimer(() => abort.abort('left'), 50);
    await clock.run();
    expect(call).toEqual({ settled: 1, error: 'left', atMs: 50 });
    expect(operation.calls).toHaveLength(1);
  });

  it('an abort is no timeout', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const call = watch(chain(timeLimit(clock, 10_000)).execute(hang, { signal: abort.signal }));
    abort.abort(new Error('left'));
    await clock.advance(0);
    expect(call.error).toEqual(new Error('left'));
  });

  it.each([true, false])(
    'a timeout is a TimeoutError for the operation, too (strict: %s)',
    async (strict) => {
      const clock = manualClock();
      const reasons: unknown[] = [];
      const operation: Operation<never> = ({ signal }) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(signal.reason);
          }),
        );
      const call = watch(chain(timeLimit(clock, 50, strict)).execute(operation));
      await clock.run();
      expect(reasons).toEqual([call.error]);
      expect(call.error).toMatchObject({ name: 'TimeoutError' });
    },
  );

  it('no signal aborts after success', async () => {
    const clock = manualClock();
    const signal = await chain(timeLimit(clock, 50)).execute((ctx) => ctx.signal);
    await clock.advance(100);
    expect(signal.aborted).toBe(false);
  });

  it('callers in a queue are heard when they abort', async () => {
    const clock = manualClock();
    const queue = recordingGate('queue', [], hang);
    const aborts = Array.from({ length: 100 }, () => new AbortController());
    const calls = aborts.map(({ signal }) => watch(chain(queue).execute(() => 1, { signal })));
    for (const abort of aborts) abort.abort('left');
    await clock.advance(0);
    expect(calls.every(({ error }) => error === 'left')).toBe(true);
  });
});

describe('what p-retry 9 gets wrong', () => {
  it.each(['text', undefined, new TypeError('fetch failed')])(
    '%s may be retried, and arrives as it was thrown',
    async (error) => {
      const operation = script(manualClock(), { error });
      await expect(chain(again(3)).execute(operation)).rejects.toBe(error);
      expect(operation.calls).toHaveLength(3);
    },
  );

  it('an abort is noticed during an attempt, which gets the signal', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const operation = script(clock, { value: 1, afterMs: 1_000 });
    const call = watch(chain(again(3)).execute(operation, { signal: abort.signal }), clock);
    await clock.advance(10);
    abort.abort('left');
    await clock.advance(0);
    expect(call).toEqual({ settled: 1, error: 'left', atMs: 10 });
    expect(operation.calls[0]?.signal.reason).toBe('left');
  });
});

describe('what all of them miss in streams', () => {
  it('one that breaks after its first chunk is a failure', async () => {
    const gate = recordingGate();
    const broken = source<number>(manualClock(), [{ item: 1 }, { error: new Error('broken') }]);
    await expect(collect(chain(gate).stream(() => broken))).rejects.toThrow('broken');
    expect(gate.outcomes).toEqual(['failure']);
  });

  it('a timeout fires although it has started', async () => {
    const clock = manualClock();
    const stalling = source<number>(clock, [...items(1), { item: 2, afterMs: 1_000 }]);
    const all = watch(collect(chain(timeLimit(clock, 100)).stream(() => stalling)), clock);
    await clock.run();
    expect(all).toMatchObject({ error: { code: 'ERR_TIMEOUT' }, atMs: 100 });
  });
});
