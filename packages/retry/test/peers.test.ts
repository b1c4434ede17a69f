import { pipeline } from '@holdfast/pipeline';
import { manualClock, recordEvents, script } from '@holdfast/pipeline/testing';
import { AbortError } from 'p-retry';
import { describe, expect, it } from 'vitest';
import { retry } from '../src/index.ts';
import { shutGate } from './shut-gate.ts';
import { watch } from './watch.ts';

// Each of these was measured in p-retry 9 or cockatiel 4, and is not to be found here.

describe('defects of p-retry', () => {
  it('are not here: a thrown non-Error is retried, and not replaced by a TypeError', async () => {
    const clock = manualClock();
    const operation = script(clock, { error: 'plain text' });
    const call = watch(retry({ clock }).execute(operation));
    await clock.run();
    expect(operation.calls).toHaveLength(3);
    expect(call.error).toBe('plain text');
  });

  it('are not here: a TypeError is retried', async () => {
    const clock = manualClock();
    const call = watch(
      retry({ clock }).execute(script<number>(clock, { error: new TypeError('x') }, { value: 1 })),
    );
    await clock.run();
    expect(call.value).toBe(1);
  });

  it('are not here: its AbortError is not unwrapped', async () => {
    const clock = manualClock();
    const error = new AbortError('stop');
    const operation = script(clock, { error });
    const call = watch(retry({ clock }).execute(operation));
    await clock.run();
    expect(call.error).toBe(error);
    expect(operation.calls).toHaveLength(1);
  });

  it('are not here: every attempt gets a signal, and an abort is noticed while one runs', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const operation = script(clock, { value: 1, afterMs: 1_000 });
    const call = watch(retry({ clock }).execute(operation, { signal: abort.signal }), clock);
    await clock.advance(10);
    expect(operation.calls[0]?.signal.aborted).toBe(false);
    abort.abort('left');
    await clock.advance(0);
    expect(operation.calls[0]?.signal.aborted).toBe(true);
    expect(call).toMatchObject({ error: 'left', atMs: 10 });
  });

  it('are not here: delays are jittered by default', async () => {
    const clock = manualClock();
    const strategy = retry({ maxAttempts: 30, clock });
    const recorder = recordEvents(strategy);
    watch(strategy.execute(script(clock, { error: 1 })));
    await clock.run();
    expect(new Set(recorder.events.map((event) => 'delayMs' in event && event.delayMs)).size).toBeGreaterThan(
      10,
    );
  });

  it('are not here: the name and stack of the error stay as they were', async () => {
    const clock = manualClock();
    const error = new RangeError('mine');
    const before = { name: error.name, stack: error.stack, keys: Reflect.ownKeys(error) };
    const call = watch(retry({ clock }).execute(script(clock, { error })));
    await clock.run();
    expect(call.error).toBe(error);
    expect({ name: error.name, stack: error.stack, keys: Reflect.ownKeys(error) }).toEqual(before);
  });
});

describe('defects of cockatiel', () => {
  it('are not here: an abort is heard during the backoff, and no attempt follows', async () => {
    const clock = manualClock();
    const abort = new AbortController();
    const strategy = retry({ baseDelayMs: 600, backoff: 'constant', clock });
    const operation = script(clock, { error: 'down' });
    const call = watch(strategy.execute(operation, { signal: abort.signal }), clock);
    clock.setTimer(() => abort.abort('left'), 50);
    await clock.run();
    expect(call).toMatchObject({ error: 'left', atMs: 50 });
    expect(operation.calls).toHaveLength(1);
  });

  it('are not here: no retry is spent on what refuses admission', async () => {
    const gate = shutGate();
    const clock = manualClock();
    watch(pipeline(retry({ maxAttempts: 4, clock }), gate).execute(() => 1));
    await clock.run();
    expect(gate.asked).toBe(1);
  });

  it('are not here: the events of every strategy are heard, whatever stands around it', async () => {
    const clock = manualClock();
    const inner = retry({ maxAttempts: 2, clock });
    const recorder = recordEvents(inner);
    watch(pipeline(retry({ maxAttempts: 1, clock }), inner).execute(script(clock, { error: 1 })));
    await clock.run();
    expect(recorder.types).toEqual(['retry.scheduled', 'retry.exhausted']);
  });
});
