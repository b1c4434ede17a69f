import { createMetrics } from '@holdfast/metrics';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { figuresSuite, type FiguresCase } from '../harness/figures-suite.ts';
import { liveBytes } from '../harness/heap.ts';

const about = `What a series holds in memory: 10,000 of two labels, 100 values each, written to once; the strings of the
labels belong to whoever writes and are not counted. Histograms have 11 buckets.`;

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const ROUTES = Array.from({ length: 100 }, (_, index) => `/route/${index}`);
const TENANTS = Array.from({ length: 100 }, (_, index) => `tenant-${index}`);
export const SERIES = ROUTES.flatMap((route) => TENANTS.map((tenant) => ({ route, tenant })));

type Client = typeof promClient;

/** Fills an instrument and hands out what keeps it alive. */
export interface Filled extends FiguresCase {
  readonly fill: () => unknown;
}

const labels = ['route', 'tenant'] as const;
const help = 'Of the benchmark';

export const KINDS: readonly Filled[] = [
  {
    name: 'counter',
    subject: 'holdfast',
    fill: () => fillOurs('counter'),
    target: { atMost: { 'B/series': 300 } },
  },
  {
    name: 'histogram',
    subject: 'holdfast',
    fill: () => fillOurs('histogram'),
    target: { atMost: { 'B/series': 800 } },
  },
  ...peer('prom-client', promClient),
  ...peer('@prometheus-io/client', successor as unknown as Client),
  { name: 'counter', subject: '@opentelemetry/sdk-metrics', fill: () => fillOpenTelemetry('counter') },
  { name: 'histogram', subject: '@opentelemetry/sdk-metrics', fill: () => fillOpenTelemetry('histogram') },
];

export const series = figuresSuite('series', about, KINDS, async ({ fill }) => {
  // What is made once, code included, is made here.
  fill();
  await new Promise(setImmediate);
  const before = liveBytes();
  const filled = fill();
  const bytes = liveBytes() - before;
  if (filled === undefined) throw new Error('nothing was filled');
  return { figures: { 'B/series': Math.round(bytes / SERIES.length) } };
});

function fillOurs(kind: 'counter' | 'histogram') {
  const metrics = createMetrics({ seriesLimit: Infinity });
  if (kind === 'counter') {
    const counter = metrics.counter({ name: 'filled_total', help, labels });
    for (const each of SERIES) counter.inc(each);
  } else {
    const histogram = metrics.histogram({ name: 'filled_seconds', help, labels, buckets: BUCKETS });
    for (const each of SERIES) histogram.observe(each, 0.042);
  }
  return metrics;
}

function peer(subject: string, client: Client): readonly Filled[] {
  const fill = (kind: 'counter' | 'histogram') => () => {
    const registry = new client.Registry();
    const options = { help, labelNames: labels, registers: [registry] };
    if (kind === 'counter') {
      const counter = new client.Counter({ name: 'filled_total', ...options });
      for (const each of SERIES) counter.inc(each);
    } else {
      const histogram = new client.Histogram({ name: 'filled_seconds', ...options, buckets: BUCKETS });
      for (const each of SERIES) histogram.observe(each, 0.042);
    }
    return registry;
  };
  return [
    { name: 'counter', subject, fill: fill('counter') },
    { name: 'histogram', subject, fill: fill('histogram') },
  ];
}

function fillOpenTelemetry(kind: 'counter' | 'histogram') {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const limit = { aggregationCardinalityLimit: SERIES.length + 1 };
  const provider = new MeterProvider({
    readers: [reader],
    views: [{ instrumentName: 'filled', ...limit }],
  });
  const meter = provider.getMeter('benchmark');
  if (kind === 'counter') {
    const counter = meter.createCounter('filled');
    for (const each of SERIES) counter.add(1, { ...each });
  } else {
    const histogram = meter.createHistogram('filled', { advice: { explicitBucketBoundaries: BUCKETS } });
    for (const each of SERIES) histogram.record(0.042, { ...each });
  }
  return provider;
}
