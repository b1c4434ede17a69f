import type { Metrics } from '../metrics.ts';
import { OUTCOMES } from './outcome.ts';

/**
 * The instruments of a server that speaks several protocols with agents.
 *
 * @example
 * ```ts
 * import { createMetrics, protocolMetrics } from '@holdfast/metrics';
 *
 * const { duration } = protocolMetrics(createMetrics());
 * duration.observe({ protocol: 'a2a', operation: 'message/send', outcome: 'success' }, 0.12);
 * ```
 */
export function protocolMetrics(metrics: Metrics) {
  return {
    /** How long requests took in seconds, and with it how many there were. */
    duration: metrics.histogram({
      name: 'protocol_request_duration_seconds',
      help: 'How long requests took, by protocol',
      labels: ['protocol', 'operation', 'outcome'],
      values: { protocol: ['mcp', 'a2a', 'acp', 'http', 'grpc'], outcome: OUTCOMES },
    }),
  };
}
