import { fc } from '@fast-check/vitest';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { readByPromtool } from '../openmetrics-by-promtool.ts';
import { hasPromtool } from '../promtool.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

const UNWRITABLE = /[\0\p{Surrogate}]/gu;

/** Many values of every kind, the same each time. */
function values(seed: number): readonly string[] {
  const nasty = fc.constantFrom(
    '"',
    '\\',
    '\n',
    '\r',
    '{',
    '}',
    ',',
    '=',
    '#',
    ' ',
    '\\n',
    '__proto__',
    '\x7f',
    '\ufeff',
  );
  const some = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.array(nasty, { maxLength: 6 }).map((parts) => parts.join('')),
  );
  const all = fc.sample(some, { seed, numRuns: 400 }).map((value) => value.replaceAll(UNWRITABLE, '\ufffd'));
  return [...new Set(all)];
}

describe.skipIf(!hasPromtool)("Prometheus's own parser of OpenMetrics", () => {
  it.each([1, 2, 3])('reads every label value as it was given, and its number (seed %i)', async (seed) => {
    const metrics = createMetrics();
    const counter = metrics.counter({ name: 'x_total', help: 'x "\\\n', labels: ['a', 'b'] });
    const given = values(seed);
    given.forEach((a, index) => counter.inc({ a, b: given.at(-index) ?? '' }, index));
    const read = readByPromtool(await scrape(metrics, OPEN_METRICS));
    expect(read).toHaveLength(given.length);
    const byNumber = new Map(read.map(({ labels, value }) => [value, labels]));
    given.forEach((a, index) => {
      const { a: readA = '', b: readB = '' } = byNumber.get(index) ?? {};
      expect([readA, readB]).toEqual([a, given.at(-index)]);
    });
  });

  it('reads counters, gauges and histograms, and since when they count', async () => {
    const clock = manualClock({ wallStartMs: 1_600_000_000_123 });
    const metrics = createMetrics({ clock, exposeCreated: true });
    metrics.counter({ name: 'runs_total', help: 'R' }).inc(2 ** 40);
    const gauge = metrics.gauge({ name: 'depth', help: 'D', labels: ['of'] });
    for (const value of [-1.5, Infinity, -Infinity, 5e-324, 1e21]) gauge.set({ of: value }, value);
    const histogram = metrics.histogram({
      name: 'wait_seconds',
      help: 'W',
      labels: ['at'],
      buckets: [0.1, 1],
    });
    for (const value of [0.05, 0.5, 5]) histogram.observe({ at: '"' }, value);
    metrics.histogram({ name: 'render_seconds', help: 'R', native: {} }).observe(2);
    const read = readByPromtool(await scrape(metrics, OPEN_METRICS));
    const at = (name: string) => read.filter((sample) => sample.name === name);
    expect(at('runs_total')).toEqual([{ name: 'runs_total', labels: {}, value: 2 ** 40 }]);
    expect(at('runs_created')).toEqual([{ name: 'runs_created', labels: {}, value: 1_600_000_000.123 }]);
    expect(at('depth').every(({ labels, value }) => Number(labels['of']) === value)).toBe(true);
    expect(at('depth')).toHaveLength(5);
    expect(at('wait_seconds_bucket').map(({ labels, value }) => [labels['le'], value])).toEqual([
      ['+Inf', 3],
      ['0.1', 1],
      ['1.0', 2],
    ]);
    expect(at('wait_seconds_created')).toEqual([
      { name: 'wait_seconds_created', labels: { at: '"' }, value: 1_600_000_000.123 },
    ]);
    expect(at('render_seconds_count').map(({ value }) => value)).toEqual([1]);
  });

  it('is able to find something wrong', () => {
    expect(() => readByPromtool('# TYPE x counter\nx{a="1" 1\n# EOF\n')).toThrow();
    expect(() => readByPromtool('# TYPE x counter\nx_total 1\n')).toThrow('EOF');
  });
});
