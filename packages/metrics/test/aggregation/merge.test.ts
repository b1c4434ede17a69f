import * as client from 'prom-client';
import * as successor from '@prometheus-io/client';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeStates, ownAggregator } from '../../src/aggregation/merge.ts';
import { readState, seriesKey, type WorkerState } from '../../src/aggregation/worker-state.ts';
import { createMetrics } from '../../src/index.ts';

const fail = (error: unknown) => {
  throw error;
};

/** The values of a family by name and labels. */
function valuesOf(state: WorkerState, family: string): Record<string, number> {
  const samples = state.find(({ name }) => name === family)?.samples ?? [];
  const entries = samples.map(([name, labels, value]) => [
    [name, ...Object.values(labels)].join(' '),
    Number(value),
  ]);
  return Object.fromEntries(entries) as Record<string, number>;
}

function gauge(aggregator: string, value: number): WorkerState {
  return [{ name: 'g', help: 'G', type: 'gauge', aggregator, samples: [['g', {}, value]] }];
}

describe('merging', () => {
  it.each([
    ['sum', 9],
    ['first', 2],
    ['min', 1],
    ['max', 6],
    ['average', 3],
    ['nonsense', 9],
  ])('makes of the gauges of three workers, by %s, %d', (aggregator, expected) => {
    const merged = mergeStates(
      [2, 6, 1].map((value) => gauge(aggregator, value)),
      ownAggregator,
    );
    expect(valuesOf(merged, 'g')).toEqual({ g: expected });
  });

  it('leaves out a family that is to be omitted', () => {
    expect(mergeStates([gauge('omit', 1)], ownAggregator)).toEqual([]);
  });

  it('adds up totals whatever their aggregator, because any other way could make them fall', () => {
    const counter = (value: number): WorkerState => [
      { name: 'c_total', help: 'C', type: 'counter', aggregator: 'min', samples: [['c_total', {}, value]] },
    ];
    expect(valuesOf(mergeStates([counter(2), counter(5)], ownAggregator), 'c_total')).toEqual({ c_total: 7 });
  });

  it('leaves out what a worker has under the same name as another kind of metric', () => {
    const counter: WorkerState = [
      { name: 'g', help: 'G', type: 'counter', aggregator: 'sum', samples: [['g', {}, 5]] },
    ];
    expect(valuesOf(mergeStates([gauge('sum', 2), counter], ownAggregator), 'g')).toEqual({ g: 2 });
  });

  it('keeps series apart whatever characters their labels hold', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', '|', ',', ':', '"', '\\', '\n') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text)), fc.array(fc.tuple(text, text)), async (one, two) => {
        const states = await Promise.all(
          [one, two].map((tuples) => {
            const metrics = createMetrics();
            const counter = metrics.counter({ name: 'c_total', help: 'C', labels: ['a', 'b'] });
            for (const [a, b] of tuples) counter.inc({ a, b });
            return readState(metrics.registry, fail);
          }),
        );
        const [merged] = mergeStates(states, ownAggregator);
        const expected = new Map<string, number>();
        for (const tuple of [...one, ...two]) {
          const key = JSON.stringify(tuple);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        const got = new Map(
          (merged?.samples ?? []).map(([, { a, b }, value]) => [JSON.stringify([a, b]), value]),
        );
        expect(got).toEqual(expected);
      }),
    );
  });
});

const { Counter, Gauge, Registry } = client;

describe.each([
  ['prom-client', client],
  ['@prometheus-io/client', successor as unknown as typeof client],
])('metrics of %s', (_, library) => {
  it('are merged as it would merge them itself', async () => {
    const registries = [1, 2, 3].map((factor) => {
      const registry = new library.Registry();
      const registers = [registry];
      new library.Counter({ name: 'c_total', help: 'C', labelNames: ['k'], registers }).inc(
        { k: 'x' },
        factor,
      );
      for (const aggregator of ['sum', 'first', 'min', 'max', 'average', 'omit'] as const) {
        new library.Gauge({ name: `g_${aggregator}`, help: 'G', aggregator, registers }).set(factor * 10);
      }
      const histogram = new library.Histogram({ name: 'h', help: 'H', buckets: [1, 2], registers });
      histogram.observe(factor);
      return registry;
    });
    const answers = await Promise.all(registries.map((each) => each.getMetricsAsJSON()));
    const theirs = library.AggregatorRegistry.aggregate(answers);
    const states = await Promise.all(registries.map((each) => readState(each as never, fail)));
    const ours = mergeStates(states, ownAggregator);
    const expected = await readState(theirs, fail);
    expect(ours.map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    for (const { name } of ours) expect(valuesOf(ours, name)).toEqual(valuesOf(expected, name));
  });
});

describe('the state of a worker', () => {
  it('survives JSON, whatever the numbers are', async () => {
    const metrics = createMetrics();
    const levels = metrics.gauge({ name: 'level', help: 'L', labels: ['of'] });
    for (const value of [NaN, Infinity, -Infinity, -0.5]) levels.set({ of: String(value) }, value);
    const state = await readState(metrics.registry, fail);
    const [merged] = mergeStates([JSON.parse(JSON.stringify(state)) as WorkerState], ownAggregator);
    expect(merged?.samples.map(([, , value]) => value)).toEqual([NaN, Infinity, -Infinity, -0.5]);
  });

  it('has whole names of counters from a registry that writes OpenMetrics', async () => {
    const registry = new Registry<client.OpenMetricsContentType>();
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    createMetrics({ registry }).counter({ name: 'ours_total', help: 'O' }).inc();
    new Counter({ name: 'theirs_total', help: 'T', registers: [registry] }).inc();
    await registry.metrics();
    const names = (await readState(registry, fail)).map(({ name, samples }) => [name, samples[0]?.[0]]);
    expect(names).toEqual([
      ['ours_total', 'ours_total'],
      ['theirs_total', 'theirs_total'],
    ]);
  });

  it('lacks a metric that fails, which is told', async () => {
    const registry = new Registry();
    new Gauge({
      name: 'broken',
      help: 'B',
      registers: [registry],
      collect: () => {
        throw new Error('no');
      },
    });
    new Gauge({ name: 'fine', help: 'F', registers: [registry] });
    const errors: unknown[] = [];
    const state = await readState(registry, (error) => errors.push(error));
    expect(state.map(({ name }) => name)).toEqual(['fine']);
    expect(errors).toEqual([new Error('no')]);
  });

  it('knows a series by its labels in any order', () => {
    expect(seriesKey({ a: 1, b: '2' })).toBe(seriesKey({ b: 2, a: '1' }));
    expect(seriesKey({ a: 1, le: 5 }, 'le')).toBe(seriesKey({ a: 1 }));
    expect(seriesKey({ a: 'b' })).not.toBe(seriesKey({ b: 'a' }));
  });
});
