import { defineStrategy, pipeline } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from '../again.ts';
import { recordingGate } from '../recording-gate.ts';
import { timeLimit } from '../time-limit.ts';
import { watch } from '../watch.ts';

const hang = () => new Promise<never>(() => undefined);

describe('a call that has outlived a cooperative timeout', () => {
  const shapes = {
    'in one frame': [],
    'with a retry between': [defineStrategy('again', again(3))],
    'with two retries between': [defineStrategy('again', again(3)), defineStrategy('again', again(3))],
  };

  it.each(Object.entries(shapes))('settles when its caller aborts, %s', async (_, between) => {
    const clock = manualClock();
    const gate = recordingGate();
    const guarded = pipeline(
      defineStrategy('limit', timeLimit(clock, 100, false)),
      ...between,
      defineStrategy('gate', gate),
    );
    const abort = new AbortController();
    const call = watch(guarded.execute(hang, { signal: abort.signal }), clock);
    await clock.advance(200);
    expect(call.settled).toBe(0);
    abort.abort('the caller has left');
    await clock.advance(0);
    expect(call).toEqual({ settled: 1, error: 'the caller has left', atMs: 200 });
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it.each(Object.entries(shapes))('settles when a strict timeout inside runs out, %s', async (_, between) => {
    const clock = manualClock();
    const guarded = pipeline(
      defineStrategy('outer', timeLimit(clock, 100, false)),
      ...between,
      defineStrategy('inner', timeLimit(clock, 200)),
    );
    const call = watch(guarded.execute(hang), clock);
    await clock.advance(1_000);
    expect(call).toMatchObject({ settled: 1, error: { timeoutMs: 100 }, atMs: 200 });
  });

  it('tells those who listen for its end once', async () => {
    const clock = manualClock();
    const heard: unknown[] = [];
    const gate = recordingGate('gate', [], (permit, call) => {
      call.onEnd((reason) => heard.push(reason));
      return permit;
    });
    const guarded = pipeline(
      defineStrategy('limit', timeLimit(clock, 100, false)),
      defineStrategy('gate', gate),
    );
    const abort = new AbortController();
    const call = watch(guarded.execute(hang, { signal: abort.signal }));
    await clock.advance(100);
    abort.abort();
    await clock.advance(0);
    expect(call.settled).toBe(1);
    expect(heard).toMatchObject([{ timeoutMs: 100 }]);
  });
});
