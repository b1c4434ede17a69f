import { startTelemetry } from '@holdfast/metrics/otel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributesOf, otlpReceiver } from './otlp-receiver.ts';
import { runApp } from './run-app.ts';

let receiver: Awaited<ReturnType<typeof otlpReceiver>>;
beforeEach(async () => (receiver = await otlpReceiver()));
afterEach(() => receiver.close());

describe('startTelemetry', () => {
  it('sends traces, metrics and logs, the last of them on shutdown', async () => {
    const { stdout } = await runApp('traced-app.ts', {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer abc',
    });
    expect(JSON.parse(stdout)).toEqual({ active: true, once: true });

    const spans = receiver.spans();
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['charge', 'charge attempt', 'charge attempt']);
    const call = spans.find(({ name }) => String(name) === 'charge');
    const attempts = spans.filter(({ name }) => String(name) === 'charge attempt');
    expect(attempts.map((each) => each['parentSpanId'])).toEqual([call?.['spanId'], call?.['spanId']]);
    expect(new Set(spans.map((each) => each['traceId'])).size).toBe(1);
    expect(attempts.map((each) => String(attributesOf(each)['holdfast.attempt']))).toEqual(['1', '2']);
    expect(attributesOf(attempts[0])).toMatchObject({ 'error.type': 'EBUSY', 'holdfast.call.host': 'bank' });
    expect(attempts[0]?.['status']).toMatchObject({ message: 'busy' });
    expect(attributesOf(attempts[1])).not.toHaveProperty('error.type');

    const [orders, fine] = receiver.metrics();
    expect(orders).toMatchObject({
      name: 'orders_total',
      description: 'Orders',
      sum: { isMonotonic: true, dataPoints: [{ asDouble: 3 }] },
    });

    // 3 lies between 2 and 4.
    expect(fine).toMatchObject({
      name: 'fine_seconds',
      exponentialHistogram: { dataPoints: [{ sum: 3, positive: { offset: 1, bucketCounts: ['1'] } }] },
    });

    const records = receiver.logs();
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ severityText: 'WARN', body: { stringValue: 'charging' } });
    expect(records.map((each) => each['spanId'])).toEqual(attempts.map((each) => each['spanId']));
    expect(attributesOf(records[0])).toMatchObject({ request_id: 'r1', tenant: 'acme', token: '[redacted]' });
    expect(attributesOf(records[0])).not.toHaveProperty('trace_id');

    expect(new Set(receiver.received.map(({ path }) => path)).size).toBe(3);
    for (const { headers, message } of receiver.received) {
      expect(headers).toMatchObject({ authorization: 'Bearer abc' });
      const [each] = Object.values(message) as unknown as readonly { resource: never }[][];
      expect(attributesOf(each?.[0]?.resource)).toMatchObject({
        'service.name': 'traced-app',
        'service.version': '1.2.3',
      });
    }
  });

  it('sends only the signals that have an endpoint', async () => {
    const { stderr } = await runApp('traced-app.ts', {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${receiver.endpoint}/v1/traces`,
    });
    expect(stderr).toBe(''); // nothing else was tried
    expect(new Set(receiver.received.map(({ path }) => path))).toEqual(new Set(['/v1/traces']));
  });

  it('sends nothing and stays out of the way when nothing is set', async () => {
    const { stdout, stderr } = await runApp('traced-app.ts', {});
    expect(JSON.parse(stdout)).toEqual({ active: false, once: true });
    expect(stderr).toBe('');
  });

  it('lets a service stop whose collector is gone', async () => {
    const { stdout } = await runApp('traced-app.ts', {
      // Port 9 discards, or nobody listens: either way nothing takes what is sent.
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
      OTEL_EXPORTER_OTLP_TIMEOUT: '500',
      OTEL_LOG_LEVEL: 'none',
    });
    expect(JSON.parse(stdout)).toEqual({ active: true, once: true });
  });

  it('refuses wrong options', async () => {
    await expect(startTelemetry({ serviceName: 7 as never })).rejects.toThrow(TypeError);
    await expect(startTelemetry({ metrics: {} as never })).rejects.toThrow(/startTelemetry: metrics/);
    await expect(startTelemetry({ attributes: { a: 1 } as never })).rejects.toThrow(
      /must be an object of strings/,
    );
    await expect(startTelemetry({ endpoint: 'x' } as never)).rejects.toThrow(/has no option "endpoint"/);
  });
});
