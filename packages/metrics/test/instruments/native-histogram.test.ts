import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics, type NativeBucketsOptions } from '../../src/index.ts';
import { decodeHistogram, familiesOf, type DecodedHistogram } from '../metric-families.ts';
import { scrape } from '../scrape.ts';

const wait = { name: 'wait_seconds', help: 'Waits' };

async function decoded(metrics: Metrics): Promise<DecodedHistogram> {
  const [metric] = (await familiesOf(metrics)).get('wait_seconds')?.metrics ?? [];
  if (metric === undefined) throw new Error('no series');
  return decodeHistogram(metric);
}

describe('a native histogram', () => {
  it('is one bucket, count and sum in the text formats', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, labels: ['at'], native: {} });
    for (const value of [0.5, 3]) histogram.observe({ at: 'door' }, value);
    expect((await scrape(metrics)).split('\n').slice(2)).toEqual([
      'wait_seconds_bucket{at="door",le="+Inf"} 2',
      'wait_seconds_sum{at="door"} 3.5',
      'wait_seconds_count{at="door"} 2',
      '',
    ]);
    expect(metrics.snapshot()).toMatchObject([
      { bounds: [], series: [{ count: 2, sum: 3.5, buckets: [2] }] },
    ]);
  });

  it('counts in buckets that grow by 9 % unless told otherwise', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, native: {} });
    for (const value of [1, 1.05, -2, 0, 1e-40]) histogram.observe(value);
    const { schema, zeroThreshold, zeroCount, positive, negative, buckets } = await decoded(metrics);
    expect({ schema, zeroThreshold, zeroCount }).toEqual({
      schema: 3,
      zeroThreshold: 2 ** -128,
      zeroCount: 2,
    });
    expect([...positive]).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect([...negative]).toEqual([[8, 1]]);
    expect(buckets.map(({ count }) => count)).toEqual([5]);
  });

  it('has classic buckets beside where they are named', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, buckets: [1], native: { schema: 0 } });
    for (const value of [0.5, 3]) histogram.observe(value);
    const { buckets, positive } = await decoded(metrics);
    expect(buckets.map(({ bound, count }) => [bound, count])).toEqual([
      [1, 1],
      [Infinity, 2],
    ]);
    expect([...positive]).toEqual([
      [-1, 1],
      [2, 1],
    ]);
    expect(await scrape(metrics)).toContain('wait_seconds_bucket{le="1"} 1\n');
  });

  it('halves its resolution rather than have too many buckets', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, native: { schema: 8, maxBuckets: 20 } });
    for (let i = 1; i <= 1_000; i++) histogram.observe(i);
    const { schema, positive, count } = await decoded(metrics);
    expect(schema).toBe(1);
    expect(positive.size).toBeLessThanOrEqual(20);
    expect(count).toBe(1_000);
  });

  it.each([
    ['halves its resolution when it is younger than', 59_999, { schema: -1, count: 5, createdAtMs: 0 }, 1],
    ['starts again when it is as old as', 60_000, { schema: 3, count: 1, createdAtMs: 60_000 }, 0],
  ])('%s `resetMs`', async (_, ageMs, expected, upToOne) => {
    const clock = manualClock({ wallStartMs: 0 });
    const metrics = createMetrics({ clock });
    const histogram = metrics.histogram({
      ...wait,
      buckets: [1],
      native: { maxBuckets: 4, resetMs: 60_000 },
    });
    for (const value of [1, 2, 4, 8]) histogram.observe(value);
    await clock.advance(ageMs);
    histogram.observe(16);
    expect(await decoded(metrics)).toMatchObject(expected);
    expect(await scrape(metrics)).toContain(`wait_seconds_bucket{le="1"} ${upToOne}\n`);
  });

  it('has its full resolution again after a reset', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, native: { maxBuckets: 4 } });
    for (const value of [1, 2, 4, 8, 16]) histogram.observe(value);
    histogram.reset();
    expect(await decoded(metrics)).toMatchObject({ schema: 3, count: 0 });
  });

  it('keeps its counts when a removed child takes the place of a new one', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ ...wait, labels: ['at'], native: { schema: 0 } });
    const old = histogram.with('door');
    old.observe(1);
    histogram.reset();
    histogram.observe({ at: 'door' }, 2);
    old.observe(4);
    expect([...(await decoded(metrics)).positive]).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('shows one example a scrape where it has no classic buckets', async () => {
    const metrics = createMetrics();
    const seen = ['a', 'b', 'c'];
    const histogram = metrics.histogram({
      ...wait,
      native: {},
      exemplar: () => ({ id: seen.shift() ?? '' }),
    });
    for (const value of [1, 2]) histogram.observe(value);
    expect((await decoded(metrics)).buckets[0]?.exemplar.size).toBe(3);
    histogram.observe(3);
    expect(seen).toEqual(['c']);
  });

  it.each<[NativeBucketsOptions, string]>([
    [{ schema: 9 }, 'histogram: native: schema must be an integer >= -4 and <= 8, got 9'],
    [{ schema: -5 }, 'histogram: native: schema must be an integer >= -4 and <= 8, got -5'],
    [{ maxBuckets: 3 }, 'histogram: native: maxBuckets must be an integer >= 4, got 3'],
    [{ zeroThreshold: -1 }, 'histogram: native: zeroThreshold must be a number >= 0, got -1'],
    [{ zeroThreshold: Infinity }, 'histogram: native: zeroThreshold must be a finite number, got Infinity'],
    [{ resetMs: 0 }, 'histogram: native: resetMs must be a number >= 1, got 0'],
  ])('refuses %j', (native, message) => {
    expect(() => createMetrics().histogram({ ...wait, native })).toThrow(message);
  });

  it('is another metric than one of other buckets', () => {
    const metrics = createMetrics();
    metrics.histogram({ ...wait, native: { schema: 3 } });
    expect(metrics.histogram({ ...wait, native: {} })).toBeDefined();
    expect(() => metrics.histogram({ ...wait, native: { schema: 4 } })).toThrow('already registered');
    expect(() => metrics.histogram(wait)).toThrow('already registered');
  });
});
