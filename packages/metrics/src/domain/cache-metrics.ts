import type { Metrics } from '../metrics.ts';

/**
 * The instruments of a cache.
 *
 * @example
 * ```ts
 * import { cacheMetrics, createMetrics } from '@holdfast/metrics';
 *
 * const { requests } = cacheMetrics(createMetrics());
 * const hit = requests.with('prompts', 'hit');
 * hit.inc();
 * ```
 */
export function cacheMetrics(metrics: Metrics) {
  return {
    /** Look-ups, by whether there was something. */
    requests: metrics.counter({
      name: 'cache_requests_total',
      help: 'Look-ups, by whether there was something',
      labels: ['cache', 'result'],
      values: { result: ['hit', 'stale', 'miss'] },
    }),
    /** How long operations took, in seconds. */
    operations: metrics.histogram({
      name: 'cache_operation_duration_seconds',
      help: 'How long operations of a cache took',
      labels: ['cache', 'operation'],
      values: { operation: ['get', 'set', 'delete'] },
      buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1],
    }),
    /** What the cache holds. */
    entries: metrics.gauge({ name: 'cache_entries', help: 'Entries that a cache holds', labels: ['cache'] }),
  };
}
