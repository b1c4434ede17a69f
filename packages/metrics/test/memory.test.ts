import { describe, expect, it } from 'vitest';
import { createMetrics } from '../src/index.ts';
import { scrape } from './scrape.ts';

const { gc } = globalThis as { gc?: () => void };
const SERIES = 5_000;
const labels = ['method', 'route', 'code'] as const;

function heapBytes(): number {
  for (let i = 0; i < 4; i++) gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Heap of one series, its share of the look-up and its text for scrapes included. */
async function bytesPerSeries(kind: 'counter' | 'histogram'): Promise<number> {
  const metrics = createMetrics({ seriesLimit: Infinity });
  const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
  const counter = metrics.counter({ name: 'x_total', help: 'x', labels });
  const histogram = metrics.histogram({ name: 'x_seconds', help: 'x', labels, buckets });
  await scrape(metrics);
  const before = heapBytes();
  for (let i = 0; i < SERIES; i++) {
    const of = {
      method: ['GET', 'PUT'][i % 2] ?? '',
      route: `/route/${i % 500}`,
      code: 200 + Math.floor(i / 500),
    };
    if (kind === 'counter') counter.inc(of);
    else histogram.observe(of, 0.3);
  }
  await scrape(metrics);
  await new Promise(setImmediate);
  const bytes = (heapBytes() - before) / SERIES;
  // Keeps both alive until they are measured.
  expect(metrics.snapshot()).toHaveLength(2);
  return bytes;
}

describe.skipIf(gc === undefined)('a series', () => {
  it('of a counter takes no more than 300 bytes', async () => {
    expect(await bytesPerSeries('counter')).toBeLessThan(300);
  });

  it('of a histogram with 11 buckets takes no more than 800 bytes', async () => {
    expect(await bytesPerSeries('histogram')).toBeLessThan(800);
  });
});

describe.skipIf(gc === undefined)('a native histogram', () => {
  it('takes no more than its buckets, however wide the values are spread', async () => {
    const metrics = createMetrics({ seriesLimit: Infinity });
    const native = { maxBuckets: 40 };
    const histogram = metrics.histogram({ name: 'x_seconds', help: 'x', labels: ['id'], native });
    await scrape(metrics);
    const before = heapBytes();
    const count = 500;
    for (let id = 0; id < count; id++) {
      for (let i = -150; i < 150; i++) histogram.observe({ id }, 10 ** i);
    }
    const bytes = (heapBytes() - before) / count;
    expect(bytes).toBeLessThan(800 + 2 * 64 * native.maxBuckets);
    expect(metrics.snapshot()).toMatchObject([{ series: { length: count } }]);
  });
});

describe.skipIf(gc === undefined)('series that are removed', () => {
  it('give back what they took', async () => {
    const metrics = createMetrics({ seriesLimit: Infinity });
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels });
    await scrape(metrics);
    const before = heapBytes();
    for (let i = 0; i < SERIES; i++) counter.inc({ method: 'GET', route: `/route/${i}`, code: 200 });
    await scrape(metrics);
    const full = heapBytes();
    expect(counter.remove({ method: 'GET' })).toBe(SERIES);
    await scrape(metrics);
    await scrape(metrics);
    await new Promise(setImmediate);
    expect(heapBytes() - before).toBeLessThan((full - before) / 10);
  });
});

describe.skipIf(gc === undefined)('an hour of traffic', () => {
  it('leaves nothing behind, however many labels come and go', async () => {
    const metrics = createMetrics({ seriesLimit: 100 });
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['id'] });
    const minute = async (number: number) => {
      for (let i = 0; i < 1_000; i++) counter.inc({ id: `${number}-${i}` });
      await scrape(metrics);
      if (number % 10 === 0) counter.reset();
    };
    for (let number = 0; number < 10; number++) await minute(number);
    const before = heapBytes();
    for (let number = 10; number < 60; number++) await minute(number);
    expect(heapBytes() - before).toBeLessThan(200_000);
  });
});
