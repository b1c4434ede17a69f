import { defineStrategy, explain, pipeline, strategyHooks, type ForeignStrategy } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';
import { watch } from './watch.ts';

const hang = () => new Promise<never>(() => undefined);

describe('a pipeline', () => {
  it('is a strategy: pipelines of pipelines run the same hooks in the same order', async () => {
    const log: string[] = [];
    const [a, b, c] = ['a', 'b', 'c'].map((name) => defineStrategy(name, recordingGate(name, log))) as [
      ReturnType<typeof defineStrategy>,
      ReturnType<typeof defineStrategy>,
      ReturnType<typeof defineStrategy>,
    ];
    const nested = pipeline(pipeline(a), pipeline(pipeline(b, c)));
    expect(nested[strategyHooks]).toEqual(pipeline(a, b, c)[strategyHooks]);
    await nested.execute(() => log.push('operation'));
    expect(log).toEqual(['+a', '+b', '+c', 'operation', '-c', '-b', '-a']);
  });

  it('of nothing runs the operation', async () => {
    await expect(pipeline().execute(() => 1)).resolves.toBe(1);
    await expect(pipeline().try(() => 1)).resolves.toEqual({ ok: true, value: 1, degraded: false });
  });

  it('uses the clock of its first step that has one', async () => {
    const clock = manualClock();
    const guarded = pipeline(
      defineStrategy('gate', recordingGate()),
      defineStrategy('limit', timeLimit(clock, 50)),
      defineStrategy('other', timeLimit(manualClock(), 10)),
    );
    const call = watch(guarded.execute(hang, { timeoutMs: 20 }), clock);
    await clock.advance(20);
    expect(call).toMatchObject({ error: { strategy: 'deadline' }, atMs: 20 });
  });

  it('shares one strategy among several pipelines', async () => {
    const gate = recordingGate();
    const shared = defineStrategy('gate', gate);
    await pipeline(shared).execute(() => 1);
    await pipeline(defineStrategy('again', again(2)), shared).execute(() => 2);
    expect(gate.outcomes).toEqual(['success', 'success']);
  });

  it.each([
    [undefined, 'pipeline: strategy 2 must be an object, got undefined'],
    [null, 'pipeline: strategy 2 must be an object, got null'],
    ['retry', 'pipeline: strategy 2 must be an object, got a string of length 5'],
    [{}, 'pipeline: execute of strategy 2 must be a function, got undefined'],
    [{ execute: 5 }, 'pipeline: execute of strategy 2 must be a function, got a number'],
  ])('refuses %j', (wrong, message) => {
    const good = defineStrategy('gate', recordingGate());
    expect(() => pipeline(good, wrong as never)).toThrow(new TypeError(message));
  });
});

describe('a foreign policy in a pipeline', () => {
  /** Runs its function up to three times. */
  class Thrice implements ForeignStrategy {
    async execute<T>(operation: () => T | PromiseLike<T>): Promise<T> {
      for (let attempt = 1; ; attempt++) {
        try {
          return await operation();
        } catch (error) {
          if (attempt === 3) throw error;
        }
      }
    }
  }

  it('starts an attempt each time it calls its function', async () => {
    const gate = recordingGate();
    const guarded = pipeline(new Thrice(), defineStrategy('gate', gate));
    const attempts: number[] = [];
    const value = await guarded.execute((ctx) => {
      attempts.push(ctx.attempt);
      if (ctx.attempt < 3) throw new Error('down');
      return 'up';
    });
    expect(value).toBe('up');
    expect(attempts).toEqual([1, 2, 3]);
    expect(gate.outcomes).toEqual(['failure', 'failure', 'success']);
  });

  it('is told by the name of its class', () => {
    expect(explain(pipeline(new Thrice())).steps).toEqual([
      { type: 'Thrice', name: 'Thrice', kind: 'driver' },
    ]);
  });

  it('fails the call when it throws synchronously', async () => {
    const broken: ForeignStrategy = {
      execute: () => {
        throw new Error('broken');
      },
    };
    const gate = recordingGate();
    await expect(pipeline(defineStrategy('gate', gate), broken).execute(() => 1)).rejects.toThrow('broken');
    expect(gate.outcomes).toEqual(['failure']);
  });

  it('that stops waiting ends the attempts it leaves behind, which count as nothing', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const impatient: ForeignStrategy = {
      execute: <T>(operation: () => T | PromiseLike<T>) =>
        Promise.race([
          operation(),
          new Promise<never>((_, reject) => clock.setTimer(() => reject(new Error('late')), 10)),
        ]),
    };
    const operation = script(clock, { value: 1, afterMs: Infinity });
    const call = watch(pipeline(impatient, defineStrategy('gate', gate)).execute(operation));
    await clock.advance(10);
    expect(call.error).toEqual(new Error('late'));
    expect(gate.outcomes).toEqual(['ignored']);
    expect(operation.calls[0]?.signal.aborted).toBe(true);
  });

  it('that lets go of a call ends nothing that has succeeded', async () => {
    const clock = manualClock();
    const operation = script(clock, { value: 1 });
    await pipeline(new Thrice()).execute(operation);
    await clock.advance(0);
    expect(operation.calls[0]?.signal.aborted).toBe(false);
  });

  it('is left at once when the caller aborts', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const call = watch(pipeline(new Thrice()).execute(hang, { signal: abort.signal }), clock);
    abort.abort('left');
    await clock.advance(0);
    expect(call).toEqual({ settled: 1, error: 'left', atMs: 0 });
  });

  it('cannot start a stream again whose first item was delivered', async () => {
    let opened = 0;
    async function* source() {
      opened++;
      yield 1;
      throw new Error('broken');
    }
    const items: number[] = [];
    const read = async () => {
      for await (const item of pipeline(new Thrice()).stream(source)) items.push(item);
    };
    await expect(read()).rejects.toThrow('broken');
    expect(items).toEqual([1]);
    expect(opened).toBe(1);
  });
});
