import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { hedge, retry } from '../src/index.ts';
import { watch } from './watch.ts';

const wait = (clock: ManualClock, ms: number) => new Promise<void>((resolve) => clock.setTimer(resolve, ms));

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('a retried stream', () => {
  it('starts again when it breaks before its first item', async () => {
    const clock = manualClock();
    const call = watch(
      collect(
        retry({ clock }).stream(async function* ({ attempt }) {
          if (attempt < 3) throw new Error('broken');
          yield attempt;
        }),
      ),
    );
    await clock.run();
    expect(call.value).toEqual([3]);
  });

  it('does not start again once an item was delivered', async () => {
    const clock = manualClock();
    const error = new Error('broken');
    let attempts = 0;
    const delivered: number[] = [];
    const stream = retry({ clock }).stream(async function* () {
      attempts++;
      yield 1;
      throw error;
    });
    const call = watch(
      (async () => {
        for await (const item of stream) delivered.push(item);
      })(),
    );
    await clock.run();
    expect(delivered).toEqual([1]);
    expect(call.error).toBe(error);
    expect(attempts).toBe(1);
  });

  it('does not start a third time when the second attempt delivered and broke', async () => {
    const clock = manualClock();
    let attempts = 0;
    const stream = retry({ maxAttempts: 5, clock }).stream(async function* () {
      attempts++;
      if (attempts > 1) yield attempts;
      throw new Error(`broken ${attempts}`);
    });
    const call = watch(collect(stream));
    await clock.run();
    expect(call.error).toEqual(new Error('broken 2'));
    expect(attempts).toBe(2);
  });

  it('goes on behind the items delivered when it can be resumed', async () => {
    const clock = manualClock();
    const stream = retry({ clock }).stream(
      async function* (): AsyncGenerator<number> {
        yield 1;
        yield 2;
        throw new Error('broken');
      },
      {
        resume: async function* ({ last }) {
          yield last + 1;
        },
      },
    );
    const call = watch(collect(stream));
    await clock.run();
    expect(call.value).toEqual([1, 2, 3]);
  });
});

describe('a hedged stream', () => {
  it('keeps the attempt that delivers first and ends the other', async () => {
    const clock = manualClock();
    const signals: AbortSignal[] = [];
    const stream = hedge({ delayMs: 100, maxHedges: 3, clock }).stream(async function* ({ attempt, signal }) {
      signals.push(signal);
      await wait(clock, attempt === 1 ? 1_000 : 50);
      yield attempt;
      await wait(clock, 5_000);
      yield attempt * 10;
    });
    const call = watch(collect(stream));
    await clock.run();
    expect(call.value).toEqual([2, 20]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('breaks with the attempt that has begun to deliver', async () => {
    const clock = manualClock();
    const error = new Error('broken');
    const stream = hedge({ delayMs: 100, clock }).stream(async function* ({ attempt }) {
      await wait(clock, attempt === 1 ? 150 : 1_000);
      yield attempt;
      throw error;
    });
    const call = watch(collect(stream), clock);
    await clock.run();
    expect(call).toMatchObject({ error, atMs: 150 });
  });
});
