import type { Metrics } from '../metrics.ts';
import { OUTCOMES } from './outcome.ts';

/**
 * The instruments of work that is done in batches, or waits in a queue.
 *
 * @example
 * ```ts
 * import { batchMetrics, createMetrics } from '@holdfast/metrics';
 *
 * const { size, waiting } = batchMetrics(createMetrics());
 * waiting.set({ queue: 'events' }, 40);
 * size.observe({ queue: 'events' }, 40);
 * ```
 */
export function batchMetrics(metrics: Metrics) {
  return {
    /** How many items a batch had. */
    size: metrics.histogram({
      name: 'batch_size_items',
      help: 'How many items batches had',
      labels: ['queue'],
      buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000],
    }),
    /** How long batches took, in seconds. */
    duration: metrics.histogram({
      name: 'batch_duration_seconds',
      help: 'How long batches took',
      labels: ['queue', 'outcome'],
      values: { outcome: OUTCOMES },
    }),
    /** Items that wait now. */
    waiting: metrics.gauge({ name: 'queue_waiting_items', help: 'Items that wait', labels: ['queue'] }),
  };
}
