import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { ForeignSample } from '../../../src/exposition/foreign-reading.ts';
import { foreignPoints } from '../../../src/exposition/protobuf/foreign-points.ts';

const reading = (type: string, samples: readonly Partial<ForeignSample>[]) => ({
  name: 'x',
  help: 'x',
  type,
  samples: samples.map((sample) => ({ name: 'x', labels: {}, value: 0, exemplar: undefined, ...sample })),
});
const exemplar = { labels: { trace_id: 'abc' }, value: 1, atMs: 2 };

describe('the numbers of another library', () => {
  it.each([
    ['counter', 'counter'],
    ['gauge', 'gauge'],
    ['untyped', 'untyped'],
    ['info', 'untyped'],
  ])('are those of a series each, for a %s', (type, expected) => {
    const samples = [
      { labels: { a: '1' }, value: 3 },
      { labels: { a: '2' }, value: 4 },
    ];
    expect(foreignPoints(reading(type, samples))).toMatchObject([
      { labels: { a: '1' }, point: { type: expected, value: 3 } },
      { labels: { a: '2' }, point: { type: expected, value: 4 } },
    ]);
  });

  it('keep what led to a counter', () => {
    expect(foreignPoints(reading('counter', [{ exemplar }]))).toMatchObject([{ point: { exemplar } }]);
  });

  it('are put together for a histogram, in whichever order they come', () => {
    const labels = { a: '1' };
    const samples = [
      { name: 'x_count', labels, value: 3 },
      { name: 'x_bucket', labels: { le: 0.5, ...labels }, value: 1, exemplar },
      { name: 'x_sum', labels, value: 9 },
      { name: 'x_bucket', labels: { ...labels, le: '+Inf' }, value: 3 },
    ];
    expect(foreignPoints(reading('histogram', samples))).toEqual([
      {
        labels,
        point: {
          type: 'histogram',
          count: 3,
          sum: 9,
          buckets: [
            { bound: 0.5, count: 1, exemplar },
            { bound: Infinity, count: 3, exemplar: undefined },
          ],
          quantiles: [],
        },
      },
    ]);
  });

  it('are put together for a summary', () => {
    const samples = [
      { labels: { quantile: 0.5 }, value: 7 },
      { labels: { quantile: '0.99' }, value: 8 },
      { name: 'x_sum', value: 15 },
      { name: 'x_count', value: 2 },
    ];
    expect(foreignPoints(reading('summary', samples))).toMatchObject([
      {
        labels: {},
        point: {
          count: 2,
          sum: 15,
          quantiles: [
            { quantile: 0.5, value: 7 },
            { quantile: 0.99, value: 8 },
          ],
        },
      },
    ]);
  });

  it('are one series whatever the order of its labels', () => {
    const samples = [
      { name: 'x_sum', labels: { a: '1', b: '2' }, value: 1 },
      { name: 'x_count', labels: { b: '2', a: '1' }, value: 2 },
    ];
    expect(foreignPoints(reading('histogram', samples))).toHaveLength(1);
  });

  property.prop([
    fc.uniqueArray(fc.tuple(fc.string({ unit: fc.constantFrom(...'",:[]a') }), fc.string()), {
      selector: String,
    }),
  ])('are as many series as there are labels, whatever these hold', (tuples) => {
    const samples = tuples.flatMap(([a, b]) => [
      { name: 'x_sum', labels: { a, b }, value: 1 },
      { name: 'x_count', labels: { a, b }, value: 2 },
    ]);
    const distinct = new Set(tuples.map((tuple) => JSON.stringify(tuple)));
    expect(foreignPoints(reading('histogram', samples))).toHaveLength(distinct.size);
  });
});
