import type { Metrics } from '../metrics.ts';

/** Bounds of the OpenTelemetry conventions for MCP, in seconds. */
const BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/**
 * The instruments of an MCP client or server. Tools and methods come from closed sets; keep what users name out of them.
 *
 * @example
 * ```ts
 * import { createMetrics, mcpMetrics } from '@holdfast/metrics';
 *
 * const { operations } = mcpMetrics(createMetrics());
 * operations.observe({ mcp_method_name: 'tools/call', error_type: '' }, 0.4);
 * ```
 */
export function mcpMetrics(metrics: Metrics) {
  return {
    /** Connections that are open now. */
    connections: metrics.gauge({ name: 'mcp_connections_active', help: 'Connections that are open' }),
    /** Connections that could not be opened, or broke. */
    connectionErrors: metrics.counter({
      name: 'mcp_connection_errors_total',
      help: 'Connections that could not be opened, or broke',
    }),
    /** How long operations took in seconds; `error_type` is empty where they succeeded. */
    operations: metrics.histogram({
      name: 'mcp_operation_duration_seconds',
      help: 'How long operations took',
      labels: ['mcp_method_name', 'error_type'],
      buckets: BUCKETS,
    }),
  };
}
