import { test as property, fc } from '@fast-check/vitest';
import * as successor from '@prometheus-io/client';
import * as original from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createMetrics, processMetrics, spanExemplar } from '../src/index.ts';
import { decodeHistogram, familiesOf } from './metric-families.ts';
import { hasPromtool, lint } from './promtool.ts';
import { OPEN_METRICS, samplesOf, scrape } from './scrape.ts';

/** One of the peers, empty; what was seen in it is shown of it, so that nobody claims it longer than it is true. */
const original15 = () => ({ client: original, registry: new original.Registry() });
const successor0 = () => {
  const client = successor as unknown as typeof original;
  return { client, registry: new client.Registry() };
};

const BUCKETS = [1, 0.5, 2];

describe('series', () => {
  it.each([
    ['prom-client', original15, { a: '1,b:2', b: '3' }, { a: '1', b: '2,b:3' }],
    ['@prometheus-io/client', successor0, { a: '1|2', b: '3' }, { a: '1', b: '2|3' }],
  ])('are merged by %s where a label holds its separator, and never by ours', async (_, peer, one, other) => {
    const { client, registry } = peer();
    const theirs = new client.Counter({
      name: 'x_total',
      help: 'x',
      labelNames: ['a', 'b'],
      registers: [registry],
    });
    const metrics = createMetrics();
    const ours = metrics.counter({ name: 'x_total', help: 'x', labels: ['a', 'b'] });
    for (const counter of [theirs, ours]) {
      counter.inc(one);
      counter.inc(other);
    }
    expect((await theirs.get()).values).toHaveLength(1);
    expect(await samplesOf(metrics, 'x')).toHaveLength(2);
  });

  property.prop([
    fc.uniqueArray(
      fc.array(fc.string({ unit: fc.constantFrom(...',|:;="\\{}[]\n\0 ab', '\ufffd', '__proto__') }), {
        minLength: 3,
        maxLength: 3,
      }),
      { selector: (tuple) => JSON.stringify(tuple).replaceAll('\\u0000', '\ufffd'), maxLength: 40 },
    ),
  ])('are as many as there are tuples of label values, in every format', async (tuples) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['a', 'b', 'c'] });
    for (const [a = '', b = '', c = ''] of tuples) {
      counter.inc({ a, b, c });
      counter.with(a, b, c).inc();
    }
    const values = (await samplesOf(metrics, 'x')).map(({ labels, value }) => [
      JSON.stringify(labels),
      value,
    ]);
    expect(new Set(values.map(([labels]) => labels)).size).toBe(tuples.length);
    expect(values.every(([, value]) => value === 2)).toBe(true);
    expect((await familiesOf(metrics)).get('x_total')?.metrics).toHaveLength(tuples.length);
  });

  it('change their labels in prom-client with the object that was given', async () => {
    const { client, registry } = original15();
    const theirs = new client.Counter({
      name: 'x_total',
      help: 'x',
      labelNames: ['a'],
      registers: [registry],
    });
    const metrics = createMetrics();
    const ours = metrics.counter({ name: 'x_total', help: 'x', labels: ['a'] });
    for (const counter of [theirs, ours]) {
      const labels = { a: 'one' };
      counter.inc(labels);
      labels.a = 'other';
    }
    expect((await theirs.get()).values[0]?.labels).toEqual({ a: 'other' });
    expect((await samplesOf(metrics, 'x'))[0]?.labels).toEqual({ a: 'one' });
  });

  it.each([undefined, null])('are made by prom-client for the label value %s, which ours refuse', (value) => {
    const { client, registry } = original15();
    const theirs = new client.Counter({
      name: 'x_total',
      help: 'x',
      labelNames: ['a'],
      registers: [registry],
    });
    const ours = createMetrics().counter({ name: 'x_total', help: 'x', labels: ['a'] });
    expect(() => theirs.inc({ a: value as never })).not.toThrow();
    expect(() => ours.inc({ a: value as never })).toThrow(TypeError);
  });

  it('grow without bound in peers, and up to their limit in ours', async () => {
    const metrics = createMetrics();
    const ours = metrics.counter({ name: 'x_total', help: 'x', labels: ['path'] });
    for (let id = 0; id < 10_000; id++) ours.inc({ path: `/${id}` });
    const samples = await samplesOf(metrics, 'x');
    expect(samples).toHaveLength(2_001);
    expect(samples.at(-1)).toMatchObject({ labels: { overflow: 'true' }, value: 8_000 });
  });

  it.each([
    ['prom-client', original15],
    ['@prometheus-io/client', successor0],
  ])('exist once they are bound, which is not so in %s', async (_, peer) => {
    const { client, registry } = peer();
    const theirs = new client.Counter({
      name: 'x_total',
      help: 'x',
      labelNames: ['a'],
      registers: [registry],
    });
    theirs.labels('one');
    const metrics = createMetrics();
    metrics.counter({ name: 'x_total', help: 'x', labels: ['a'] }).with('one');
    expect((await theirs.get()).values).toEqual([]);
    expect(await samplesOf(metrics, 'x')).toEqual([{ name: 'x_total', labels: { a: 'one' }, value: 0 }]);
  });
});

describe('histograms', () => {
  it('count wrongly in prom-client when their bounds are not in order, which ours refuse', async () => {
    const { client, registry } = original15();
    const theirs = new client.Histogram({ name: 'x', help: 'x', buckets: BUCKETS, registers: [registry] });
    for (const value of [0.3, 0.7]) theirs.observe(value);
    expect(await registry.metrics()).toContain('x_bucket{le="0.5"} 2');
    expect(() => createMetrics().histogram({ name: 'x', help: 'x', buckets: BUCKETS })).toThrow(TypeError);
    expect(() => createMetrics().histogram({ name: 'x', help: 'x', buckets: [1, 1] })).toThrow(TypeError);
  });

  it('have exponential buckets and exemplars, without another way to observe', async () => {
    const metrics = createMetrics();
    const context = { traceId: 'abc', spanId: 'def', traceFlags: 1 };
    const exemplar = spanExemplar({ getActiveSpan: () => ({ spanContext: () => context }) });
    metrics.histogram({ name: 'x', help: 'x', native: {}, exemplar }).observe(1);
    expect(await scrape(metrics, OPEN_METRICS)).toContain(' # {trace_id="abc",span_id="def"} 1 ');
    const [series] = (await familiesOf(metrics)).get('x')?.metrics ?? [];
    expect(series && [...decodeHistogram(series).positive]).toEqual([[0, 1]]);
  });
});

describe('a scrape', () => {
  it.each([
    ['prom-client', original15],
    ['@prometheus-io/client', successor0],
  ])('as OpenMetrics changes the next one as text in %s, and none of ours', async (_, peer) => {
    const { client, registry } = peer();
    new client.Counter({ name: 'x_total', help: 'x', registers: [registry] }).inc();
    registry.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE as never);
    await registry.metrics();
    registry.setContentType(client.Registry.PROMETHEUS_CONTENT_TYPE);
    expect(await registry.metrics()).toContain('\nx 1\n');
    const metrics = createMetrics();
    metrics.counter({ name: 'x_total', help: 'x' }).inc();
    for (const accept of [OPEN_METRICS, undefined, OPEN_METRICS, undefined]) {
      expect(await scrape(metrics, accept)).toContain('\nx_total 1\n');
    }
  });

  it.each([
    ['prom-client', original15],
    ['@prometheus-io/client', successor0],
  ])('as JSON leaves default labels behind in %s, and nothing in ours', async (_, peer) => {
    const appOf = async (name: string, register: (registry: original.Registry) => void) => {
      const { registry } = peer();
      register(registry);
      for (const app of ['x', 'y']) {
        registry.setDefaultLabels({ app });
        await registry.getMetricsAsJSON();
      }
      const read = (await registry.getSingleMetric(name)?.get()) as { values: { labels: object }[] };
      return read.values[0]?.labels;
    };
    const theirs = await appOf('x_total', (registry) => {
      new (peer().client.Counter)({ name: 'x_total', help: 'x', registers: [registry] }).inc();
    });
    const ours = await appOf('x_total', (registry) => {
      createMetrics({ registry }).counter({ name: 'x_total', help: 'x' }).inc();
    });
    expect([theirs, ours]).toEqual([{ app: 'x' }, {}]);
  });

  it('spells what is no number wrongly in prom-client', async () => {
    const { client, registry } = original15();
    new client.Gauge({ name: 'x', help: 'x', registers: [registry] }).set(NaN);
    expect(await registry.metrics()).toContain('x Nan');
    const metrics = createMetrics();
    metrics.gauge({ name: 'x', help: 'x' }).set(NaN);
    expect(await scrape(metrics)).toContain('x NaN');
  });

  it('is shared by all who ask while it is written', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'x_total', help: 'x' });
    let collected = 0;
    metrics.onCollect(() => void collected++);
    const bodies = await Promise.all(Array.from({ length: 100 }, () => metrics.expose()));
    expect(collected).toBe(1);
    expect(new Set(bodies).size).toBe(1);
  });

  it('says the version of its format, and takes no name that Prometheus gives itself', async () => {
    const metrics = createMetrics();
    const stop = processMetrics(metrics);
    const { contentType, body } = await metrics.expose();
    stop();
    expect(contentType).toContain('version=0.0.4');
    expect(body.toString()).not.toMatch(/^(?:up|scrape_\w+)[ {]/m);
  });

  it.skipIf(!hasPromtool)('of the process passes promtool, which that of prom-client does not', async () => {
    const { client, registry } = original15();
    client.collectDefaultMetrics({ register: registry });
    const metrics = createMetrics();
    const stop = processMetrics(metrics);
    expect(lint(await registry.metrics())).toContain('nodejs_active_handles_total');
    expect(lint(await scrape(metrics))).toBe('');
    stop();
  });
});
