/** How the values that several processes have for one series become one; the names are prom-client's. */
export type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit';

const sum = (values: readonly number[]) => values.reduce((all, each) => all + each, 0);

/** What each of them makes of at least one value; `omit` leaves the family out and never comes here. */
export const AGGREGATE: Readonly<Record<Aggregator, (values: readonly number[]) => number>> = {
  sum,
  first: ([first = 0]) => first,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  average: (values) => sum(values) / values.length,
  omit: () => NaN,
};

/** Whether there is an aggregator of this name. */
export function isAggregator(name: unknown): name is Aggregator {
  return typeof name === 'string' && Object.hasOwn(AGGREGATE, name);
}

/** For what a process tells about itself and no sum makes sense of. */
export const PROCESS_AGGREGATORS: Readonly<Record<string, Aggregator>> = {
  process_start_time_seconds: 'min',
  process_uptime_seconds: 'max',
  nodejs_version_info: 'first',
  nodejs_eventloop_utilization_ratio: 'max',
  nodejs_eventloop_delay_min_seconds: 'min',
  nodejs_eventloop_delay_max_seconds: 'max',
  nodejs_eventloop_delay_mean_seconds: 'average',
  nodejs_eventloop_delay_p50_seconds: 'max',
  nodejs_eventloop_delay_p90_seconds: 'max',
  nodejs_eventloop_delay_p99_seconds: 'max',
};
