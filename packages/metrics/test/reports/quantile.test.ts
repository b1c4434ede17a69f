import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addUp, quantile, since } from '../../src/reports/quantile.ts';

const of = (...buckets: number[]) => ({ count: buckets.reduce((a, b) => a + b, 0), sum: 0, buckets });

describe('a quantile', () => {
  it('is spread evenly within its bucket', () => {
    expect(quantile(0.5, [1, 2, 4], of(0, 10, 0, 0))).toBe(1.5);
    expect(quantile(0.75, [1, 2, 4], of(5, 0, 5, 0))).toBe(3);
    expect(quantile(0.5, [10], of(4, 0))).toBe(5);
  });

  it('is the highest bound where values lie above all bounds', () => {
    expect(quantile(0.99, [1, 2], of(1, 0, 99))).toBe(2);
  });

  it('is unknown where nothing was observed', () => {
    expect(quantile(0.5, [1, 2], of(0, 0, 0))).toBeUndefined();
  });

  it('is the bound of a first bucket that is not above 0', () => {
    expect(quantile(0.5, [-1, 1], of(3, 0, 0))).toBe(-1);
  });

  property.prop([
    fc.array(fc.nat(50), { minLength: 4, maxLength: 4 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  ])('never falls as its ratio rises, and stays within the bounds', (buckets, a, b) => {
    const distribution = of(...buckets);
    const [low, high] = [a, b].sort((x, y) => x - y).map((ratio) => quantile(ratio, [1, 2, 4], distribution));
    if (distribution.count === 0) return;
    expect(low).toBeLessThanOrEqual((high as number) + 1e-9);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThanOrEqual(4);
  });
});

describe('distributions', () => {
  it('add up', () => {
    const all = [
      { count: 1, sum: 2, buckets: [1, 0] },
      { count: 3, sum: 4, buckets: [1, 2] },
    ];
    expect(addUp(all, 2)).toEqual({ count: 4, sum: 6, buckets: [2, 2] });
    expect(addUp([], 2)).toEqual({ count: 0, sum: 0, buckets: [0, 0] });
  });

  it('are subtracted, unless the count began again', () => {
    const before = { count: 3, sum: 4, buckets: [1, 2] };
    const now = { count: 5, sum: 9, buckets: [2, 3] };
    expect(since(now, before)).toEqual({ count: 2, sum: 5, buckets: [1, 1] });
    expect(since(before, now)).toBe(before);
    expect(since(now, undefined)).toBe(now);
  });
});
