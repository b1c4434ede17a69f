import { logs, SeverityNumber, type LogRecord } from '@opentelemetry/api';
import type { LogSink } from '../logging/destination.ts';

/** The severity of each level of pino. */
const SEVERITIES = new Map<unknown, readonly [SeverityNumber, string]>([
  [10, [SeverityNumber.TRACE, 'TRACE']],
  [20, [SeverityNumber.DEBUG, 'DEBUG']],
  [30, [SeverityNumber.INFO, 'INFO']],
  [40, [SeverityNumber.WARN, 'WARN']],
  [50, [SeverityNumber.ERROR, 'ERROR']],
  [60, [SeverityNumber.FATAL, 'FATAL']],
]);

/**
 * Makes a destination of logging that hands lines to OpenTelemetry: redacted already, with the trace they were written
 * in. Where no SDK is registered they go nowhere.
 *
 * @example
 * ```ts
 * import { createLogging } from '@holdfast/metrics/logging';
 * import { otelLogs } from '@holdfast/metrics/otel';
 *
 * const { logger } = createLogging({ destinations: ['console', otelLogs()] });
 * logger.info('to both');
 * ```
 */
export function otelLogs(): LogSink {
  const logger = logs.getLogger('@holdfast/metrics');
  return {
    write(line) {
      logger.emit(recordOf(JSON.parse(line) as Record<string, unknown>));
    },
  };
}

function recordOf({ level, time, msg, ...fields }: Record<string, unknown>): LogRecord {
  // The record has a place of its own for the trace: what is active as the line is written.
  delete fields['trace_id'];
  delete fields['span_id'];
  const [severityNumber, severityText] = SEVERITIES.get(level) ?? [SeverityNumber.UNSPECIFIED, ''];
  return {
    ...(typeof time === 'number' && { timestamp: time }),
    severityNumber,
    severityText,
    body: msg,
    attributes: fields,
  };
}
