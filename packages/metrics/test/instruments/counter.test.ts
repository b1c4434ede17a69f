import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';

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
});
