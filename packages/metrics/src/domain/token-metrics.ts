import type { Metrics } from '../metrics.ts';

const labels = ['resource_type'] as const;
const values = { resource_type: ['database', 'api', 'ssh', 'generic'] } as const;

/** The instruments of tokens, which brokers that count by themselves are shown under as well. */
export const TOKENS = {
  issued: { name: 'tokens_issued_total', help: 'Tokens that were issued', values },
  redeemed: {
    name: 'tokens_redeemed_total',
    help: 'Tokens that were exchanged for what they stand for',
    values,
  },
  refused: { name: 'tokens_refused_total', help: 'Tokens that were refused', values },
  ended: {
    name: 'tokens_ended_total',
    help: 'Tokens that are no longer valid, by why',
    values: { ...values, reason: ['expired', 'revoked'] },
  },
  active: { name: 'tokens_active', help: 'Tokens that are valid', values },
} as const;

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
  return {
    /** Tokens that were issued. */
    issued: metrics.counter({ ...TOKENS.issued, labels }),
    /** Tokens that were exchanged for what they stand for. */
    redeemed: metrics.counter({ ...TOKENS.redeemed, labels }),
    /** Tokens that were refused. */
    refused: metrics.counter({ ...TOKENS.refused, labels }),
    /** Tokens that ended, by how they did. */
    ended: metrics.counter({ ...TOKENS.ended, labels: ['resource_type', 'reason'] }),
    /** Tokens that are valid now. */
    active: metrics.gauge({ ...TOKENS.active, labels }),
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
