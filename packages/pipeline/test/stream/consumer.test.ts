import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { timeLimit } from '../time-limit.ts';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';
import { end, hang, setUp } from './set-up.ts';
import { items, source } from './source.ts';

expectNoUnhandledRejections();

describe('a consumer that leaves', () => {
  it('before it asked for anything starts nothing', async () => {
    const { clock, guarded, gate } = setUp();
    const stream = guarded.stream(() => source(clock, items(1)));
    expect(await stream.return?.()).toEqual(end);
    expect(await stream.next()).toEqual(end);
    expect(gate.admitted).toEqual([]);
  });

  it('before the first item counts as nothing', async () => {
    const { clock, guarded, gate } = setUp();
    const from = source<number>(clock, [hang]);
    const stream = guarded.stream(() => from);
    const first = watch(stream.next());
    await clock.advance(5);
    expect(await stream.return?.()).toEqual(end);
    await clock.advance(0);
    expect(first.value).toEqual(end);
    expect(gate.outcomes).toEqual(['ignored']);
    expect(from.returned).toBe(1);
  });

  it('after the first item has had enough: success', async () => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, items(1, 2, 3));
    for await (const item of guarded.stream(() => from)) if (item === 2) break;
    expect(gate.outcomes).toEqual(['success']);
    expect([from.pulled, from.returned]).toEqual([2, 1]);
  });

  it('while it waits for an item, after the first: success, and the source is closed at once', async () => {
    const { clock, guarded, gate } = setUp(timeLimit(manualClock(), 9));
    const from = source<number>(clock, [{ item: 1 }, hang]);
    const stream = guarded.stream(() => from);
    await stream.next();
    const second = watch(stream.next());
    await clock.advance(5);
    await stream.return?.();
    await clock.advance(0);
    expect(second.value).toEqual(end);
    expect(gate.outcomes).toEqual(['success']);
    expect(from.returned).toBe(1);
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('%i microtasks after an item set out is no different', async (gap) => {
    const { clock, guarded, gate } = setUp();
    let send: (item: IteratorResult<number>) => void = () => undefined;
    let returned = 0;
    const iterator: AsyncIterator<number> = {
      next: () => new Promise((resolve) => (send = resolve)),
      return: async () => ({ done: true, value: returned++ }),
    };
    const stream = guarded.stream(() => ({ [Symbol.asyncIterator]: () => iterator }));
    const first = watch(stream.next());
    await clock.advance(0);
    send({ done: false, value: 1 });
    await clock.advance(0);
    const second = watch(stream.next());
    await clock.advance(0);
    send({ done: false, value: 2 });
    for (let i = 0; i < gap; i++) await Promise.resolve();
    expect(await stream.return?.()).toEqual(end);
    expect([first.settled, second.settled]).toEqual([1, 1]);
    expect(gate.outcomes).toEqual(['success']);
    expect(returned).toBe(1);
  });

  it('twice does nothing more', async () => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, items(1, 2));
    const stream = guarded.stream(() => from);
    await stream.next();
    expect(await Promise.all([stream.return?.(), stream.return?.()])).toEqual([end, end]);
    expect([gate.outcomes, from.returned]).toEqual([['success'], 1]);
  });

  it('by throwing in its loop is like one that breaks off', async () => {
    const { clock, guarded, gate } = setUp();
    const reading = async () => {
      for await (const item of guarded.stream(() => source(clock, items(1, 2))))
        throw new Error(`own ${item}`);
    };
    await expect(reading()).rejects.toThrow('own 1');
    expect(gate.outcomes).toEqual(['success']);
  });

  it.each([
    ['hangs', () => new Promise<never>(() => undefined)],
    ['rejects', () => Promise.reject(new Error('return'))],
    [
      'throws',
      () => {
        throw new Error('return');
      },
    ],
  ])('is not held up by a source whose return() %s', async (_, onReturn) => {
    const { clock, guarded, gate } = setUp();
    const from = source(clock, items(1, 2), onReturn);
    const stream = guarded.stream(() => from);
    await stream.next();
    expect(await stream.return?.()).toEqual(end);
    expect([gate.outcomes, from.returned]).toEqual([['success'], 1]);
  });

  it('aborts the signal of the source, before the first item and after it', async () => {
    const { clock, guarded } = setUp();
    const signals: AbortSignal[] = [];
    const open = (pull: typeof hang | { item: number }) =>
      guarded.stream(({ signal }) => {
        signals.push(signal);
        return source<number>(clock, [pull]);
      });
    const early = open(hang);
    watch(early.next());
    await early.return?.();
    const late = open({ item: 1 });
    await late.next();
    await late.return?.();
    for (const { aborted, reason } of signals) {
      expect(aborted).toBe(true);
      expect(reason).toMatchObject({ name: 'AbortError' });
    }
  });
});
