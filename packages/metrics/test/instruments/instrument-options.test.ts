import { describe, expect, it } from 'vitest';
import { createMetrics, exponentialBuckets, SIZE_BUCKETS } from '../../src/index.ts';

const good = { name: 'x_total', help: 'x' };

describe('the options of an instrument', () => {
  it.each([
    [undefined, 'counter: options must be an object'],
    [{ help: 'x' }, 'counter: name must be letters'],
    [{ name: 'x_total' }, 'counter: help must be a sentence'],
    [{ ...good, name: '7_total' }, 'counter: name must be letters'],
    [{ ...good, name: 'x-total' }, 'counter: name must be letters'],
    [{ ...good, name: 'x' }, 'counter: name must end in _total'],
    [{ ...good, help: '' }, 'counter: help must be a sentence'],
    [{ ...good, labels: ['le'] }, 'counter: labels must not be le, quantile or overflow'],
    [{ ...good, labels: ['overflow'] }, 'counter: labels must not be le, quantile or overflow'],
    [{ ...good, labels: ['__name__'] }, 'counter: labels must be letters'],
    [{ ...good, labels: ['a b'] }, 'counter: labels must be letters'],
    [{ ...good, labels: ['a', 'a'] }, 'counter: labels must not name a label twice'],
    [{ ...good, labels: 'a' }, 'counter: labels must be an array of label names'],
    [{ ...good, values: { b: ['1'] } }, "counter: x_total: 'b' must be one of its labels"],
    [{ ...good, normalize: { b: String } }, "counter: x_total: 'b' must be one of its labels"],
    [{ ...good, limit: 0 }, 'counter: limit must be an integer >= 1'],
    [{ ...good, ttlMs: 0 }, 'counter: ttlMs must be a number >= 1'],
    [{ ...good, maxValueLength: 0 }, 'counter: maxValueLength must be an integer >= 1'],
    [{ ...good, labelNames: ['a'] }, 'counter has no option "labelNames"'],
  ])('%j are refused', (options, message) => {
    expect(() => createMetrics().counter(options as never)).toThrow(message);
  });

  it.each(['x_total', 'x_sum', 'x_count', 'x_bucket', 'x_created'])('%s is no name for a gauge', (name) => {
    expect(() => createMetrics().gauge({ name, help: 'x' })).toThrow('gauge: name must not end in');
  });

  it('are copied', () => {
    const labels: string[] = ['a'];
    const buckets = [1, 2];
    const metrics = createMetrics();
    const histogram = metrics.histogram({ name: 'x', help: 'x', labels, buckets });
    labels.push('b');
    buckets.push(0);
    histogram.observe({ a: 'v' }, 1);
    expect(metrics.snapshot()).toMatchObject([{ bounds: [1, 2], series: [{ labels: { a: 'v' } }] }]);
  });
});

describe('bounds', () => {
  it('grow by a factor', () => {
    expect(exponentialBuckets(1, 4, 4)).toEqual([1, 4, 16, 64]);
    expect([SIZE_BUCKETS[0], SIZE_BUCKETS.at(-1)]).toEqual([256, 64 * 1024 * 1024]);
  });

  it.each([
    [0, 2, 3],
    [1, 1, 3],
    [1, 2, 0],
  ])('cannot be made of %d, %d, %d', (start, factor, count) => {
    expect(() => exponentialBuckets(start, factor, count)).toThrow(RangeError);
  });
});
