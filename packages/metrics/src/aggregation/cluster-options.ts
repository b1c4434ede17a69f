import {
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { isAggregator, type Aggregator } from './aggregator.ts';

/** What {@link createClusterMetrics} takes. */
export interface ClusterMetricsOptions {
  /** The instruments of this process itself, which are added up with the others. Default: none. */
  readonly metrics?: Pick<Metrics, 'registry'> | undefined;
  /**
   * How long workers may take to answer, in milliseconds; of those that take longer the last known numbers are used. At
   * least 1. Default 1,000.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How gauges are merged, by name of the metric. Default: what the metric says, which is `sum` unless it is told
   * otherwise; start times, versions and the delay of the event loop by what makes sense of them.
   */
  readonly aggregators?: Readonly<Record<string, Aggregator>> | undefined;
  /** How many series of a metric are remembered of workers that are gone; others count together. At least 1. Default 10,000. */
  readonly seriesLimit?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What {@link createClusterMetrics} does unless told otherwise. */
export const clusterMetricsDefaults = {
  timeoutMs: 1_000,
  aggregators: {},
  seriesLimit: 10_000,
  clock: systemClock,
} as const satisfies ClusterMetricsOptions;

const aggregatorsRule: Rule = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every(isAggregator)
    ? undefined
    : 'must be an object of sum, first, min, max, average or omit';

const rules: Rules<ClusterMetricsOptions> = {
  metrics: (value) =>
    typeof value === 'object' && value !== null && 'registry' in value ? undefined : 'must be metrics',
  timeoutMs: number(1),
  aggregators: aggregatorsRule,
  seriesLimit: integer(1),
  clock: having('setTimer'),
};

export function readClusterOptions(options: ClusterMetricsOptions) {
  return readOptions('createClusterMetrics', options, rules, clusterMetricsDefaults);
}
