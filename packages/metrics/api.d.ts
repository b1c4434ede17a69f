// The public API of @holdfast/metrics, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/metrics' {
  export { BoundCounter }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { BoundGauge }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { BoundHistogram }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { CallMetricsOptions }; // from packages/metrics/dist/index.d.ts
  export { Counter }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { CounterActivity }; // from packages/metrics/dist/index.d.ts
  export { DURATION_BUCKETS }; // from packages/metrics/dist/index.d.ts
  export { DistributionSnapshot }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { ExemplarSource }; // from packages/metrics/dist/exemplars-RxEXft2x.d.ts
  export { Exposition }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { FastifyInstanceLike }; // from packages/metrics/dist/index.d.ts
  export { FastifyPluginLike }; // from packages/metrics/dist/index.d.ts
  export { Gauge }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { Histogram }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { HistogramActivity }; // from packages/metrics/dist/index.d.ts
  export { HistogramOptions }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { HistoryReport }; // from packages/metrics/dist/index.d.ts
  export { HistorySeries }; // from packages/metrics/dist/index.d.ts
  export { HonoContextLike }; // from packages/metrics/dist/index.d.ts
  export { HttpMetricsOptions }; // from packages/metrics/dist/index.d.ts
  export { InstrumentOptions }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { LabelNames }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { LabelValue }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { LabelledArgs }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { LabelsOf }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { MetricActivity }; // from packages/metrics/dist/index.d.ts
  export { MetricRegistry }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { MetricSnapshot }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { Metrics }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { MetricsEndpoint }; // from packages/metrics/dist/index.d.ts
  export { MetricsOptions }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { Normalizers }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { OTHER_VALUE }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { ObserveOptions }; // from packages/metrics/dist/index.d.ts
  export { ObserveRequest }; // from packages/metrics/dist/index.d.ts
  export { ObservedEvent }; // from packages/metrics/dist/index.d.ts
  export { ObservedRegistry }; // from packages/metrics/dist/index.d.ts
  export { ObservedStrategy }; // from packages/metrics/dist/index.d.ts
  export { Reports }; // from packages/metrics/dist/index.d.ts
  export { ReportsOptions }; // from packages/metrics/dist/index.d.ts
  export { RequestStats }; // from packages/metrics/dist/index.d.ts
  export { RouteOf }; // from packages/metrics/dist/index.d.ts
  export { SIZE_BUCKETS }; // from packages/metrics/dist/index.d.ts
  export { SummaryReport }; // from packages/metrics/dist/index.d.ts
  export { Timing }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { TraceApi }; // from packages/metrics/dist/exemplars-RxEXft2x.d.ts
  export { ValueSets }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { ValueSnapshot }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { ValuesOf }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { batchMetrics }; // from packages/metrics/dist/index.d.ts
  export { cacheMetrics }; // from packages/metrics/dist/index.d.ts
  export { callMetrics }; // from packages/metrics/dist/index.d.ts
  export { createMetrics }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { createReports }; // from packages/metrics/dist/index.d.ts
  export { databaseMetrics }; // from packages/metrics/dist/index.d.ts
  export { exponentialBuckets }; // from packages/metrics/dist/index.d.ts
  export { expressMetrics }; // from packages/metrics/dist/index.d.ts
  export { fastifyMetrics }; // from packages/metrics/dist/index.d.ts
  export { honoMetrics }; // from packages/metrics/dist/index.d.ts
  export { httpMetricsDefaults }; // from packages/metrics/dist/index.d.ts
  export { mcpMetrics }; // from packages/metrics/dist/index.d.ts
  export { metricsDefaults }; // from packages/metrics/dist/metrics-BwN2sUgu.d.ts
  export { metricsEndpoint }; // from packages/metrics/dist/index.d.ts
  export { nodeHttpMetrics }; // from packages/metrics/dist/index.d.ts
  export { observe }; // from packages/metrics/dist/index.d.ts
  export { processMetrics }; // from packages/metrics/dist/index.d.ts
  export { protocolMetrics }; // from packages/metrics/dist/index.d.ts
  export { reportsDefaults }; // from packages/metrics/dist/index.d.ts
  export { sessionMetrics }; // from packages/metrics/dist/index.d.ts
  export { spanExemplar }; // from packages/metrics/dist/exemplars-RxEXft2x.d.ts
  export { templatePath }; // from packages/metrics/dist/index.d.ts
  export { tokenMetrics }; // from packages/metrics/dist/index.d.ts
  export {};
}

declare module '@holdfast/metrics/logging' {
  export { LogContext }; // from packages/metrics/dist/logging.d.ts
  export { LogDestination }; // from packages/metrics/dist/destination-UZkIsUlD.d.ts
  export { LogFile }; // from packages/metrics/dist/destination-UZkIsUlD.d.ts
  export { LogLevel }; // from packages/metrics/dist/logging.d.ts
  export { LogSink }; // from packages/metrics/dist/destination-UZkIsUlD.d.ts
  export { Logging }; // from packages/metrics/dist/logging.d.ts
  export { LoggingOptions }; // from packages/metrics/dist/logging.d.ts
  export { createLogging }; // from packages/metrics/dist/logging.d.ts
  export { loggingDefaults }; // from packages/metrics/dist/logging.d.ts
  export {};
}

declare module '@holdfast/metrics/otel' {
  export { CallSpansOptions }; // from packages/metrics/dist/otel.d.ts
  export { Telemetry }; // from packages/metrics/dist/otel.d.ts
  export { TelemetryOptions }; // from packages/metrics/dist/otel.d.ts
  export { callSpans }; // from packages/metrics/dist/otel.d.ts
  export { metricProducer }; // from packages/metrics/dist/otel.d.ts
  export { otelLogs }; // from packages/metrics/dist/otel.d.ts
  export { startTelemetry }; // from packages/metrics/dist/otel.d.ts
  export {};
}

declare module '@holdfast/metrics/otel/register' {
  export {};
}
