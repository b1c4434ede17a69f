import type { Exemplar } from '../instruments/exemplars.ts';
import type { GivenLabels } from './escape.ts';

/** A family of another library as it is written. */
export interface ForeignReading {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly ForeignSample[];
}

/** One of its numbers. */
export interface ForeignSample {
  readonly name: string;
  readonly labels: GivenLabels;
  readonly value: number;
  readonly exemplar: Exemplar | undefined;
}

/** What a metric of prom-client or `@prometheus-io/client` answers when it is read. */
interface Answer {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly {
    readonly metricName?: string;
    readonly labels: GivenLabels;
    readonly value: number;
    readonly exemplar?: {
      readonly labelSet: GivenLabels;
      readonly value: number;
      readonly timestamp: number;
    } | null;
  }[];
}

/** A metric of another library. */
export interface ForeignMetric {
  get(): PromiseLike<Answer> | Answer;
}

/** Whether something is a metric of another library. */
export function isForeign(metric: unknown): metric is ForeignMetric {
  return typeof (metric as { get?: unknown } | null)?.get === 'function';
}

/**
 * Reads a metric of another library.
 *
 * @param openMetrics - whether its registry writes OpenMetrics, for which it takes `_total` off the names of counters
 */
export async function readForeign(metric: ForeignMetric, openMetrics: boolean): Promise<ForeignReading> {
  const { name: given, help, type, values } = await metric.get();
  const name = openMetrics && type === 'counter' && !given.endsWith('_total') ? `${given}_total` : given;
  const samples = values.map(({ metricName = name, labels, value, exemplar }) => ({
    name: metricName,
    labels,
    value,
    exemplar: exemplar
      ? { labels: exemplar.labelSet, value: exemplar.value, atMs: exemplar.timestamp * 1000 }
      : undefined,
  }));
  return { name, help, type, samples };
}
