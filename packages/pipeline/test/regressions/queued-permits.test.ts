import { defineStrategy, pipeline, type ScopeHook } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';

expectNoUnhandledRejections();

/** Ends the call as soon as it enters. */
const impatient: ScopeHook = {
  kind: 'scope',
  name: 'impatient',
  strict: true,
  enter: (call, scope) => {
    call.end(scope, new Error('no time'), true);
    return undefined;
  },
  exit: () => undefined,
};

describe('a gate that lets calls queue', () => {
  it('gets back the permit of a call that had ended before it queued', async () => {
    let grant: (permit: number) => void = () => undefined;
    const gate = recordingGate('queue', [], () => new Promise<number>((resolve) => (grant = resolve)));
    const guarded = pipeline(defineStrategy('scope', impatient), defineStrategy('gate', gate));
    const call = watch(guarded.execute(() => 1));
    await manualClock().advance(0);
    expect(call.error).toEqual(new Error('no time'));
    grant(7);
    await manualClock().advance(0);
    expect(gate.settled).toMatchObject([{ permit: 7, outcome: 'ignored' }]);
  });

  it('may reject the turn of a call that had ended before it queued', async () => {
    const gate = recordingGate(
      'queue',
      [],
      (_permit, call) => new Promise<number>((_resolve, reject) => call.onEnd(reject)),
    );
    const guarded = pipeline(defineStrategy('scope', impatient), defineStrategy('gate', gate));
    await expect(guarded.execute(() => 1)).rejects.toThrow('no time');
    expect(gate.settled).toEqual([]);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'gets back a permit that it grants %i microtasks before the caller aborts',
    async (gap) => {
      let grant: (permit: number) => void = () => undefined;
      const gate = recordingGate('queue', [], () => new Promise<number>((resolve) => (grant = resolve)));
      const abort = new AbortController();
      const call = watch(defineStrategy('gate', gate).execute(() => 1, { signal: abort.signal }));
      grant(7);
      for (let i = 0; i < gap; i++) await Promise.resolve();
      abort.abort();
      await manualClock().advance(0);
      expect(call.settled).toBe(1);
      expect(gate.settled).toMatchObject([{ permit: 7 }]);
    },
  );
});
