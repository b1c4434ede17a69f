export { callSpans, type CallSpansOptions } from './otel/call-spans.ts';
export { metricProducer } from './otel/metric-producer.ts';
export { otelLogs } from './otel/otel-logs.ts';
export { startTelemetry, type Telemetry, type TelemetryOptions } from './otel/start-telemetry.ts';
