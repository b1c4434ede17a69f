import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { familiesOf, number } from '../metric-families.ts';
import { OPEN_METRICS, scrape } from '../scrape.ts';

const tries = { name: 'tries_total', help: 'Tries' };

describe('a counter', () => {
  it('counts one, or what it is told', () => {
    const metrics = createMetrics();
    const counter = metrics.counter(tries);
    counter.inc();
    counter.inc(2.5);
    counter.inc(0);
    expect(metrics.snapshot()).toEqual([
      { type: 'counter', name: 'tries_total', help: 'Tries', series: [{ labels: {}, value: 3.5 }] },
    ]);
  });

  it('counts by labels, bound or not', () => {
    const counter = createMetrics().counter({ ...tries, labels: ['by'] });
    const bound = counter.with('me');
    bound.inc();
    counter.inc({ by: 'me' }, 2);
    expect(bound.value).toBe(3);
    expect(counter.with('me')).toBe(bound);
  });

  it.each([[-1], [NaN], [Infinity], ['1']])('refuses to count %s and stays as it was', (amount) => {
    const counter = createMetrics().counter({ ...tries, labels: ['by'] });
    const bound = counter.with('me');
    expect(() => bound.inc(amount as number)).toThrow(RangeError);
    expect(() => counter.inc({ by: 'me' }, amount as number)).toThrow(
      `tries_total: inc must be given a number >= 0, got ${amount}`,
    );
    expect(bound.value).toBe(0);
  });

  property.prop([fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(1_000)))])(
    'tells the sum of what was counted, in every format',
    async (steps) => {
      const metrics = createMetrics();
      const counter = metrics.counter({ ...tries, labels: ['by'] });
      counter.init({ by: 'a' }, { by: 'b' });
      const sums = { a: 0, b: 0 };
      for (const [by, amount] of steps) {
        counter.inc({ by }, amount);
        sums[by] += amount;
      }
      const lines = [`tries_total{by="a"} ${sums.a}`, `tries_total{by="b"} ${sums.b}`];
      for (const accept of [undefined, OPEN_METRICS]) {
        const text = await scrape(metrics, accept);
        expect(text.split('\n')).toEqual(expect.arrayContaining(lines));
      }
      const series = (await familiesOf(metrics)).get('tries_total')?.metrics ?? [];
      expect(series.map(({ labels, fields }) => [labels['by'], number(fields, 1)])).toEqual([
        ['a', sums.a],
        ['b', sums.b],
      ]);
    },
  );

  it('is one series from the start where it has no labels', async () => {
    const metrics = createMetrics();
    metrics.counter(tries);
    expect(await scrape(metrics)).toContain('\ntries_total 0\n');
    expect((await familiesOf(metrics)).get('tries_total')?.metrics).toHaveLength(1);
  });

  it('starts at zero again when it is reset, and keeps no labels', () => {
    const metrics = createMetrics();
    const plain = metrics.counter(tries);
    const labelled = metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['by'] });
    plain.inc(3);
    labelled.inc({ by: 'me' });
    plain.reset();
    labelled.reset();
    expect(metrics.snapshot()).toMatchObject([{ series: [{ value: 0 }] }, { series: [] }]);
  });

  it('counts beyond 32 bits', async () => {
    const metrics = createMetrics();
    const counter = metrics.counter(tries);
    counter.inc(2 ** 40);
    counter.inc();
    expect(await scrape(metrics)).toContain(`tries_total ${2 ** 40 + 1}`);
  });
});
