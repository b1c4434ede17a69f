import { defineStrategy, type Hook } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { timeLimit } from '../time-limit.ts';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';
import { end, setUp } from './set-up.ts';
import { collect, items, source } from './source.ts';

expectNoUnhandledRejections();

describe('the items of a stream', () => {
  it('arrive in order, one for each request', async () => {
    const { clock, guarded, gate } = setUp();
    const stream = guarded.stream(() => source(clock, items(1, 2, 3)));
    for (const value of [1, 2, 3]) expect(await stream.next()).toEqual({ done: false, value });
    expect(gate.outcomes).toEqual([]);
    expect(await stream.next()).toEqual(end);
    expect(gate.outcomes).toEqual(['success']);
  });

  it('are pulled only on demand', async () => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, items(1, 2, 3));
    const stream = guarded.stream(() => from);
    await clock.advance(10);
    expect([gate.admitted.length, from.pulled]).toEqual([0, 0]);
    await stream.next();
    await clock.advance(10);
    expect(from.pulled).toBe(1);
    await stream.next();
    await clock.advance(10);
    expect(from.pulled).toBe(2);
  });

  it('answer requests made at once in their order', async () => {
    const { clock, guarded } = setUp();
    const stream = guarded.stream(() =>
      source(clock, [
        { item: 1, afterMs: 5 },
        { item: 2, afterMs: 5 },
      ]),
    );
    const answers = Promise.all([stream.next(), stream.next(), stream.next(), stream.next()]);
    await clock.run();
    expect(await answers).toEqual([{ done: false, value: 1 }, { done: false, value: 2 }, end, end]);
  });

  it('may be undefined, promises or errors', async () => {
    const { clock, guarded } = setUp();
    const odd = [undefined, null, new Error('an item'), 0];
    expect(await collect(guarded.stream(() => source<unknown>(clock, items(...odd))))).toEqual(odd);
  });

  it('may be none at all', async () => {
    const { clock, guarded, gate } = setUp();
    expect(await collect(guarded.stream(() => source(clock, [])))).toEqual([]);
    expect(gate.outcomes).toEqual(['success']);
  });
});

describe('a stream', () => {
  it('starts with the first request, not before', async () => {
    const { clock, guarded, gate } = setUp();
    let opened = 0;
    const stream = guarded.stream(() => {
      opened++;
      return source(clock, items(1));
    });
    expect([opened, gate.admitted.length]).toEqual([0, 0]);
    await stream.next();
    expect([opened, gate.admitted.length]).toEqual([1, 1]);
  });

  it('is its own iterator', () => {
    const { clock, guarded } = setUp();
    const stream = guarded.stream(() => source(clock, items(1)));
    expect(stream[Symbol.asyncIterator]()).toBe(stream);
  });

  it('that breaks in its middle is a failure, told once', async () => {
    const { clock, guarded, gate } = setUp();
    const error = new Error('broken');
    const from = source<number>(clock, [{ item: 1 }, { error }]);
    const stream = guarded.stream(() => from);
    await stream.next();
    const answers = [watch(stream.next()), watch(stream.next())];
    await clock.advance(0);
    expect(answers).toEqual([
      { settled: 1, error },
      { settled: 1, value: end },
    ]);
    expect(await stream.next()).toEqual(end);
    expect(gate.settled).toEqual([{ permit: 1, outcome: 'failure', result: error }]);
  });

  it('keeps a failure that came while nobody asked for the next request', async () => {
    const { clock, guarded, gate } = setUp(timeLimit(manualClock(), 1));
    const abort = new AbortController();
    const stream = guarded.stream(() => source(clock, items(1, 2)), { signal: abort.signal });
    await stream.next();
    abort.abort('left');
    await clock.advance(0);
    expect(gate.outcomes).toEqual(['ignored']);
    await expect(stream.next()).rejects.toBe('left');
    expect(await stream.next()).toEqual(end);
  });

  it('that a gate refuses throws its error at the first request', async () => {
    const { guarded } = setUp({
      ...recordingGate(),
      admit: () => ({ code: 'ERR_SHUT', strategy: 'gate', retryAfterMs: 5 }),
    });
    await expect(collect(guarded.stream(() => [] as never))).rejects.toMatchObject({ code: 'ERR_SHUT' });
  });

  it('tells gates when its first item arrived', async () => {
    const clock = manualClock();
    const responded: (number | undefined)[] = [];
    const gate = Object.assign(recordingGate(), { clock });
    const timing: Hook = {
      ...gate,
      settle: (_permit, _outcome, _result, call) => responded.push(call.respondedAtMs),
    };
    const stream = defineStrategy('gate', timing).stream(() =>
      source(clock, [
        { item: 1, afterMs: 30 },
        { item: 2, afterMs: 50 },
      ]),
    );
    const all = watch(collect(stream));
    await clock.run();
    expect(all.value).toEqual([1, 2]);
    expect(responded).toEqual([30]);
  });

  it('ends with the deadline of the call, also while the consumer is slow', async () => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, items(1, 2));
    const stream = guarded.stream(() => from, { timeoutMs: 50 });
    await stream.next();
    await clock.advance(50);
    await expect(stream.next()).rejects.toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 50 });
    expect(gate.outcomes).toEqual(['ignored']);
    expect(from.returned).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    [{ firstItemMs: -1 }, 'RangeError', 'stream: firstItemMs must be a number >= 0, got -1'],
    [{ idleMs: NaN }, 'RangeError', 'stream: idleMs must be a number >= 0, got NaN'],
    [{ idleMs: '5' as never }, 'TypeError', 'stream: idleMs must be a number >= 0, got "5"'],
  ])('refuses the options %j', (options, name, message) => {
    const { clock, guarded } = setUp();
    expect(() => guarded.stream(() => source(clock, []), options)).toThrow(
      expect.objectContaining({ name, message }),
    );
  });

  it('refuses a wrong deadline of the call at its first request', async () => {
    const { clock, guarded } = setUp();
    await expect(guarded.stream(() => source(clock, []), { timeoutMs: NaN }).next()).rejects.toThrow(
      RangeError,
    );
  });
});
