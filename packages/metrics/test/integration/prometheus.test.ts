import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createMetrics, type Metrics } from '../../src/index.ts';
import { hasPrometheus, startPrometheus, type RunningPrometheus } from './running-prometheus.ts';

const STARTED = { timeout: 60_000, interval: 50 };
const NASTY = [
  '"quoted"',
  'back\\slash',
  'new\nline',
  '__proto__',
  'a,b="c"}',
  '|',
  'ünï😀',
  '\\n',
  '#',
  ' x ',
];

const FORMATS = {
  OpenMetrics: { features: 'exemplar-storage', media: 'application/openmetrics-text' },
  protobuf: { features: 'native-histograms,exemplar-storage', media: 'application/vnd.google.protobuf' },
} as const;

function observed(): Metrics {
  const metrics = createMetrics({ seriesLimit: 100, exposeCreated: true });
  const counter = metrics.counter({ name: 'nasty_total', help: 'Nasty "\\\n', labels: ['value', 'other'] });
  NASTY.forEach((value, index) => counter.inc({ value, other: NASTY.at(-index) ?? '' }, index + 1));
  const ids = metrics.counter({ name: 'ids_total', help: 'Ids', labels: ['id'] });
  for (let id = 0; id < 200; id++) ids.inc({ id });
  metrics.gauge({ name: 'depth', help: 'Depth' }).set(-1.5);
  const exemplar = () => ({ trace_id: 'abc', span_id: 'def' });
  const classic = metrics.histogram({ name: 'wait_seconds', help: 'Waits', buckets: [1, 2], exemplar });
  for (const value of [0.5, 1.5, 1.5, 9]) classic.observe(value);
  const native = metrics.histogram({
    name: 'render_seconds',
    help: 'Renders',
    native: { schema: 8 },
    exemplar,
  });
  for (let i = 1; i <= 1_000; i++) native.observe(i / 1_000);
  return metrics;
}

describe.skipIf(!hasPrometheus)('a real Prometheus', () => {
  const startedAtMs = Date.now();
  const running = new Map<string, RunningPrometheus>();

  beforeAll(async () => {
    // It takes five seconds to look for its targets, so both do it at the same time.
    const starting = Object.entries(FORMATS).map(async ([format, { features }]) => {
      const prometheus = await startPrometheus(observed(), [`--enable-feature=${features}`]);
      running.set(format, prometheus);
      await vi.waitUntil(async () => (await prometheus.query('nasty_total')).length > 0, STARTED);
    });
    await Promise.all(starting);
  }, 120_000);

  afterAll(() => Promise.all([...running.values()].map((prometheus) => prometheus.close())));

  const of = (format: string) => {
    const prometheus = running.get(format);
    if (prometheus === undefined) throw new Error(`no Prometheus for ${format}`);
    return prometheus;
  };

  describe.each(Object.entries(FORMATS))('that scrapes %s', (format, { media }) => {
    let prometheus: RunningPrometheus;

    beforeAll(() => void (prometheus = of(format)));

    it('is given what it asks for', async () => {
      expect(await prometheus.number('up')).toBe(1);
      expect(prometheus.accepted[0]).toContain(media);
    });

    it('reads every label value as it was given', async () => {
      const read = (await prometheus.query('nasty_total')).map(({ metric, value }) => {
        return [metric['value'], metric['other'], Number(value[1])];
      });
      const given = NASTY.map((value, index) => [value, NASTY.at(-index), index + 1]);
      expect(read.sort(byNumber)).toEqual(given);
    });

    it('reads the overflow series, and what found no room', async () => {
      expect(await prometheus.number('ids_total{overflow="true"}')).toBe(100);
      expect(await prometheus.number('metrics_series_dropped_total')).toBe(100);
      expect(await prometheus.number('count(ids_total)')).toBe(101);
    });

    it('reads gauges and classic histograms', async () => {
      expect(await prometheus.number('depth')).toBe(-1.5);
      expect(await prometheus.number('histogram_quantile(0.5, wait_seconds_bucket)')).toBe(1.5);
      expect(await prometheus.number('wait_seconds_sum / wait_seconds_count')).toBe(3.125);
    });

    it('knows what led to a value', async () => {
      const range = { start: String(startedAtMs / 1000 - 60), end: String(Date.now() / 1000 + 60) };
      const exemplarsOf = async (query: string) => {
        const found = await prometheus.ask('query_exemplars', { query, ...range });
        return (found as { readonly exemplars: readonly Example[] }[]).flatMap(({ exemplars }) => exemplars);
      };
      const labels = { trace_id: 'abc', span_id: 'def' };
      const classic = await exemplarsOf('wait_seconds_bucket');
      expect(classic.map((each) => [each.labels, Number(each.value)])).toEqual(
        expect.arrayContaining([0.5, 1.5, 9].map((value) => [labels, value])),
      );
      const native = await exemplarsOf(format === 'protobuf' ? 'render_seconds' : 'render_seconds_bucket');
      expect(native.map((each) => [each.labels, Number(each.value)])).toEqual([[labels, 0.001]]);
      expect(Math.abs(Number(native[0]?.timestamp) * 1000 - startedAtMs)).toBeLessThan(60_000);
    });
  });

  it('reads from OpenMetrics since when series count', async () => {
    const prometheus = of('OpenMetrics');
    const created = await prometheus.query('nasty_created');
    expect(created).toHaveLength(NASTY.length);
    for (const { value } of created)
      expect(Math.abs(Number(value[1]) * 1000 - startedAtMs)).toBeLessThan(60_000);
    expect(await prometheus.query('render_seconds_created')).toHaveLength(1);
  });

  it('computes from the exponential buckets of protobuf what was observed', async () => {
    const prometheus = of('protobuf');
    expect(await prometheus.number('histogram_count(render_seconds)')).toBe(1_000);
    expect(await prometheus.number('histogram_sum(render_seconds)')).toBeCloseTo(500.5, 6);
    for (const ratio of [0.01, 0.5, 0.9, 0.99]) {
      const read = (await prometheus.number(`histogram_quantile(${ratio}, render_seconds)`)) ?? NaN;
      expect(Math.abs(read / ratio - 1)).toBeLessThan(0.03);
    }
    const below = await prometheus.number('histogram_fraction(0, 0.25, render_seconds)');
    expect(below).toBeCloseTo(0.25, 2);
  });
});

interface Example {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: string;
  readonly timestamp: number;
}

function byNumber(one: readonly unknown[], other: readonly unknown[]): number {
  return Number(one[2]) - Number(other[2]);
}
