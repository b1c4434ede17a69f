import { defineStrategy, type Hook } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { again } from '../again.ts';
import { recordingGate } from '../recording-gate.ts';
import { expectNoUnhandledRejections } from '../unhandled.ts';
import { watch } from '../watch.ts';
import { end, hang, setUp } from './set-up.ts';
import { collect, items, source } from './source.ts';

expectNoUnhandledRejections();

describe('a retry of a stream', () => {
  it('starts it again before its first item', async () => {
    const { clock, guarded, gate } = setUp(again(3));
    const sources = [source<number>(clock, [{ error: 'down' }]), source(clock, items(1, 2))];
    let opened = 0;
    expect(await collect(guarded.stream(() => sources[opened++] ?? ([] as never)))).toEqual([1, 2]);
    expect(opened).toBe(2);
    expect(gate.outcomes).toEqual(['success']);
  });

  it('starts it again when the first item is late', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const guarded = defineStrategy('again', [again(2, { clock }), gate]);
    const sources = [source<number>(clock, [hang]), source(clock, items(1))];
    const all = watch(
      collect(guarded.stream(({ attempt }) => sources[attempt - 1] ?? ([] as never), { firstItemMs: 50 })),
    );
    await clock.run();
    expect(all.value).toEqual([1]);
    expect(gate.outcomes).toEqual(['failure', 'success']);
    expect(sources.map(({ returned }) => returned)).toEqual([1, 0]);
  });

  it('never starts it again after its first item', async () => {
    const { clock, guarded, gate } = setUp(again(3));
    let opened = 0;
    const all = watch(
      collect(
        guarded.stream(() => {
          opened++;
          return source<number>(clock, [{ item: 1 }, { error: 'down' }]);
        }),
      ),
    );
    await clock.advance(0);
    expect(all.error).toBe('down');
    expect(opened).toBe(1);
    expect(gate.outcomes).toEqual(['failure']);
  });

  it('goes on behind the items delivered when it is told how', async () => {
    const clock = manualClock();
    const inner = recordingGate();
    const guarded = defineStrategy('again', [again(5, { clock, delayMs: 10 }), inner]);
    const asked: unknown[] = [];
    const stream = guarded.stream(() => source<number>(clock, [...items(1, 2), { error: 'down' }]), {
      resume: ({ delivered, last }, { attempt }) => {
        asked.push({ delivered, last, attempt });
        return source<number>(
          clock,
          attempt === 2
            ? [{ error: 'down' }]
            : [...items(last + 1), { error: 'down' }].slice(0, attempt === 4 ? 1 : 2),
        );
      },
    });
    const all = watch(collect(stream));
    await clock.run();
    expect(all.value).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([
      { delivered: 2, last: 2, attempt: 2 },
      { delivered: 2, last: 2, attempt: 3 },
      { delivered: 3, last: 3, attempt: 4 },
    ]);
    expect(inner.outcomes).toEqual(['failure', 'failure', 'failure', 'success']);
  });

  it('opens from the beginning, not with resume, when nothing was delivered', async () => {
    const { clock, guarded } = setUp(again(2));
    const sources = [source<number>(clock, [{ error: 'down' }]), source(clock, items(1))];
    const stream = guarded.stream(({ attempt }) => sources[attempt - 1] ?? ([] as never), {
      resume: () => {
        throw new Error('not asked');
      },
    });
    expect(await collect(stream)).toEqual([1]);
  });

  it('is given up by a consumer that leaves while it waits', async () => {
    const clock = manualClock();
    const gate = recordingGate();
    const guarded = defineStrategy('again', [gate, again(5, { clock, delayMs: 1_000 })]);
    let opened = 0;
    const stream = guarded.stream(
      () => {
        opened++;
        return source<number>(clock, [{ item: 1 }, { error: 'down' }]);
      },
      { resume: () => source(clock, items(2)) },
    );
    await stream.next();
    watch(stream.next());
    await clock.advance(10);
    expect(await stream.return?.()).toEqual(end);
    expect(clock.now()).toBe(10);
    await clock.run();
    expect(opened).toBe(1);
    expect(gate.outcomes).toEqual(['ignored']);
  });

  it('is not the only recovery that is over after the first item: a fallback is not asked either', async () => {
    const clock = manualClock();
    let asked = 0;
    const fallback: Hook = { kind: 'recovery', name: 'fallback', recover: async () => void asked++ };
    const guarded = defineStrategy('fallback', [fallback, recordingGate()]);
    const broken = source<number>(clock, [{ item: 1 }, { error: new Error('down') }]);
    await expect(collect(guarded.stream(() => broken))).rejects.toThrow('down');
    expect(asked).toBe(0);
  });
});
