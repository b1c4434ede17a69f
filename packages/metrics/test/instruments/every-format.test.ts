import { test as property, fc } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { decodeHistogram, familiesOf, number } from '../metric-families.ts';
import { parseText, type ParsedSample } from '../parse-text.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

const bounds = fc
  .uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), {
    minLength: 1,
    maxLength: 12,
    selector: (bound) => bound + 0,
  })
  .map((all) => all.map((bound) => bound + 0).sort((a, b) => a - b));
const labels = fc.record({ at: fc.constantFrom('door', 'gate', ''), who: fc.constantFrom('me', '"\\\n') });
const observations = fc.array(fc.tuple(labels, fc.double({ noNaN: true, noDefaultInfinity: true })), {
  maxLength: 60,
});

describe('a histogram', () => {
  property.prop([bounds, observations, fc.boolean()])(
    'says the same in every format',
    async (buckets, given, withNative) => {
      const metrics = createMetrics();
      const native = withNative ? {} : undefined;
      const histogram = metrics.histogram({ name: 'x', help: 'x', labels: ['at', 'who'], buckets, native });
      for (const [at, value] of given) histogram.observe(at, value);
      const text = parseText(await scrape(metrics));
      const open = parseText(await scrape(metrics, OPEN_METRICS));
      // OpenMetrics writes the bound 1 as 1.0.
      expect(open.map(withBound)).toEqual(text.map(withBound));
      const fromText = (name: string, of: object) =>
        text.filter((sample) => sample.name === name && matches(sample.labels, of));
      for (const metric of (await familiesOf(metrics)).get('x')?.metrics ?? []) {
        const decoded = decodeHistogram(metric);
        expect(fromText('x_count', metric.labels).map(({ value }) => value)).toContain(decoded.count);
        expect(fromText('x_sum', metric.labels).map(({ value }) => value)).toContain(decoded.sum + 0);
        expect(decoded.buckets).toHaveLength(buckets.length + 1);
        for (const { bound, count } of decoded.buckets) {
          const same = fromText('x_bucket', metric.labels).filter(({ labels: { le = '' } }) => {
            return Number(le.replace('+Inf', 'Infinity')) === bound;
          });
          expect(same.map(({ value }) => value)).toContain(count);
        }
        expect(decoded.buckets.at(-1)?.count).toBe(decoded.count);
        expect(Number.isNaN(decoded.schema)).toBe(!withNative);
      }
      const counted = text
        .filter(({ name }) => name === 'x_count')
        .reduce((sum, { value }) => sum + value, 0);
      expect(counted).toBe(given.length);
    },
  );

  property.prop([observations])('adds up to the same as its bound children', (given) => {
    const metrics = createMetrics();
    const histogram = metrics.histogram({ name: 'x', help: 'x', labels: ['at', 'who'], native: {} });
    const children = new Map<object, { readonly count: number; observe(value: number): void }>();
    for (const [{ at, who }, value] of given) {
      const child = histogram.with(at, who);
      children.set(child, child);
      child.observe(value);
    }
    const [snapshot] = metrics.snapshot();
    const counts = [...children.values()].map(({ count }) => count);
    expect(snapshot?.series.map((series) => ('count' in series ? series.count : NaN)).sort()).toEqual(
      counts.sort(),
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(given.length);
  });
});

describe('a gauge', () => {
  property.prop([
    fc.array(
      fc.record({
        what: fc.constantFrom('set', 'inc', 'dec'),
        of: fc.constantFrom('a', 'b'),
        by: fc.integer({ min: -1_000, max: 1_000 }),
        bound: fc.boolean(),
      }),
    ),
  ])('stands where it was put, in every format', async (steps) => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ name: 'x', help: 'x', labels: ['of'] });
    gauge.init({ of: 'a' }, { of: 'b' });
    const model = { a: 0, b: 0 };
    for (const { what, of, by, bound } of steps) {
      if (bound) gauge.with(of)[what as 'set'](by);
      else gauge[what as 'set']({ of }, by);
      const key = of;
      model[key] = what === 'set' ? by : model[key] + (what === 'inc' ? by : -by);
    }
    const expected = [model.a + 0, model.b + 0];
    expect(parseText(await scrape(metrics)).map(({ value }) => value)).toEqual(expected);
    const series = (await familiesOf(metrics)).get('x')?.metrics ?? [];
    expect(series.map(({ fields }) => number(fields, 1) + 0)).toEqual(expected);
  });
});

function withBound({ labels: { le = '', ...own }, ...sample }: ParsedSample) {
  return { ...sample, own, bound: Number(le.replace('+Inf', 'Infinity')) };
}

/** Whether the labels of a line are those of a series, its bound left out. */
function matches(line: Readonly<Record<string, string>>, series: object): boolean {
  const { le: _, ...own } = line;
  const wanted = Object.entries(series) as [string, string][];
  return Object.keys(own).length === wanted.length && wanted.every(([name, value]) => own[name] === value);
}
