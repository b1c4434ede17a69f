import type { Metrics } from '../metrics.ts';

/**
 * The instruments of a service with sessions.
 *
 * @example
 * ```ts
 * import { createMetrics, sessionMetrics } from '@holdfast/metrics';
 *
 * const { created, active } = sessionMetrics(createMetrics());
 * created.inc();
 * active.inc();
 * ```
 */
export function sessionMetrics(metrics: Metrics) {
  return {
    /** Sessions that were opened. */
    created: metrics.counter({ name: 'sessions_created_total', help: 'Sessions that were opened' }),
    /** Sessions that ended, by how they did. */
    ended: metrics.counter({
      name: 'sessions_ended_total',
      help: 'Sessions that ended, by why',
      labels: ['reason'],
      values: { reason: ['deleted', 'expired', 'failed'] },
    }),
    /** Sessions that are open now. */
    active: metrics.gauge({ name: 'sessions_active', help: 'Sessions that are open' }),
    /** How long sessions lasted, in seconds. */
    duration: metrics.histogram({
      name: 'session_duration_seconds',
      help: 'How long sessions lasted',
      buckets: [1, 10, 60, 300, 900, 1_800, 3_600, 14_400, 86_400],
    }),
  };
}
