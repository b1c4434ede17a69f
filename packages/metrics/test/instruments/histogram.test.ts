import { manualClock } from '@holdfast/pipeline/testing';
import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createMetrics, DURATION_BUCKETS } from '../../src/index.ts';
import { samplesOf } from '../scrape.ts';

const wait = { name: 'wait_seconds', help: 'Waits', buckets: [0.5, 1, 2] };

describe('a histogram', () => {
  it('counts a value in the first bucket whose bound it does not exceed', async () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram(wait);
    for (const value of [0.5, 0.50001, 1, 3, -1]) histogram.observe(value);
    expect(
      (await samplesOf(metrics, 'wait')).map(({ name, labels, value }) => [name, labels['le'], value]),
    ).toEqual([
      ['wait_seconds_bucket', '0.5', 2],
      ['wait_seconds_bucket', '1', 4],
      ['wait_seconds_bucket', '2', 4],
      ['wait_seconds_bucket', '+Inf', 5],
      ['wait_seconds_sum', undefined, 4.00001],
      ['wait_seconds_count', undefined, 5],
    ]);
  });

  property.prop([
    fc.array(fc.double({ noNaN: true })),
    fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
  ])('agrees with a count made by hand', (values, bounds) => {
    const buckets = [...new Set(bounds.map((bound) => bound + 0))].sort((a, b) => a - b);
    const metrics = createMetrics();
    const histogram = metrics.histogram({ name: 'x', help: 'x', buckets });
    for (const value of values) histogram.observe(value);
    const [snapshot] = metrics.snapshot();
    if (snapshot?.type !== 'histogram') throw new Error('no histogram');
    const [series] = snapshot.series;
    let below = 0;
    buckets.forEach((bound, index) => {
      below += series?.buckets[index] ?? 0;
      expect(below).toBe(values.filter((value) => value <= bound).length);
    });
    expect(series?.count).toBe(values.length);
  });

  it.each([[[1, 0.5, 2]], [[1, 1]], [[]], [[NaN]], [[1, Infinity]], [['1']], [3]])(
    'refuses the bounds %j',
    (buckets) => {
      expect(() => createMetrics().histogram({ ...wait, buckets: buckets as number[] })).toThrow(
        'histogram: buckets must be finite numbers in ascending order',
      );
    },
  );

  it('has the bounds of the OpenTelemetry conventions unless told otherwise', () => {
    const metrics = createMetrics();
    metrics.histogram({ name: 'x_seconds', help: 'x' });
    expect(metrics.snapshot()).toMatchObject([{ bounds: DURATION_BUCKETS }]);
  });

  it('refuses NaN and what is no number, which would spoil the sum for good', () => {
    const histogram = createMetrics().histogram({ ...wait, labels: ['at'] });
    const bound = histogram.with('door');
    expect(() => bound.observe(NaN)).toThrow(new TypeError('wait_seconds must be given a number, got NaN'));
    expect(() => histogram.observe({ at: 'door' }, '1' as never)).toThrow(TypeError);
    expect([bound.count, bound.sum]).toEqual([0, 0]);
  });

  it('has bound children that know their count and sum', () => {
    const histogram = createMetrics().histogram({ ...wait, labels: ['at'] });
    const bound = histogram.with('door');
    bound.observe(0.7);
    histogram.observe({ at: 'door' }, 5);
    expect([bound.count, bound.sum]).toEqual([2, 5.7]);
  });

  it('goes on with the counts of a new child when a removed one is used again', () => {
    const histogram = createMetrics().histogram({ ...wait, labels: ['at'] });
    const old = histogram.with('door');
    old.observe(1);
    histogram.reset();
    histogram.observe({ at: 'door' }, 2);
    old.observe(3);
    expect([old.count, old.sum]).toEqual([2, 5]);
    expect(histogram.with('door')).toBe(old);
  });
});

describe('a timer', () => {
  it('observes the seconds until it stops, once', async () => {
    const clock = manualClock();
    const bound = createMetrics({ clock })
      .histogram({ ...wait, labels: ['at'] })
      .with('door');
    const timing = bound.startTimer();
    await clock.advance(1_500);
    expect(timing.stop()).toBe(1.5);
    await clock.advance(1_000);
    expect(timing.stop()).toBe(1.5);
    expect([bound.count, bound.sum]).toEqual([1, 1.5]);
  });

  it('stops at the end of a block', async () => {
    const clock = manualClock();
    const histogram = createMetrics({ clock }).histogram({ ...wait, labels: ['at'] });
    {
      using _timing = histogram.startTimer({ at: 'door' });
      await clock.advance(250);
    }
    expect(histogram.with('door').sum).toBe(0.25);
  });

  it('measures a function until its promise settles, and hands on what it gives', async () => {
    const clock = manualClock();
    const histogram = createMetrics({ clock }).histogram({ ...wait, labels: ['at'] });
    const door = histogram.with('door');
    const slow = async (ms: number) => {
      await new Promise<void>((resolve) => clock.setTimer(resolve, ms));
      if (ms === 2_000) throw new Error('late');
      return ms;
    };
    const result = histogram.time({ at: 'door' }, () => slow(1_000));
    expect(door.count).toBe(0);
    await clock.advance(1_000);
    await expect(result).resolves.toBe(1_000);
    const failing = expect(histogram.time({ at: 'door' }, () => slow(2_000))).rejects.toThrow('late');
    await clock.advance(2_000);
    await failing;
    expect([door.count, door.sum]).toEqual([2, 3]);
  });

  it('measures a synchronous function, even one that throws', () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram(wait);
    expect(histogram.time(() => 7)).toBe(7);
    const error = new Error('mine');
    const failing = () =>
      histogram.time(() => {
        throw error;
      });
    expect(failing).toThrow(error);
    expect(metrics.snapshot()).toMatchObject([{ series: [{ count: 2 }] }]);
  });

  it('does not start a lazy thenable', () => {
    let started = 0;
    const lazy = { then: () => void started++ };
    expect(
      createMetrics()
        .histogram(wait)
        .time(() => lazy),
    ).toBe(lazy);
    expect(started).toBe(0);
  });
});
