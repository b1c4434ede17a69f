import type { HrTime } from '@opentelemetry/api';
import type { MetricData, MetricProducer, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Metrics } from '../metrics.ts';
import type { MetricSnapshot } from '../reports/snapshot.ts';
import { exponentialValue } from './exponential-value.ts';

const CUMULATIVE = 1;
const DOUBLE = 1;
const HISTOGRAM = 0;
const EXPONENTIAL_HISTOGRAM = 1;
const GAUGE = 2;
const SUM = 3;

const UNITS: Readonly<Record<string, string>> = { seconds: 's', bytes: 'By', ratio: '1' };

/**
 * Hands the numbers of our instruments to readers of the OpenTelemetry SDK: one store, exposed and pushed. Names and
 * labels are the same both ways; counting costs what it costs without.
 *
 * @param metrics - whose instruments; metrics of others in its registry are left out
 *
 * @example
 * ```ts
 * import { createMetrics } from '@holdfast/metrics';
 * import { metricProducer } from '@holdfast/metrics/otel';
 *
 * const producer = metricProducer(createMetrics()); // { metricProducers: [producer] } of a metric reader
 * ```
 */
export function metricProducer(metrics: Metrics): MetricProducer {
  const { clock } = metrics;
  // Totals count from when the clock did; nothing can have been counted before.
  const startTime = hrTime(clock.wallNow() - clock.now());
  return {
    collect() {
      const span = { startTime, endTime: hrTime(clock.wallNow()) };
      const data = metrics.snapshot().map((metric) => metricData(metric, span));
      const scopeMetrics = [{ scope: { name: '@holdfast/metrics' }, metrics: data }];
      // Readers take the resource of the SDK instead of a producer's.
      return Promise.resolve({ resourceMetrics: { scopeMetrics } as unknown as ResourceMetrics, errors: [] });
    },
  };
}

interface TimeSpan {
  readonly startTime: HrTime;
  readonly endTime: HrTime;
}

function metricData(metric: MetricSnapshot, span: TimeSpan): MetricData {
  const { name, help } = metric;
  const descriptor = { name, description: help, unit: unitOf(name), valueType: DOUBLE };
  const common = { descriptor, aggregationTemporality: CUMULATIVE } as const;
  if (metric.type === 'histogram') {
    const boundaries = [...metric.bounds];
    if (boundaries.length === 0) {
      // A histogram without bounds has exponential buckets alone.
      const points = metric.series.flatMap((series) => {
        const { labels, native } = series;
        return native === undefined
          ? []
          : [{ ...span, attributes: labels, value: exponentialValue(series, native) }];
      });
      return { ...common, dataPointType: EXPONENTIAL_HISTOGRAM, dataPoints: points };
    }
    const dataPoints = metric.series.map(({ labels, count, sum, buckets }) => {
      return {
        ...span,
        attributes: labels,
        value: { count, sum, buckets: { boundaries, counts: [...buckets] } },
      };
    });
    return { ...common, dataPointType: HISTOGRAM, dataPoints };
  }
  const dataPoints = metric.series.map(({ labels, value }) => ({ ...span, attributes: labels, value }));
  return metric.type === 'counter'
    ? { ...common, dataPointType: SUM, isMonotonic: true, dataPoints }
    : { ...common, dataPointType: GAUGE, dataPoints };
}

/** The unit that the name tells, as UCUM writes it. */
function unitOf(name: string): string {
  const last =
    name
      .replace(/_total$/, '')
      .split('_')
      .at(-1) ?? '';
  return UNITS[last] ?? '';
}

function hrTime(epochMs: number): HrTime {
  const seconds = Math.floor(epochMs / 1000);
  return [seconds, Math.round((epochMs - seconds * 1000) * 1e6)];
}
