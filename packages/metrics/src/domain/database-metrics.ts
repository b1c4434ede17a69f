import type { Metrics } from '../metrics.ts';

/** Bounds of the OpenTelemetry conventions for databases, in seconds. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * The instruments of a database client.
 *
 * @example
 * ```ts
 * import { createMetrics, databaseMetrics } from '@holdfast/metrics';
 *
 * const { operations } = databaseMetrics(createMetrics());
 * operations.observe({ db_operation_name: 'SELECT', error_type: '' }, 0.003);
 * ```
 */
export function databaseMetrics(metrics: Metrics) {
  return {
    /** How long queries took in seconds; `error_type` is empty where they succeeded. */
    operations: metrics.histogram({
      name: 'db_client_operation_duration_seconds',
      help: 'How long queries took',
      labels: ['db_operation_name', 'error_type'],
      buckets: BUCKETS,
    }),
    /** Connections of the pool. */
    connections: metrics.gauge({
      name: 'db_client_connections',
      help: 'Connections of the pool, by what they do',
      labels: ['pool', 'state'],
      values: { state: ['idle', 'used'] },
    }),
    /** Callers that wait for a connection. */
    pending: metrics.gauge({
      name: 'db_client_pending_requests',
      help: 'Callers that wait for a connection of the pool',
      labels: ['pool'],
    }),
    /** Connections that could not be opened, or broke. */
    connectionErrors: metrics.counter({
      name: 'db_client_connection_errors_total',
      help: 'Connections that could not be opened, or broke',
      labels: ['pool'],
    }),
  };
}
