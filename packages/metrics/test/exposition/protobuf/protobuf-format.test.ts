import { manualClock } from '@holdfast/pipeline/testing';
import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/index.ts';
import {
  decodeHistogram,
  decodeLabels,
  familiesOf,
  instant,
  number,
  PROTOBUF,
  type DecodedMetric,
} from '../../metric-families.ts';
import { samplesOf } from '../../scrape.ts';

const START_MS = 1_700_000_000_250;
const COUNTER = 3;
const GAUGE = 2;

const setUp = () => createMetrics({ clock: manualClock({ wallStartMs: START_MS }), seriesLimit: 20_000 });

function first(metrics: readonly DecodedMetric[] | undefined): DecodedMetric {
  const [metric] = metrics ?? [];
  if (metric === undefined) throw new Error('no series');
  return metric;
}

describe('the protobuf format', () => {
  it('says what it is', async () => {
    const { contentType } = await setUp().expose(PROTOBUF);
    expect(contentType).toBe(
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    );
  });

  it('holds counters and gauges, with their labels and since when they count', async () => {
    const metrics = setUp();
    metrics
      .counter({ name: 'runs_total', help: 'Runs "so far"', labels: ['a', 'b'] })
      .inc({ a: '', b: '"\n' }, 7);
    metrics.gauge({ name: 'depth', help: 'Depth' }).set(-1.5);
    const families = await familiesOf(metrics);
    const runs = families.get('runs_total');
    expect(runs).toMatchObject({ help: 'Runs "so far"', type: 0 });
    const { labels, kind, fields } = first(runs?.metrics);
    // A label without a value is the same as no label.
    expect([labels, kind, number(fields, 1), instant(fields, 3)]).toEqual([
      { b: '"\n' },
      COUNTER,
      7,
      START_MS,
    ]);
    const depth = families.get('depth');
    expect([depth?.type, first(depth?.metrics).kind, number(first(depth?.metrics).fields, 1)]).toEqual([
      1,
      GAUGE,
      -1.5,
    ]);
  });

  it('holds classic histograms, and what led to their values', async () => {
    const metrics = setUp();
    const exemplar = () => ({ trace_id: 'abc' });
    metrics.histogram({ name: 'wait_seconds', help: 'W', buckets: [1, 2], exemplar }).observe(1.5);
    const histogram = decodeHistogram(first((await familiesOf(metrics)).get('wait_seconds')?.metrics));
    expect(histogram).toMatchObject({ count: 1, sum: 1.5, createdAtMs: START_MS, schema: NaN });
    expect(histogram.buckets.map(({ bound, count }) => [bound, count])).toEqual([
      [1, 0],
      [2, 1],
      [Infinity, 1],
    ]);
    const [none, example] = histogram.buckets.map((bucket) => bucket.exemplar);
    expect(none?.size).toBe(0);
    expect(example && [decodeLabels(example), number(example, 2), instant(example, 3)]).toEqual([
      { trace_id: 'abc' },
      1.5,
      START_MS,
    ]);
  });

  it('tells an empty native histogram from a classic one', async () => {
    const metrics = setUp();
    metrics.histogram({ name: 'wait_seconds', help: 'W', native: { zeroThreshold: 0 } });
    const { fields } = first((await familiesOf(metrics)).get('wait_seconds')?.metrics);
    expect(fields.get(12)).toHaveLength(1);
  });

  property.prop([
    fc.array(fc.double({ noNaN: true }), { maxLength: 300 }),
    fc.integer({ min: -4, max: 8 }),
    fc.integer({ min: 4, max: 200 }),
  ])('holds native histograms whose buckets add up', async (values, schema, maxBuckets) => {
    const metrics = setUp();
    const histogram = metrics.histogram({ name: 'x', help: 'x', native: { schema, maxBuckets } });
    for (const value of values) histogram.observe(value);
    const decoded = decodeHistogram(first((await familiesOf(metrics)).get('x')?.metrics));
    const { positive, negative, zeroCount } = decoded;
    const counts = [...positive.values(), ...negative.values()];
    expect(decoded.count).toBe(values.length);
    expect(counts.reduce((sum, count) => sum + count, zeroCount)).toBe(values.length);
    expect(counts).not.toContain(0);
    expect(counts.length).toBeLessThanOrEqual(maxBuckets);
    expect(decoded.schema).toBeLessThanOrEqual(schema);
    expect(decoded.buckets).toHaveLength(1);
  });

  property.prop([
    fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer()), {
      selector: ([name]) => name.replace(/[\0\p{Surrogate}]/gu, '\ufffd'),
    }),
  ])('holds what the text format holds', async (entries) => {
    const metrics = setUp();
    const gauge = metrics.gauge({ name: 'x', help: 'x', labels: ['a'] });
    for (const [a, value] of entries) gauge.set({ a }, value);
    const text = (await samplesOf(metrics, 'x')).map(({ labels, value }) => [labels, value]);
    const decoded = (await familiesOf(metrics)).get('x')?.metrics ?? [];
    expect(decoded.map(({ labels, fields }) => [labels, number(fields, 1)])).toEqual(text);
  });

  it('holds many series', async () => {
    const metrics = setUp();
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['id'] });
    for (let id = 0; id < 10_000; id++) counter.inc({ id }, id);
    const series = (await familiesOf(metrics)).get('x_total')?.metrics ?? [];
    expect(series).toHaveLength(10_000);
    expect(series.every(({ labels, fields }) => Number(labels['id']) === number(fields, 1))).toBe(true);
  });
});
