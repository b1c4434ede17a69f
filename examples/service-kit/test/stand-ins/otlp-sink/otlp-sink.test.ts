import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { startOtlpSink, type OtlpSinkOptions } from '../../../src/stand-ins/otlp-sink/otlp-sink.ts';

interface Encoder {
  fromObject(message: object): object;
  encode(message: object): { finish(): Uint8Array };
}

const { opentelemetry } = createRequire(import.meta.url)('otlp-decoders/build/src/generated/root.js') as {
  readonly opentelemetry: {
    readonly proto: { readonly collector: Record<string, { readonly v1: Record<string, Encoder> }> };
  };
};

function protobuf(service: string, name: string, message: object): Uint8Array {
  const encoder = opentelemetry.proto.collector[service]?.v1[name];
  if (encoder === undefined) throw new Error(`no encoder of ${name}`);
  return encoder.encode(encoder.fromObject(message)).finish();
}

async function startSink(options?: OtlpSinkOptions) {
  const sink = await startOtlpSink(options);
  onTestFinished(() => sink.close());
  const send = async (path: string, type: string, body: string | Uint8Array, more: object = {}) => {
    const headers = { 'content-type': type, ...more };
    const response = await fetch(sink.url + path, { method: 'POST', headers, body: Buffer.from(body) });
    await response.arrayBuffer();
    return response.status;
  };
  return { sink, send };
}

const attributes = [
  { key: 'tool', value: { stringValue: 'search' } },
  { key: 'count', value: { intValue: '3' } },
  { key: 'ok', value: { boolValue: true } },
  { key: 'list', value: { arrayValue: { values: [{ doubleValue: 0.5 }] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: 'a', value: { stringValue: 'b' } }] } } },
];
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'agent-api' } }] };
const scope = { name: 'holdfast' };
const spans = (...names: string[]) => ({
  resourceSpans: [{ resource, scopeSpans: [{ scope, spans: names.map((name) => ({ name, attributes })) }] }],
});
const metrics = {
  resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: [{ name: 'calls_total' }] }] }],
};
const logs = {
  resourceLogs: [
    { resource, scopeLogs: [{ scope, logRecords: [{ body: { stringValue: 'hello' }, attributes }] }] },
  ],
};

const asRead = { tool: 'search', count: 3, ok: true, list: [0.5], map: { a: 'b' } };

test('traces, metrics and logs are kept, whether they come as JSON or as protobuf', async () => {
  const { sink, send } = await startSink();
  const sent = [
    ['/v1/traces', spans('call'), 'trace', 'ExportTraceServiceRequest'],
    ['/v1/metrics', metrics, 'metrics', 'ExportMetricsServiceRequest'],
    ['/v1/logs', logs, 'logs', 'ExportLogsServiceRequest'],
  ] as const;
  for (const [path, message, service, name] of sent) {
    expect(await send(path, 'application/json', JSON.stringify(message))).toBe(200);
    expect(await send(path, 'application/x-protobuf', protobuf(service, name, message))).toBe(200);
  }
  for (const [signal, name] of [
    ['traces', 'call'],
    ['metrics', 'calls_total'],
    ['logs', ''],
  ] as const) {
    const found = sink.find(signal, { service: 'agent-api', scope: 'holdfast' });
    expect(found.map((item) => item.name)).toEqual([name, name]);
    if (signal !== 'metrics') expect(found.map((item) => item.attributes)).toEqual([asRead, asRead]);
  }
  expect(sink.find('logs')[1]?.raw['body']).toEqual({ stringValue: 'hello' });
  expect(sink.requests).toBe(6);
});

test('a query finds what fits all of it', async () => {
  const { sink, send } = await startSink();
  await send('/v1/traces', 'application/json', JSON.stringify(spans('a', 'b')));
  expect(sink.find('traces')).toHaveLength(2);
  const found = sink.find('traces', { name: 'a', attributes: { tool: 'search', count: 3 } });
  expect(found.map(({ name }) => name)).toEqual(['a']);
  expect(sink.find('traces', { attributes: { tool: 'other' } })).toEqual([]);
  expect(sink.find('traces', { service: 'other' })).toEqual([]);
  expect(sink.find('traces', { scope: 'other' })).toEqual([]);
  sink.clear();
  expect(sink.find('traces')).toEqual([]);
});

test('attributes that have no value, or an odd one, are there nevertheless', async () => {
  const { sink, send } = await startSink();
  const odd = [
    { key: 'none' },
    { key: 'null', value: null },
    { key: 'empty', value: {} },
    { key: 'text', value: 'x' },
    { key: 'bytes', value: { bytesValue: 'AQI=' } },
    { key: 'big', value: { intValue: '9007199254740993' } },
    { key: 'no-list', value: { arrayValue: {} } },
    { key: 'no-map', value: { kvlistValue: {} } },
    { value: { stringValue: 'nameless' } },
  ];
  const span = { name: 7, attributes: odd };
  const message = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  expect(await send('/v1/traces', 'application/json; charset=utf-8', JSON.stringify(message))).toBe(200);
  expect(sink.find('traces')).toEqual([
    {
      resource: {},
      scope: '',
      name: '',
      attributes: {
        none: undefined,
        null: undefined,
        empty: undefined,
        text: undefined,
        bytes: 'AQI=',
        big: 9_007_199_254_740_992,
        'no-list': [],
        'no-map': {},
        undefined: 'nameless',
      },
      raw: span,
    },
  ]);
});

test('a log record is named by its event', async () => {
  const { sink, send } = await startSink();
  const record = { eventName: 'session.created', body: { stringValue: 'x' } };
  const message = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
  await send('/v1/logs', 'application/json', JSON.stringify(message));
  expect(sink.find('logs', { name: 'session.created' })).toHaveLength(1);
});

test('an answer is as empty as the question was of its kind', async () => {
  const { sink } = await startSink();
  const ask = async (type: string, body: string) => {
    const response = await fetch(`${sink.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return [response.headers.get('content-type'), await response.text()];
  };
  expect(await ask('application/json', '{}')).toEqual(['application/json', '{}']);
  expect(await ask('application/x-protobuf', '')).toEqual(['application/x-protobuf', '']);
});

test('compressed bodies are read, and bombs are not', async () => {
  const { sink, send } = await startSink();
  const gzip = { 'content-encoding': 'gzip' };
  expect(await send('/v1/traces', 'application/json', gzipSync(JSON.stringify(spans('a'))), gzip)).toBe(200);
  expect(await send('/v1/traces', 'application/json', gzipSync(Buffer.alloc(20_000_000)), gzip)).toBe(400);
  expect(sink.find('traces')).toHaveLength(1);
});

test.each([
  [0, 200],
  [1, 400],
])('a body may have 16 MiB, and with %i bytes more is %i', async (more, status) => {
  const { send } = await startSink();
  expect(await send('/v1/traces', 'application/json', '{}'.padEnd(16_777_216 + more))).toBe(status);
});

test('the oldest items go when there are too many', async () => {
  const { sink, send } = await startSink({ maxItems: 2 });
  await send('/v1/traces', 'application/json', JSON.stringify(spans('a', 'b')));
  await send('/v1/traces', 'application/json', JSON.stringify(spans('c')));
  expect(sink.find('traces').map(({ name }) => name)).toEqual(['b', 'c']);
});

test('ten thousand items of a signal are kept', async () => {
  const { sink, send } = await startSink();
  const names = Array.from({ length: 10_001 }, (_, i) => ({ name: `n${i}` }));
  const message = { resourceSpans: [{ scopeSpans: [{ spans: names }] }] };
  await send('/v1/traces', 'application/json', JSON.stringify(message));
  expect(sink.find('traces')).toHaveLength(10_000);
  expect(sink.find('traces')[0]?.name).toBe('n1');
});

test('it refuses what it is told to, once each', async () => {
  const { sink, send } = await startSink();
  sink.fail(503, 429);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push(await send('/v1/logs', 'application/json', JSON.stringify(logs)));
  expect(statuses).toEqual([503, 429, 200]);
  expect(sink.find('logs')).toHaveLength(1);
});

test.each<[number, string, string, string]>([
  [400, '/v1/traces', 'application/json', '{'],
  [400, '/v1/traces', 'application/x-protobuf', '\u0007\u0007\u0007'],
  [200, '/v1/traces', 'application/json', '{"resourceSpans":[null,1,{"scopeSpans":"x"}]}'],
  [415, '/v1/traces', 'text/plain', '{}'],
  [404, '/v1/other', 'application/json', '{}'],
  [404, '/v1/tracesX', 'application/json', '{}'],
])('%i for %s with %s %j, and nothing is kept', async (status, path, type, body) => {
  const { sink, send } = await startSink();
  expect(await send(path, type, body)).toBe(status);
  expect(sink.find('traces')).toEqual([]);
});

test('other methods are refused, and it closes twice', async () => {
  const { sink } = await startSink();
  expect((await fetch(`${sink.url}/v1/traces`)).status).toBe(405);
  await sink.close();
  await sink.close();
});
