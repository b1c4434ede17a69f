import { createLogging } from '@holdfast/metrics/logging';
import { otelLogs } from '@holdfast/metrics/otel';
import { manualClock } from '@holdfast/pipeline/testing';
import { logs, SeverityNumber, type LogRecord } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';

afterEach(() => logs.disable());

function recordLogs(): LogRecord[] {
  const records: LogRecord[] = [];
  const logger = { emit: (record: LogRecord) => void records.push(record), enabled: () => true };
  logs.setGlobalLoggerProvider({ getLogger: () => logger });
  return records;
}

const clock = manualClock({ wallStartMs: 1_700_000_000_000 });

describe('a line handed to OpenTelemetry', () => {
  it('is a record with time, severity, body and attributes', () => {
    const records = recordLogs();
    const { logger } = createLogging({ service: 'api', clock, destinations: [otelLogs()] });
    logger.error({ tool: 'search', password: 'x' }, 'failed');
    expect(records).toEqual([
      {
        timestamp: 1_700_000_000_000,
        severityNumber: SeverityNumber.ERROR,
        severityText: 'ERROR',
        body: 'failed',
        attributes: { service: 'api', tool: 'search', password: '[redacted]' },
      },
    ]);
  });

  it('has the severity of its level', () => {
    const records = recordLogs();
    const { logger } = createLogging({ level: 'trace', destinations: [otelLogs()] });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const) logger[level]('x');
    expect(records.map(({ severityNumber }) => severityNumber)).toEqual([1, 5, 9, 13, 17, 21]);
    expect(records.map(({ severityText }) => severityText)).toEqual([
      'TRACE',
      'DEBUG',
      'INFO',
      'WARN',
      'ERROR',
      'FATAL',
    ]);
  });

  it('of a level that is not known has none', () => {
    const records = recordLogs();
    otelLogs().write('{"level":35,"msg":"x"}\n');
    expect(records).toEqual([{ severityNumber: 0, severityText: '', body: 'x', attributes: {} }]);
  });

  it('leaves the ids of the trace to the context', () => {
    const records = recordLogs();
    otelLogs().write('{"level":30,"trace_id":"a","span_id":"b","request_id":"r"}\n');
    expect(records[0]?.attributes).toEqual({ request_id: 'r' });
  });

  it('goes nowhere where no SDK is registered', () => {
    expect(() => otelLogs().write('{"level":30,"msg":"x"}\n')).not.toThrow();
  });
});
