export { batchMetrics } from './domain/batch-metrics.ts';
export { cacheMetrics } from './domain/cache-metrics.ts';
export { databaseMetrics } from './domain/database-metrics.ts';
export { mcpMetrics } from './domain/mcp-metrics.ts';
export { protocolMetrics } from './domain/protocol-metrics.ts';
export { sessionMetrics } from './domain/session-metrics.ts';
export { tokenMetrics } from './domain/token-metrics.ts';
export type { Exposition } from './exposition/renderer.ts';
export { expressMetrics } from './http/express-metrics.ts';
export { fastifyMetrics, type FastifyInstanceLike, type FastifyPluginLike } from './http/fastify-metrics.ts';
export { honoMetrics, type HonoContextLike } from './http/hono-metrics.ts';
export { httpMetricsDefaults, type HttpMetricsOptions } from './http/http-options.ts';
export { metricsEndpoint, type MetricsEndpoint } from './http/metrics-endpoint.ts';
export { nodeHttpMetrics, type ObserveRequest, type RouteOf } from './http/node-http-metrics.ts';
export { templatePath } from './http/template-path.ts';
export { DURATION_BUCKETS, exponentialBuckets, SIZE_BUCKETS } from './instruments/buckets.ts';
export type { BoundCounter, Counter } from './instruments/counter.ts';
export { spanExemplar, type ExemplarSource, type TraceApi } from './instruments/exemplars.ts';
export type { BoundGauge, Gauge } from './instruments/gauge.ts';
export type { BoundHistogram, Histogram } from './instruments/histogram.ts';
export type { HistogramOptions, InstrumentOptions } from './instruments/instrument-options.ts';
export { nativeDefaults, type NativeBucketsOptions } from './instruments/native-options.ts';
export type { Timing } from './instruments/timing.ts';
export { createMetrics, type Metrics } from './metrics.ts';
export { metricsDefaults, type MetricsOptions } from './options.ts';
export type { MetricRegistry } from './registry/registry.ts';
export { budgetMetrics, type BudgetLike } from './observe/budget-metrics.ts';
export { callMetrics, type CallMetricsOptions } from './observe/call-metrics.ts';
export { observe, type ObserveOptions } from './observe/observe.ts';
export type {
  Observed,
  ObservedAuditLog,
  ObservedAuditSink,
  ObservedBroker,
  ObservedEvent,
  ObservedHealth,
  ObservedRegistry,
  ObservedStrategy,
  ObservedTokenManager,
} from './observe/sources.ts';
export { processMetrics } from './process/process-metrics.ts';
export type { HistoryReport, HistorySeries } from './reports/history.ts';
export { reportsDefaults, type ReportsOptions } from './reports/reports-options.ts';
export { createReports, type Reports, type SummaryReport } from './reports/reports.ts';
export type { RequestStats } from './reports/request-stats.ts';
export type {
  DistributionSnapshot,
  MetricSnapshot,
  NativeSnapshot,
  ValueSnapshot,
} from './reports/snapshot.ts';
export type { CounterActivity, HistogramActivity, MetricActivity } from './reports/window.ts';
export { OTHER_VALUE, type Normalizers } from './series/label-guard.ts';
export type { LabelledArgs, LabelNames, LabelsOf, LabelValue, ValueSets, ValuesOf } from './series/labels.ts';
