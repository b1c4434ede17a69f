import { createMetrics } from '@holdfast/metrics';
import { metricProducer } from '@holdfast/metrics/otel';
import { manualClock } from '@holdfast/pipeline/testing';
import { AggregationTemporality, DataPointType, type ExponentialHistogram } from '@opentelemetry/sdk-metrics';
import { ValueType } from '@opentelemetry/api';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

async function collect(metrics: ReturnType<typeof createMetrics>) {
  const { resourceMetrics, errors } = await metricProducer(metrics).collect();
  expect(errors).toEqual([]);
  return resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
}

describe('a metric producer', () => {
  it('makes a counter a monotonic, cumulative sum', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'a_bytes_total', help: 'A', labels: ['k'] }).inc({ k: 'v' }, 2.5);
    const [sum] = await collect(metrics);
    expect(sum).toMatchObject({
      descriptor: { name: 'a_bytes_total', description: 'A', unit: 'By', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
      dataPointType: DataPointType.SUM,
      isMonotonic: true,
      dataPoints: [{ attributes: { k: 'v' }, value: 2.5 }],
    });
  });

  it('makes a gauge a gauge', async () => {
    const metrics = createMetrics();
    metrics.gauge({ name: 'use_ratio', help: 'A' }).set(-1);
    const [gauge] = await collect(metrics);
    expect(gauge).toMatchObject({
      descriptor: { unit: '1' },
      dataPointType: DataPointType.GAUGE,
      dataPoints: [{ value: -1 }],
    });
  });

  it('keeps the buckets of a histogram, whatever falls into them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), async (values) => {
        const metrics = createMetrics();
        const histogram = metrics.histogram({ name: 'h_seconds', help: 'H', buckets: [1, 2, 5] });
        histogram.init({});
        for (const value of values) histogram.observe(value);
        const [data] = await collect(metrics);
        const within = (low: number, high: number) =>
          values.filter((each) => each > low && each <= high).length;
        expect(data).toMatchObject({
          descriptor: { unit: 's' },
          dataPointType: DataPointType.HISTOGRAM,
          dataPoints: [
            {
              value: {
                count: values.length,
                sum: values.reduce((total, each) => total + each, 0),
                buckets: {
                  boundaries: [1, 2, 5],
                  counts: [within(-1, 1), within(1, 2), within(2, 5), within(5, Infinity)],
                },
              },
            },
          ],
        });
      }),
    );
  });

  it('keeps exponential buckets: each value lies in the bucket that counts it', async () => {
    const value = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 30 }),
        fc.integer({ min: -4, max: 8 }),
        async (all, schema) => {
          const metrics = createMetrics();
          const histogram = metrics.histogram({ name: 'h_seconds', help: 'H', native: { schema } });
          for (const each of all) histogram.observe(each);
          const [data] = await collect(metrics);
          expect(data?.dataPointType).toBe(DataPointType.EXPONENTIAL_HISTOGRAM);
          const [point] = (data?.dataPoints ?? []) as { value: ExponentialHistogram }[];
          const { count, scale, zeroCount, positive, negative } = point?.value as ExponentialHistogram;
          const sent = [positive, negative].flatMap(({ bucketCounts }) => bucketCounts);
          expect(positive.bucketCounts.length).toBeLessThanOrEqual(640);
          expect(sent.reduce((sum, each) => sum + each, zeroCount)).toBe(count);
          expect(count).toBe(all.length);
          for (const each of all.filter((one) => Math.abs(one) > 2 ** -128)) {
            const { offset, bucketCounts } = each > 0 ? positive : negative;
            // OpenTelemetry, metrics data model: the bucket of index i holds (base^i, base^(i+1)].
            const held = bucketCounts.some((inBucket, index) => {
              const [low, high] = [0, 1].map((edge) => (offset + index + edge) / 2 ** scale) as [
                number,
                number,
              ];
              const position = Math.log2(Math.abs(each));
              return inBucket > 0 && position > low - 1e-9 && position < high + 1e-9;
            });
            expect(held).toBe(true);
          }
        },
      ),
    );
  });

  it('keeps the classic buckets of a histogram that has both', async () => {
    const metrics = createMetrics();
    metrics.histogram({ name: 'h_seconds', help: 'H', buckets: [1], native: {} }).observe(0.5);
    expect((await collect(metrics))[0]?.dataPointType).toBe(DataPointType.HISTOGRAM);
  });

  it('says from when to when, to the nanosecond', async () => {
    const clock = manualClock({ wallStartMs: 1_700_000_000_250 });
    const metrics = createMetrics({ clock });
    metrics.counter({ name: 'a_total', help: 'A' }).inc();
    await clock.advance(1_500);
    const [sum] = await collect(metrics);
    expect(sum?.dataPoints[0]).toMatchObject({
      startTime: [1_700_000_000, 250_000_000],
      endTime: [1_700_000_001, 750_000_000],
    });
  });

  it('brings pulled values up to date first', async () => {
    const metrics = createMetrics();
    const gauge = metrics.gauge({ name: 'pulled', help: 'P' });
    metrics.onCollect(() => gauge.set(7));
    expect((await collect(metrics))[0]?.dataPoints[0]?.value).toBe(7);
  });
});
