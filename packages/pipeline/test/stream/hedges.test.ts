import { defineStrategy, pipeline } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { hedged } from '../hedged.ts';
import { recordingGate } from '../recording-gate.ts';
import { timeLimit } from '../time-limit.ts';
import { watch } from '../watch.ts';
import { collect, items, source, type Source } from './source.ts';

const hang = { hang: true } as const;

describe('hedged streams', () => {
  it('deliver the items of the attempt that is first, and only those', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const guarded = pipeline(defineStrategy('hedge', hedged(clock, 10, 3)), defineStrategy('gate', gate));
    const sources = [
      source(clock, [{ item: 'a1', afterMs: 40 }, ...items('a2')]),
      source(clock, [{ item: 'b1', afterMs: 20 }, ...items('b2', 'b3')]),
      source(clock, [{ item: 'c1', afterMs: 10 }, ...items('c2')]),
    ];
    const all = watch(collect(guarded.stream(({ attempt }) => sources[attempt - 1] as Source<string>)));
    await clock.run();
    expect(all.value).toEqual(['b1', 'b2', 'b3']);
    expect(gate.outcomes).toEqual(['ignored', 'ignored', 'success']);
    expect(sources.map(({ returned }) => returned)).toEqual([1, 0, 1]);
  });

  it.each([0, 1])('close the source of the loser at once, although it hangs: %i', async (winner) => {
    const clock = manualClock();
    const guarded = pipeline(defineStrategy('hedge', hedged(clock, 10)));
    const sources = [0, 1].map((index) =>
      source(clock, index === winner ? [{ item: index, afterMs: 20 }, hang] : [hang]),
    );
    const stream = guarded.stream(({ attempt }) => sources[attempt - 1] as Source<number>);
    const first = watch(stream.next());
    await clock.run();
    expect(first.value).toEqual({ done: false, value: winner });
    expect(sources.map(({ returned }) => returned)).toEqual(winner === 0 ? [0, 1] : [1, 0]);
  });

  it('deliver the items of one attempt alone when those of two arrive in the same turn', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const guarded = pipeline(defineStrategy('hedge', hedged(clock, 10)), defineStrategy('gate', gate));
    const send: (() => void)[] = [];
    let returned = 0;
    const source = (name: string): AsyncIterable<string> => {
      const left = [`${name}1`, `${name}2`];
      const next = () =>
        new Promise<IteratorResult<string>>((resolve) => {
          const value = left.shift();
          send.push(() => resolve(value === undefined ? { done: true, value } : { done: false, value }));
        });
      return {
        [Symbol.asyncIterator]: () => ({ next, return: async () => ({ done: true, value: returned++ }) }),
      };
    };
    const all = watch(collect(guarded.stream(({ attempt }) => source(attempt === 1 ? 'a' : 'b'))));
    await clock.advance(10);
    expect(send).toHaveLength(2);
    while (send.length > 0) {
      for (const act of send.splice(0)) act();
      await clock.advance(0);
    }
    expect(all.value).toEqual(['a1', 'a2']);
    expect(gate.outcomes).toEqual(['ignored', 'success']);
    expect(returned).toBe(1);
  });

  it('do not stop one attempt when the other runs out of its own time', async () => {
    const clock = manualClock();
    const guarded = pipeline(
      defineStrategy('hedge', hedged(clock, 50)),
      defineStrategy('limit', timeLimit(clock, 100)),
    );
    const sources = [source<number>(clock, [hang]), source(clock, [{ item: 2, afterMs: 80 }])];
    const all = watch(
      collect(guarded.stream(({ attempt }) => sources[attempt - 1] as Source<number>)),
      clock,
    );
    await clock.run();
    expect(all).toMatchObject({ settled: 1, value: [2], atMs: 130 });
    expect(sources.map(({ returned }) => returned)).toEqual([1, 0]);
  });

  it('hear the end of one attempt only when all have failed', async () => {
    const clock = manualClock();
    const guarded = pipeline(defineStrategy('hedge', hedged(clock, 10)));
    const sources = [
      source<number>(clock, [{ error: new Error('first'), afterMs: 15 }]),
      source<number>(clock, [{ error: new Error('second'), afterMs: 15 }]),
    ];
    const all = watch(
      collect(guarded.stream(({ attempt }) => sources[attempt - 1] as Source<number>)),
      clock,
    );
    await clock.run();
    expect(all).toMatchObject({ error: new Error('second'), atMs: 25 });
  });
});
