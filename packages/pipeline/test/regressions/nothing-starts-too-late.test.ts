import { defineStrategy, isTimeout, pipeline, type ExecutionContext } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';

describe('what is not a function', () => {
  it('is refused by name before any strategy counts it', async () => {
    const gate = recordingGate();
    const guarded = defineStrategy('guarded', gate);
    const promise = Promise.resolve(1) as never;
    await expect(guarded.execute(promise)).rejects.toThrow('the operation must be a function, got object');
    const result = await guarded.try(promise);
    expect(!result.ok && result.error).toBeInstanceOf(TypeError);
    expect(() => guarded.wrap(3 as never)).toThrow('wrap: fn must be a function, got a number');
    expect(() => guarded.define(null as never)).toThrow('define: fn must be a function, got null');
    expect(gate.admitted).toEqual([]);
  });
});

describe('nothing starts too late', () => {
  it('a call within another whose time is over, although its signal has not aborted yet', async () => {
    const operation = script(manualClock(), { value: 1 });
    const within: ExecutionContext = {
      signal: new AbortController().signal,
      attempt: 1,
      attributes: {},
      remainingMs: () => 0,
    };
    const result = await pipeline().try(operation, { within });
    expect(!result.ok && isTimeout(result.error)).toBe(true);
    expect(operation.calls).toHaveLength(0);
  });

  it('an attempt of a call that has ended asks no gate', async () => {
    const log: string[] = [];
    const gate = recordingGate('gate', log);
    const abort = new AbortController();
    const late = defineStrategy('late', {
      kind: 'driver',
      name: 'late',
      run: async (_call, start) => {
        abort.abort(new Error('gone'));
        return start(1).result;
      },
    });
    const call = pipeline(late, defineStrategy('gate', gate)).execute(() => 1, { signal: abort.signal });
    await expect(call).rejects.toThrow('gone');
    expect(log).toEqual([]);
  });

  it.each([NaN, -1])('a call of cost %d', async (cost) => {
    await expect(pipeline().execute(() => 1, { cost })).rejects.toThrow(
      `call: cost must be a number >= 0, got ${cost}`,
    );
  });
});
