import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { OPEN_METRICS, samplesOf, scrape } from '../scrape.ts';

function sample() {
  const metrics = createMetrics();
  metrics
    .counter({ name: 'runs_total', help: 'Runs of "it"\nand \\', labels: ['who'] })
    .inc({ who: 'a"\\\nb' });
  metrics.gauge({ name: 'depth', help: 'Depth' }).set(1.5);
  const histogram = metrics.histogram({
    name: 'wait_seconds',
    help: 'Waits',
    labels: ['at'],
    buckets: [1, 2.5],
  });
  histogram.observe({ at: 'door' }, 2);
  return metrics;
}

describe('the text formats', () => {
  it('are Prometheus 0.0.4 by default', async () => {
    const metrics = sample();
    const { contentType } = await metrics.expose();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await scrape(metrics)).toBe(
      [
        '# HELP runs_total Runs of "it"\\nand \\\\',
        '# TYPE runs_total counter',
        'runs_total{who="a\\"\\\\\\nb"} 1',
        '# HELP depth Depth',
        '# TYPE depth gauge',
        'depth 1.5',
        '# HELP wait_seconds Waits',
        '# TYPE wait_seconds histogram',
        'wait_seconds_bucket{at="door",le="1"} 0',
        'wait_seconds_bucket{at="door",le="2.5"} 1',
        'wait_seconds_bucket{at="door",le="+Inf"} 1',
        'wait_seconds_sum{at="door"} 2',
        'wait_seconds_count{at="door"} 1',
        '',
      ].join('\n'),
    );
  });

  it('are OpenMetrics when asked for, which changes no name for the next scrape', async () => {
    const metrics = sample();
    const { contentType } = await metrics.expose(OPEN_METRICS);
    expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    const before = await scrape(metrics);
    const text = await scrape(metrics, OPEN_METRICS);
    expect(text.split('\n').slice(0, 3)).toEqual([
      '# HELP runs Runs of \\"it\\"\\nand \\\\',
      '# TYPE runs counter',
      'runs_total{who="a\\"\\\\\\nb"} 1',
    ]);
    expect(text.endsWith('\n# EOF\n')).toBe(true);
    expect(await scrape(metrics)).toBe(before);
  });

  property.prop([
    fc.uniqueArray(fc.tuple(fc.string({ unit: 'binary', maxLength: 5 }), fc.string({ maxLength: 5 })), {
      selector: String,
      maxLength: 20,
    }),
  ])('tell every label value as it was given, but for what cannot be written', async (tuples) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'x_total', help: 'x', labels: ['a', 'b'] });
    const wellFormed = tuples.map(([a, b]) => [a.replace(/[\0\p{Surrogate}]/gu, '\ufffd'), b] as const);
    for (const [a, b] of wellFormed) counter.inc({ a, b });
    const exposed = (await samplesOf(metrics, 'x')).map(({ labels }) => [
      labels['a'] ?? '',
      labels['b'] ?? '',
    ]);
    const unique = [...new Map(wellFormed.map((tuple) => [JSON.stringify(tuple), tuple])).values()];
    expect(exposed.map(String).sort()).toEqual(unique.map(String).sort());
  });
});
