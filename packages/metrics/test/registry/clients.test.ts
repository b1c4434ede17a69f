import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { decodeHistogram, decodeLabels, familiesOf, message, number } from '../metric-families.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

const clients = [
  ['prom-client', promClient],
  ['@prometheus-io/client', successor as unknown as typeof promClient],
] as const;

describe.each(clients)('in a registry of %s', (_, client) => {
  const open = client.Registry.OPENMETRICS_CONTENT_TYPE;
  const setUp = () => {
    const registry = new client.Registry<promClient.RegistryContentType>();
    return { registry, metrics: createMetrics({ registry: registry }) };
  };

  it('our instruments are written as ours are', async () => {
    const { registry, metrics } = setUp();
    metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['who'] }).inc({ who: 'me' });
    metrics.gauge({ name: 'depth', help: 'Depth' }).set(3);
    metrics.histogram({ name: 'wait_seconds', help: 'Waits', labels: ['at'] }).observe({ at: 'door' }, 0.3);
    const lines = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .sort();
    expect(lines(await registry.metrics())).toEqual(lines(await scrape(metrics)));
  });

  it('our counters keep their names when the registry writes OpenMetrics', async () => {
    const { registry, metrics } = setUp();
    metrics.counter({ name: 'runs_total', help: 'Runs' }).inc();
    registry.setContentType(open);
    expect(await registry.metrics()).toContain('# TYPE runs counter\nruns_total 1\n');
    registry.setContentType(client.Registry.PROMETHEUS_CONTENT_TYPE);
    expect(await registry.metrics()).toContain('# TYPE runs_total counter\nruns_total 1\n');
    expect(await scrape(metrics)).toContain('# TYPE runs_total counter\nruns_total 1\n');
    expect(await scrape(metrics, OPEN_METRICS)).toContain('# TYPE runs counter\nruns_total 1\n');
  });

  it('metrics of the client are written beside ours, in both formats', async () => {
    const { registry, metrics } = setUp();
    const labelNames = ['who'];
    new client.Counter({ name: 'theirs_total', help: 'Theirs', labelNames, registers: [registry] }).inc({
      who: '"',
    });
    new client.Histogram({ name: 'their_seconds', help: 'T', buckets: [1], registers: [registry] }).observe(
      0.5,
    );
    new client.Gauge({ name: 'their_nan', help: 'NaN', registers: [registry] }).set(NaN);
    metrics.counter({ name: 'ours_total', help: 'Ours' }).inc();
    const text = await scrape(metrics);
    for (const line of [
      'theirs_total{who="\\""} 1',
      'their_seconds_bucket{le="1"} 1',
      'their_nan NaN',
      'ours_total 1',
    ])
      expect(text.split('\n')).toContain(line);
    const openText = await scrape(metrics, OPEN_METRICS);
    expect(openText).toContain('# TYPE theirs counter\ntheirs_total{who="\\""} 1\n');
  });

  it('their histograms, summaries and exemplars are written in every format', async () => {
    const { registry, metrics } = setUp();
    registry.setContentType(open);
    const labelNames = ['who'];
    const common = { help: 'T', labelNames, registers: [registry] };
    const histogram = new client.Histogram({
      ...common,
      name: 'their_seconds',
      buckets: [1],
      enableExemplars: true,
    });
    const exemplarLabels = { trace_id: 'abc' };
    histogram.observe({ labels: { who: 'a' }, value: 0.5, exemplarLabels } as never);
    histogram.observe({ labels: { who: 'b' }, value: 2, exemplarLabels } as never);
    const summary = new client.Summary({ ...common, name: 'their_sizes', percentiles: [0.5] });
    summary.observe({ who: 'a' }, 7);
    const text = await scrape(metrics);
    expect(text).toMatch(/^their_seconds_bucket\{le="1",who="a"\} 1$/m);
    expect(text).toMatch(/^their_seconds_count\{who="b"\} 1$/m);
    expect(await scrape(metrics, OPEN_METRICS)).toMatch(
      /^their_seconds_bucket\{le="1",who="a"\} 1 # \{trace_id="abc"\} 0.5 \d+\.\d{3}$/m,
    );
    const families = await familiesOf(metrics);
    const [one, other] = families.get('their_seconds')?.metrics ?? [];
    expect([one?.labels, other?.labels]).toEqual([{ who: 'a' }, { who: 'b' }]);
    const decoded = one && decodeHistogram(one);
    expect(decoded).toMatchObject({ count: 1, sum: 0.5 });
    expect(decoded?.buckets.map(({ bound, count }) => [bound, count])).toEqual([
      [1, 1],
      [Infinity, 1],
    ]);
    expect(decodeLabels(decoded?.buckets[0]?.exemplar ?? new Map())).toEqual(exemplarLabels);
    const [quantiles] = families.get('their_sizes')?.metrics ?? [];
    expect(quantiles?.labels).toEqual({ who: 'a' });
    expect(quantiles && [number(quantiles.fields, 1), number(quantiles.fields, 2)]).toEqual([1, 7]);
    const quantile = message(quantiles?.fields ?? new Map(), 3);
    expect([number(quantile, 1), number(quantile, 2)]).toEqual([0.5, 7]);
  });

  it('their counters keep their names whatever the registry wrote before', async () => {
    const { registry, metrics } = setUp();
    new client.Counter({ name: 'theirs_total', help: 'Theirs', registers: [registry] }).inc();
    registry.setContentType(open);
    await registry.metrics();
    expect(await scrape(metrics)).toContain('# TYPE theirs_total counter\ntheirs_total 1\n');
    expect([...(await familiesOf(metrics)).keys()]).toEqual(['theirs_total']);
  });

  it('a metric of the client that fails costs only itself', async () => {
    const errors: unknown[] = [];
    const registry = new client.Registry();
    const metrics = createMetrics({
      registry: registry,
      onListenerError: (error) => errors.push(error),
    });
    const collect = () => Promise.reject(new Error('theirs'));
    new client.Gauge({ name: 'broken', help: 'Broken', collect, registers: [registry] });
    metrics.counter({ name: 'ours_total', help: 'Ours' }).inc();
    expect(await scrape(metrics)).toBe('# HELP ours_total Ours\n# TYPE ours_total counter\nours_total 1\n');
    expect(errors).toEqual([new Error('theirs')]);
  });

  it('hooks run once for a reading of the whole registry', async () => {
    const { registry, metrics } = setUp();
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth' });
    metrics.gauge({ name: 'width', help: 'Width' });
    let calls = 0;
    metrics.onCollect(() => gauge.set(++calls));
    expect(await registry.metrics()).toContain('depth 1');
    expect(await registry.metrics()).toContain('depth 2');
  });

  it('hooks run whoever reads the registry, and through whichever metrics', async () => {
    const { registry, metrics } = setUp();
    const other = createMetrics({ registry });
    const gauge = metrics.gauge({ name: 'depth', help: 'Depth' });
    other.onCollect(() => gauge.inc());
    expect(await scrape(metrics)).toContain('depth 1');
    expect(await scrape(other)).toContain('depth 2');
    expect(await registry.metrics()).toContain('depth 3');
  });

  it('our instruments are read and reset like others', async () => {
    const { registry, metrics } = setUp();
    const counter = metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['who'] });
    counter.inc({ who: 'me' });
    expect(await registry.getMetricsAsJSON()).toMatchObject([
      {
        name: 'runs_total',
        type: 'counter',
        aggregator: 'sum',
        values: [{ value: 1, labels: { who: 'me' } }],
      },
    ]);
    registry.resetMetrics();
    expect(metrics.snapshot()).toMatchObject([{ series: [] }]);
  });

  it('our native histograms are one bucket, count and sum for the client', async () => {
    const { registry, metrics } = setUp();
    const histogram = metrics.histogram({ name: 'wait_seconds', help: 'W', labels: ['at'], native: {} });
    for (const value of [0.1, 1, 10]) histogram.observe({ at: 'door' }, value);
    const lines = (await registry.metrics()).split('\n').filter((line) => /^\w+\{/.test(line));
    expect(lines).toEqual([
      'wait_seconds_bucket{at="door",le="+Inf"} 3',
      'wait_seconds_sum{at="door"} 11.1',
      'wait_seconds_count{at="door"} 3',
    ]);
  });

  it('both are written as protobuf in the order in which they were registered', async () => {
    const { registry, metrics } = setUp();
    metrics.gauge({ name: 'ours', help: 'O' });
    new client.Gauge({ name: 'theirs', help: 'T', registers: [registry] }).set(2);
    metrics.counter({ name: 'ours_too_total', help: 'O' });
    const families = [...(await familiesOf(metrics)).values()];
    expect(families.map(({ name, type }) => [name, type])).toEqual([
      ['ours', 1],
      ['theirs', 1],
      ['ours_too_total', 0],
    ]);
  });

  it('default labels do not stick to our series', async () => {
    const { registry, metrics } = setUp();
    metrics.counter({ name: 'runs_total', help: 'Runs' }).inc();
    registry.setDefaultLabels({ app: 'x' });
    await registry.getMetricsAsJSON();
    registry.setDefaultLabels({ app: 'y' });
    expect(await registry.getMetricsAsJSON()).toMatchObject([{ values: [{ labels: { app: 'y' } }] }]);
  });

  it('registries with our instruments merge', async () => {
    const [one, other] = [setUp(), setUp()];
    one.metrics.counter({ name: 'one_total', help: 'One' }).inc();
    other.metrics.counter({ name: 'other_total', help: 'Other' }).inc();
    const merged = await client.Registry.merge([
      one.registry,
      other.registry,
    ] as unknown as promClient.Registry[]).metrics();
    expect(merged).toContain('one_total 1');
    expect(merged).toContain('other_total 1');
  });

  it('a name that a metric of the client has is taken', () => {
    const { registry, metrics } = setUp();
    new client.Counter({ name: 'theirs_total', help: 'Theirs', registers: [registry] });
    expect(() => metrics.counter({ name: 'theirs_total', help: 'Ours' })).toThrow(
      new TypeError('theirs_total is already registered as another metric'),
    );
  });
});
