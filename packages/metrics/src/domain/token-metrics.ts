import type { Metrics } from '../metrics.ts';

/**
 * The instruments of whoever issues short-lived credentials.
 *
 * @example
 * ```ts
 * import { createMetrics, tokenMetrics } from '@holdfast/metrics';
 *
 * const { issued, active, ttl } = tokenMetrics(createMetrics());
 * issued.inc({ resource_type: 'database' });
 * active.inc({ resource_type: 'database' });
 * ttl.observe({ resource_type: 'database' }, 300);
 * ```
 */
export function tokenMetrics(metrics: Metrics) {
  const labels = ['resource_type'] as const;
  const values = { resource_type: ['database', 'api', 'ssh', 'generic'] } as const;
  return {
    /** Tokens that were issued. */
    issued: metrics.counter({ name: 'tokens_issued_total', help: 'Tokens that were issued', labels, values }),
    /** Tokens that were refused. */
    refused: metrics.counter({
      name: 'tokens_refused_total',
      help: 'Tokens that were refused',
      labels,
      values,
    }),
    /** Tokens that ended, by how they did. */
    ended: metrics.counter({
      name: 'tokens_ended_total',
      help: 'Tokens that are no longer valid, by why',
      labels: ['resource_type', 'reason'],
      values: { ...values, reason: ['expired', 'revoked'] },
    }),
    /** Tokens that are valid now. */
    active: metrics.gauge({ name: 'tokens_active', help: 'Tokens that are valid', labels, values }),
    /** For how many seconds tokens were issued. */
    ttl: metrics.histogram({
      name: 'token_ttl_seconds',
      help: 'For how long tokens were issued',
      labels,
      values,
      buckets: [30, 60, 120, 300, 600, 900, 1_800, 3_600, 14_400, 43_200, 86_400],
    }),
  };
}
