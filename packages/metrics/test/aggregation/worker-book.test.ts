import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepartedTotals } from '../../src/aggregation/departed.ts';
import { mergeStates, ownAggregator } from '../../src/aggregation/merge.ts';
import { WorkerBook } from '../../src/aggregation/worker-book.ts';
import { readState, type WorkerState } from '../../src/aggregation/worker-state.ts';
import { createMetrics, type Metrics } from '../../src/index.ts';

const BUCKETS = [1, 10];

function instruments(metrics: Metrics) {
  return {
    jobs: metrics.counter({ name: 'jobs_total', help: 'J', labels: ['kind'] }),
    took: metrics.histogram({ name: 'job_seconds', help: 'J', labels: ['kind'], buckets: BUCKETS }),
  };
}

const stateOf = (metrics: Metrics) => readState(metrics.registry, () => undefined);

/** Every number of the sum, by name and labels. */
function sumOf(book: WorkerBook): Map<string, number> {
  const all = mergeStates(book.states(), ownAggregator).flatMap(({ samples }) => samples);
  return new Map(all.map(([name, labels, value]) => [name + JSON.stringify(labels), Number(value)]));
}

type Step =
  | { readonly do: 'work'; readonly worker: number; readonly kind: string; readonly value: number }
  | { readonly do: 'tell' | 'die' | 'farewell'; readonly worker: number }
  | { readonly do: 'reset'; readonly worker: number; readonly kept: boolean };

const worker = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('work' as const),
    worker,
    kind: fc.constantFrom('a', 'b'),
    value: fc.nat(20),
  }),
  fc.record({
    do: fc.constantFrom('tell' as const, 'die' as const, 'farewell' as const),
    worker,
  }),
  fc.record({ do: fc.constant('reset' as const), worker, kept: fc.boolean() }),
);

describe('what workers have counted in sum', () => {
  it('never falls, and misses only what nobody has told, however they come and go', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const book = new WorkerBook(100);
        const living = new Map<number, { readonly key: string; readonly metrics: Metrics }>();
        /** What each worker counted since it told something last; and all that was ever told. */
        const untold = new Map<number, number>();
        let told = 0;
        let births = 0;
        let before = new Map<string, number>();
        for (const each of steps) {
          const { worker: id } = each;
          const life = living.get(id) ?? { key: `w${births++}`, metrics: createMetrics() };
          living.set(id, life);
          book.arrive(life.key);
          const { jobs, took } = instruments(life.metrics);
          const tell = async (farewell: boolean) => {
            book.hear(life.key, await stateOf(life.metrics), farewell);
            told += untold.get(id) ?? 0;
            untold.delete(id);
          };
          switch (each.do) {
            case 'work':
              jobs.inc({ kind: each.kind }, each.value);
              took.observe({ kind: each.kind }, each.value);
              untold.set(id, (untold.get(id) ?? 0) + each.value);
              break;
            case 'tell':
              await tell(false);
              break;
            case 'reset':
              // Without another look nobody can know that it began anew, unless a number is smaller than before.
              await tell(false);
              jobs.reset();
              took.reset();
              if (each.kept) {
                jobs.init({ kind: 'a' }, { kind: 'b' });
                took.init({ kind: 'a' }, { kind: 'b' });
              }
              await tell(false);
              break;
            case 'farewell':
              await tell(true);
              living.delete(id);
              break;
            case 'die':
              book.leave(life.key);
              untold.delete(id);
              living.delete(id);
              break;
          }
          const now = sumOf(book);
          for (const [key, value] of before) expect(now.get(key) ?? 0, key).toBeGreaterThanOrEqual(value);
          before = now;
        }
        const total = [...before].filter(([key]) => key.startsWith('jobs_total'));
        expect(total.reduce((all, [, value]) => all + value, 0)).toBe(told);
        for (const kind of ['a', 'b']) {
          const at = (le: number | string) =>
            before.get(`job_seconds_bucket${JSON.stringify({ kind, le })}`) ?? 0;
          const count = before.get(`job_seconds_count${JSON.stringify({ kind })}`) ?? 0;
          expect(at(1)).toBeLessThanOrEqual(at(10));
          expect(at(10)).toBeLessThanOrEqual(at('+Inf'));
          expect(at('+Inf')).toBe(count);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('totals of workers that are gone', () => {
  const counted = (kind: string, value: number): WorkerState => [
    {
      name: 'c_total',
      help: 'C',
      type: 'counter',
      aggregator: 'sum',
      samples: [['c_total', { kind }, value]],
    },
    { name: 'g', help: 'G', type: 'gauge', aggregator: 'sum', samples: [['g', {}, value]] },
  ];

  it('are bounded: kinds without room count together, and nothing is lost', () => {
    const departed = new DepartedTotals(3);
    for (let i = 0; i < 1_000; i++) departed.keep(counted(`user ${i}`, 2));
    const [counter] = departed.state;
    expect(counter?.samples).toEqual([
      ['c_total', { kind: 'user 0' }, 2],
      ['c_total', { kind: 'user 1' }, 2],
      ['c_total', { kind: 'user 2' }, 2],
      ['c_total', { overflow: 'true' }, 2 * 997],
    ]);
  });

  it('have no levels', () => {
    const departed = new DepartedTotals(3);
    departed.keep(counted('a', 1));
    expect(departed.state.find(({ name }) => name === 'g')?.samples ?? []).toEqual([]);
  });

  it('of histograms without room keep their buckets', async () => {
    const departed = new DepartedTotals(1);
    for (const kind of ['a', 'b', 'c']) {
      const metrics = createMetrics();
      instruments(metrics).took.observe({ kind }, 5);
      departed.keep(await stateOf(metrics));
    }
    const samples = departed.state.find(({ name }) => name === 'job_seconds')?.samples ?? [];
    expect(
      samples.filter(([, labels]) => 'overflow' in labels).map(([name, { le }, value]) => [name, le, value]),
    ).toEqual([
      ['job_seconds_bucket', 1, 0],
      ['job_seconds_bucket', 10, 2],
      ['job_seconds_bucket', '+Inf', 2],
      ['job_seconds_sum', undefined, 10],
      ['job_seconds_count', undefined, 2],
    ]);
  });
});

describe('a round of questions', () => {
  it('ends with the last answer', async () => {
    const clock = manualClock();
    const book = new WorkerBook(10);
    for (const key of ['a', 'b']) book.arrive(key);
    const round = book.gather(['a', 'b'], clock, 100);
    book.hear('a', [], false);
    book.leave('b');
    await round;
    expect(book.counts).toEqual({ workers: 1, late: 0 });
    expect(book.timeouts).toBe(0);
  });

  it('waits only once for a worker that never tells anything', async () => {
    const clock = manualClock();
    const book = new WorkerBook(10);
    book.arrive('mute');
    const first = book.gather(['mute'], clock, 100);
    await clock.advance(100);
    await first;
    expect(book.timeouts).toBe(1);
    await book.gather(['mute'], clock, 100); // no time passes, and it ends
    book.hear('mute', [], false);
    const third = book.gather(['mute'], clock, 100);
    await clock.advance(100);
    await third;
    expect(book.timeouts).toBe(2);
  });

  it('takes what comes too late as the last known numbers', async () => {
    const clock = manualClock();
    const book = new WorkerBook(10);
    book.arrive('slow');
    const round = book.gather(['slow'], clock, 100);
    await clock.advance(100);
    await round;
    const metrics = createMetrics();
    instruments(metrics).jobs.inc({ kind: 'a' }, 4);
    book.hear('slow', await stateOf(metrics), false);
    expect(sumOf(book).get('jobs_total{"kind":"a"}')).toBe(4);
  });

  it('ignores those that it does not know', async () => {
    const book = new WorkerBook(10);
    book.hear('stranger', [], false);
    book.leave('stranger');
    await book.gather(['stranger'], manualClock(), 100);
    expect(book.counts).toEqual({ workers: 0, late: 0 });
    expect(book.exits).toBe(0);
  });
});
