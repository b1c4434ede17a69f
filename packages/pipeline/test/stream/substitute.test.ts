import { describe, expect, it, vi } from 'vitest';
import { defineStrategy, type RecoveryHook } from '../../src/index.ts';

/** A strategy that answers something else for whatever fails. */
function substituting(value: unknown) {
  const hook: RecoveryHook = {
    kind: 'recovery',
    name: 'substituting',
    accept: () => true,
    recover: () => Promise.resolve(value),
  };
  return defineStrategy('substituting', hook);
}

const down = new Error('down');
async function* failing(): AsyncGenerator<string> {
  await Promise.reject(down);
  yield 'never';
}
async function* items(...values: string[]): AsyncGenerator<string> {
  for (const value of values) yield await Promise.resolve(value);
}
async function read<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of stream) seen.push(item);
  return seen;
}

describe('a stream whose strategy answers a substitute', () => {
  it('delivers the items of an async iterable', async () => {
    expect(await read(substituting(items('a', 'b')).stream(failing))).toEqual(['a', 'b']);
  });

  it('delivers the items of a ReadableStream', async () => {
    const source = new ReadableStream<string>({
      start(controller) {
        controller.enqueue('a');
        controller.close();
      },
    });
    expect(await read(substituting(source).stream(failing))).toEqual(['a']);
  });

  it.each([[undefined], [null], ['text'], [{ items: [] }]])(
    'fails where that is %j, rather than end without an item',
    async (value) => {
      await expect(read(substituting(value).stream(failing))).rejects.toThrow(
        /stream: the operation must return an AsyncIterable or a ReadableStream/,
      );
    },
  );

  it('hands on an error of the substitute', async () => {
    await expect(read(substituting(failing()).stream(failing))).rejects.toBe(down);
  });

  it('closes the substitute when the consumer leaves', async () => {
    const closed = vi.fn();
    async function* endless() {
      try {
        for (;;) yield await Promise.resolve('again');
      } finally {
        closed();
      }
    }
    for await (const _item of substituting(endless()).stream(failing)) break;
    await Promise.resolve();
    expect(closed).toHaveBeenCalledOnce();
  });

  it('does not wait for a substitute that stalls when the caller aborts', async () => {
    const controller = new AbortController();
    async function* stalling() {
      yield await Promise.resolve('a');
      await new Promise(() => undefined);
    }
    const stream = substituting(stalling()).stream(failing, { signal: controller.signal });
    expect(await stream.next()).toEqual({ done: false, value: 'a' });
    const next = stream.next();
    controller.abort('enough');
    await expect(next).rejects.toBe('enough');
  });

  it('keeps to the items of the attempt where that has delivered any', async () => {
    async function* breaking() {
      yield await Promise.resolve('a');
      throw down;
    }
    const stream = substituting(items('b')).stream(breaking);
    expect(await stream.next()).toEqual({ done: false, value: 'a' });
    await expect(stream.next()).rejects.toBe(down);
  });
});
