import { describe, expect, it } from 'vitest';
import { median, quantile, ratioOf, significant } from '../../src/harness/statistics.ts';

describe('median', () => {
  it('is the middle value, in whatever order they come', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two middle values of an even number', () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it('sorts by value, not by text', () => {
    expect(median([10, 9, 100])).toBe(10);
  });

  it('leaves its argument as it is', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });

  it('refuses to make up a value of none', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('quantile', () => {
  it('interpolates between the nearest values', () => {
    expect(quantile([0, 10, 20, 30, 40], 0.25)).toBe(10);
    expect(quantile([0, 10], 0.9)).toBe(9);
  });

  it('reaches both ends', () => {
    expect(quantile([7, 3, 5], 0)).toBe(3);
    expect(quantile([7, 3, 5], 1)).toBe(7);
  });
});

describe('ratioOf', () => {
  it('is the median of the ratios, not the ratio of the medians', () => {
    expect(ratioOf([2, 9, 40], [1, 3, 20])).toBe(2);
  });
});

describe('significant', () => {
  it('keeps as many digits as asked for', () => {
    expect(significant(12_345.678, 3)).toBe(12_300);
    expect(significant(0.012_345, 2)).toBe(0.012);
  });
});
