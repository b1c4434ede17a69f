import { describe, expect, it } from 'vitest';
import { signalsWanted } from '../../src/otel/signals.ts';

const all = { traces: true, metrics: true, logs: true };
const none = { traces: false, metrics: false, logs: false };

describe('what is sent', () => {
  it.each([
    ['nothing by itself', {}, none],
    ['nothing for an empty endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' }, none],
    ['everything to an endpoint', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x' }, all],
    [
      'nothing where the SDK is disabled',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_SDK_DISABLED: 'TRUE' },
      none,
    ],
    ['a signal with an endpoint', { OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://x' }, { ...none, logs: true }],
    ['a signal with an exporter', { OTEL_TRACES_EXPORTER: 'console' }, { ...none, traces: true }],
    [
      'not what has no exporter',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x', OTEL_METRICS_EXPORTER: 'none' },
      { ...all, metrics: false },
    ],
  ])('is %s', (_what, env, expected) => {
    expect(signalsWanted(env)).toEqual(expected);
  });
});
