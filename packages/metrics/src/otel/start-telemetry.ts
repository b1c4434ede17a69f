import { having, readOptions, type, type Rule, type Rules } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { metricProducer } from './metric-producer.ts';
import { signalsWanted } from './signals.ts';

/** What {@link startTelemetry} takes. */
export interface TelemetryOptions {
  /** The name of the service, `service.name` of all that is sent. Default: `OTEL_SERVICE_NAME`. */
  readonly serviceName?: string | undefined;
  /** Whose instruments are sent. Default: none. */
  readonly metrics?: Metrics | undefined;
  /** What else is told about the service, e.g. `service.version`; overrides `OTEL_RESOURCE_ATTRIBUTES`. Default: nothing. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

const strings: Rule = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((each) => typeof each === 'string')
    ? undefined
    : 'must be an object of strings';

const rules: Rules<TelemetryOptions> = {
  serviceName: type('string'),
  metrics: having('snapshot'),
  attributes: strings,
};

/** Telemetry on its way. */
export interface Telemetry {
  /** Whether anything is sent at all. */
  readonly active: boolean;
  /** Sends what is left and ends; a second call waits for the first. Never fails: a collector that is gone must not keep a service from stopping. */
  shutdown(): Promise<void>;
}

/**
 * Sends traces, logs and our metrics to an OpenTelemetry collector by OTLP, as the environment says: endpoint, headers,
 * sampling and intervals are the variables of the OpenTelemetry specification, e.g. `OTEL_EXPORTER_OTLP_ENDPOINT`. Where
 * none of them names an endpoint or exporter, nothing is loaded and nothing sent.
 *
 * @returns resolves once the SDK is registered
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { createMetrics } from '@holdfast/metrics';
 * import { startTelemetry } from '@holdfast/metrics/otel';
 *
 * const telemetry = await startTelemetry({ serviceName: 'agent-api', metrics: createMetrics() });
 * process.once('SIGTERM', () => void telemetry.shutdown());
 * ```
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  const { serviceName, metrics, attributes } = readOptions('startTelemetry', options, rules, {});
  const wanted = signalsWanted(process.env);
  if (!wanted.traces && !wanted.metrics && !wanted.logs) {
    return { active: false, shutdown: () => Promise.resolve() };
  }
  const { startNodeSdk } = await import('@opentelemetry/sdk-node');
  const sdk = startNodeSdk({
    resourceAttributes: { ...attributes, ...(serviceName !== undefined && { 'service.name': serviceName }) },
    ...(!wanted.traces && { spanProcessors: [] }),
    ...(!wanted.logs && { logRecordProcessors: [] }),
    metricReaders: wanted.metrics && metrics !== undefined ? [await metricReader(metrics)] : [],
  });
  let ending: Promise<void> | undefined;
  return {
    active: true,
    shutdown: () => (ending ??= sdk.shutdown().catch(() => undefined)),
  };
}

/** How often metrics are sent unless OTEL_METRIC_EXPORT_INTERVAL says otherwise, and how long that may take. */
const INTERVAL_MS = 60_000;
const TIMEOUT_MS = 30_000;

async function metricReader(metrics: Metrics) {
  const { PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
  const exportIntervalMillis = Number(process.env['OTEL_METRIC_EXPORT_INTERVAL']) || INTERVAL_MS;
  const timeoutMs = Number(process.env['OTEL_METRIC_EXPORT_TIMEOUT']) || TIMEOUT_MS;
  return new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis,
    // The reader refuses to wait longer than until the next time.
    exportTimeoutMillis: Math.min(timeoutMs, exportIntervalMillis),
    metricProducers: [metricProducer(metrics)],
  });
}
