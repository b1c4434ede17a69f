import { defineStrategy } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { watch } from '../watch.ts';
import { collect } from './source.ts';

const guarded = (clock = manualClock()) => defineStrategy('gate', Object.assign(recordingGate(), { clock }));

const readable = <T>(items: readonly T[]) =>
  new ReadableStream<T>({
    start: (controller) => {
      for (const item of items) controller.enqueue(item);
      controller.close();
    },
  });

/** Hides that Node makes a `ReadableStream` iterable, as Safari does not. */
const asInSafari = <T>(stream: ReadableStream<T>) =>
  ({ getReader: () => stream.getReader() }) as unknown as ReadableStream<T>;

describe('the source of a stream', () => {
  it('may be an async generator', async () => {
    async function* source() {
      yield 1;
      yield await Promise.resolve(2);
    }
    expect(await collect(guarded().stream(source))).toEqual([1, 2]);
  });

  it('may come as a promise', async () => {
    const source = async () => readable([1, 2]);
    expect(await collect(guarded().stream(source))).toEqual([1, 2]);
  });

  it.each([true, false])('may be a ReadableStream, async iterable: %s', async (iterable) => {
    const stream = readable(['a', 'b', 'c']);
    expect(await collect(guarded().stream(() => (iterable ? stream : asInSafari(stream))))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it.each([true, false])(
    'is cancelled at once when it is a ReadableStream that stalls, async iterable: %s',
    async (iterable) => {
      const clock = manualClock();
      let cancelled = 0;
      const stream = new ReadableStream<number>({
        start: (controller) => controller.enqueue(1),
        cancel: () => void cancelled++,
      });
      const reading = guarded(clock).stream(() => (iterable ? stream : asInSafari(stream)), { idleMs: 50 });
      expect(await reading.next()).toEqual({ done: false, value: 1 });
      const second = watch(reading.next());
      await clock.advance(50);
      expect(second.error).toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 50 });
      expect(cancelled).toBe(1);
    },
  );

  it('may answer without a promise, as `for await` allows', async () => {
    const answers: IteratorResult<number>[] = [{ done: false, value: 1 }];
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => answers.shift() ?? { done: true, value: undefined } }),
    } as unknown as AsyncIterable<number>;
    expect(await collect(guarded().stream(() => source))).toEqual([1]);
  });

  it('needs no return method', async () => {
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false, value: 1 }) }),
    };
    for await (const item of guarded().stream(() => source)) {
      expect(item).toBe(1);
      break;
    }
  });

  it.each([
    ['a string', 'text'],
    ['null', null],
    ['an array', [1, 2]],
    ['undefined', undefined],
  ])('that is no stream, %s, fails the call with a TypeError', async (_, wrong) => {
    const gate = recordingGate();
    const stream = defineStrategy('gate', gate).stream(() => wrong as never);
    await expect(stream.next()).rejects.toThrow(TypeError);
    expect(gate.outcomes).toEqual(['failure']);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    [
      'opening it',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'its iterator',
      () =>
        ({
          [Symbol.asyncIterator]: () => {
            throw new Error('broken');
          },
        }) as never,
    ],
    [
      'its next method',
      () =>
        ({
          [Symbol.asyncIterator]: () => ({
            next: () => {
              throw new Error('broken');
            },
          }),
        }) as never,
    ],
  ])('may throw synchronously: %s', async (_, operation) => {
    const gate = recordingGate();
    await expect(defineStrategy('gate', gate).stream(operation).next()).rejects.toThrow('broken');
    expect(gate.outcomes).toEqual(['failure']);
  });
});
