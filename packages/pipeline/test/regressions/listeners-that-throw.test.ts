import { defineStrategy, pipeline, TimeoutError, type Call, type ForeignStrategy } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { timeLimit } from '../time-limit.ts';

afterEach(() => vi.restoreAllMocks());

describe('a listener to the end of a call', () => {
  it('is reported when it throws, and holds up neither the caller nor the other listeners', async () => {
    const report = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const clock = manualClock();
    const heard: unknown[] = [];
    const listen = (call: Call) => {
      call.onEnd(() => {
        throw new Error('mine');
      });
      call.onEnd((reason) => heard.push(reason));
    };
    const gate = recordingGate('gate', [], (permit, call) => {
      listen(call);
      return permit;
    });
    const guarded = defineStrategy('guarded', [timeLimit(clock, 100), gate]);
    for (let i = 1; i <= 2; i++) {
      const call = guarded.try(() => new Promise(() => undefined));
      await clock.advance(100);
      const result = await call;
      expect(!result.ok && result.error).toBeInstanceOf(TimeoutError);
      expect(heard).toHaveLength(i);
      expect(report).toHaveBeenCalledTimes(i);
    }
  });
});

describe('a foreign policy', () => {
  it('needs no constructor', async () => {
    const policy = Object.assign(Object.create(null) as object, {
      execute: <T>(run: () => T | PromiseLike<T>) => Promise.resolve().then(run),
    }) as ForeignStrategy;
    await expect(pipeline(policy).execute(() => 1)).resolves.toBe(1);
  });
});
