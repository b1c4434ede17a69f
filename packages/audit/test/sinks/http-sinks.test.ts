import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished } from 'vitest';
import { otlpSink } from '../../src/sinks/otlp-sink.ts';
import { runSink } from '../../src/sinks/run-sink.ts';
import { AuditSinkError } from '../../src/sinks/sink-error.ts';
import type { AuditSink } from '../../src/sinks/sink.ts';
import { stdoutSink } from '../../src/sinks/stdout-sink.ts';
import { verifyWebhook } from '../../src/sinks/webhook-signature.ts';
import { webhookSink } from '../../src/sinks/webhook-sink.ts';
import { openTestEngine, rigRecorder } from '../rig.ts';
import { startReceiver, type Received } from './receiver.ts';

const SECRET = 'a-secret-that-is-long-enough';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

async function logged() {
  const engine = await openTestEngine();
  const { recorder } = rigRecorder(engine);
  const who = { actor: { id: 'bob' }, tenant: 'acme', where: { ip: '::1' }, session: 's1' };
  await recorder.append({
    action: 'key.read',
    ...who,
    atMs: 1_000,
    resource: { type: 'key', id: 'k1' },
    traceId: TRACE,
  });
  await recorder.append({
    action: 'key.revoked',
    ...who,
    atMs: 2_000,
    outcome: 'denied',
    reason: 'a "quoted" \u20ac',
  });
  await engine.append('acme', Buffer.from([0xff]));
  return engine;
}

async function deliver(sink: AuditSink) {
  const engine = await logged();
  const running = await runSink(engine, sink, { baseDelayMs: 0, openMs: 0 });
  onTestFinished(() => running.close());
  await running.caughtUp();
  return { engine, running };
}

const signatureOf = ({ headers }: Received) => headers['holdfast-signature'] as string;

describe('the webhook sink', () => {
  it('posts entries in one signed request', async () => {
    const { url, received } = await startReceiver();
    await deliver(webhookSink({ url: `${url}/ingest`, secret: SECRET, headers: { 'x-own': '1' } }));
    const [request] = received as [Received];
    expect(request).toMatchObject({ method: 'POST', path: '/ingest' });
    expect(request.headers).toMatchObject({ 'content-type': 'application/json', 'x-own': '1' });
    expect(request.headers['idempotency-key']).toBe('audit.example/test/acme/0-2');
    const body = JSON.parse(request.body.toString()) as { entries: unknown[] };
    expect(body).toMatchObject({ origin: 'audit.example/test/acme', tenant: 'acme' });
    expect(body.entries).toMatchObject([
      { index: 0, entry: { action: 'key.read' } },
      { index: 1, entry: { reason: 'a "quoted" \u20ac' } },
      { index: 2, bytes: '/w==' },
    ]);
  });

  it('is believed only with its secret, its body and its time', async () => {
    const { url, received } = await startReceiver();
    await deliver(webhookSink({ url, secret: SECRET }));
    const [request] = received as [Received];
    const nowMs = Date.now();
    const genuine = { secret: SECRET, body: request.body.toString(), signature: signatureOf(request), nowMs };
    expect(verifyWebhook(genuine)).toBe(true);
    const forged = [
      { secret: `${SECRET}!` },
      { body: genuine.body.replace('key.read', 'key.made') },
      { nowMs: nowMs + 400_000 },
      { nowMs: nowMs - 400_000 },
      { nowMs, toleranceMs: -1 },
      { signature: genuine.signature.replace(/.$/, (last) => (last === '0' ? '1' : '0')) },
      { signature: genuine.signature.replace(/t=\d+/, `t=${nowMs + 1}`) },
      ...['', 't=1', `v1=${'0'.repeat(64)}`, `t=x,v1=${'0'.repeat(64)}`, null, undefined].map(
        (signature) => ({ signature }),
      ),
    ];
    for (const change of forged)
      expect(verifyWebhook({ ...genuine, ...change }), JSON.stringify(change)).toBe(false);
  });

  it('posts again what was not taken, under the same key', async () => {
    let refusals = 3;
    const { url, received } = await startReceiver(() => ({ status: refusals-- > 0 ? 503 : 204 }));
    const { running } = await deliver(webhookSink({ url, secret: SECRET }));
    expect(received).toHaveLength(4);
    expect(new Set(received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(running.stats()).toMatchObject({ failures: 3, delivered: 3 });
  });

  it('follows no redirect, which would hand the entries to somebody else', async () => {
    const other = await startReceiver();
    const { url } = await startReceiver(() => ({ status: 307, headers: { location: other.url } }));
    const sink = webhookSink({ url, secret: SECRET });
    const write = sink.write({ tenant: 't', origin: 'o', entries: [] }, new AbortController().signal);
    await expect(write).rejects.toBeInstanceOf(AuditSinkError);
    await expect(write).rejects.toMatchObject({
      status: 307,
      message: 'the sink webhook was answered with 307',
    });
    expect(other.received).toEqual([]);
  });

  it('reads no answer without end', async () => {
    let pulled = 0;
    const endless = () =>
      new ReadableStream({
        pull: (stream) => (pulled++ < 1000 ? stream.enqueue(new Uint8Array(1024)) : stream.close()),
      });
    for (const status of [200, 500]) {
      pulled = 0;
      const fetch = async () => new Response(endless(), { status });
      const sink = webhookSink({ url: 'http://siem.example', secret: SECRET, fetch });
      const write = sink.write({ tenant: 't', origin: 'o', entries: [] }, new AbortController().signal);
      await expect(write).rejects.toMatchObject({ code: 'ERR_AUDIT_REMOTE' });
      expect(pulled).toBeLessThan(100);
    }
  });

  it('lets go when it is told to', async () => {
    const { url } = await startReceiver(() => undefined);
    const controller = new AbortController();
    const sink = webhookSink({ url, secret: SECRET });
    const write = sink.write({ tenant: 't', origin: 'o', entries: [] }, controller.signal);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(write).rejects.toBe(reason);
  });

  it.each([
    [{ secret: SECRET }, 'webhookSink: url must be an http: or https: URL, got undefined'],
    [{ url: 'ftp://x', secret: SECRET }, 'webhookSink: url must be an http: or https: URL'],
    [{ url: 'http://x', secret: 'short' }, 'webhookSink: secret must have at least 16 characters'],
    [{ url: 'http://x', secret: SECRET, retries: 1 }, 'webhookSink has no option "retries"'],
  ])('that makes no sense is refused: %o', (options, message) => {
    expect(() => webhookSink(options as never)).toThrow(message);
  });
});

interface LogRecord {
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
}

describe('the OTLP sink', () => {
  it('sends log records that the schema of OTLP takes as they are', async () => {
    const { url, received } = await startReceiver();
    await deliver(
      otlpSink({ url: `${url}/v1/logs`, serviceName: 'agent-api', headers: { authorization: 'x' } }),
    );
    const [request] = received as [Received];
    expect(request).toMatchObject({ path: '/v1/logs', headers: { authorization: 'x' } });
    const json = JSON.parse(request.body.toString()) as Record<string, unknown>;
    const { ExportLogsServiceRequest } = otlpMessages();
    const decoded = ExportLogsServiceRequest.toObject(
      ExportLogsServiceRequest.decode(
        ExportLogsServiceRequest.encode(ExportLogsServiceRequest.fromObject(json)).finish(),
      ),
      { longs: String },
    );
    const [resourceLogs] = decoded['resourceLogs'] as [Record<string, never>];
    expect(resourceLogs['resource']).toEqual({
      attributes: [{ key: 'service.name', value: { stringValue: 'agent-api' } }],
    });
    const [{ scope, logRecords }] = resourceLogs['scopeLogs'] as unknown as [
      { scope: object; logRecords: readonly LogRecord[] },
    ];
    expect(scope).toEqual({ name: 'audit' });
    expect(logRecords).toMatchObject([
      { timeUnixNano: '1000000000', severityNumber: 9, severityText: 'INFO', eventName: 'key.read' },
      { timeUnixNano: '2000000000', severityNumber: 13, severityText: 'WARN', eventName: 'key.revoked' },
      { timeUnixNano: '0', severityNumber: 9 },
    ]);
    const attributes = Object.fromEntries(
      (logRecords[0]?.attributes ?? []).map(({ key, value }) => [key, value]),
    );
    expect(attributes).toMatchObject({
      'audit.origin': { stringValue: 'audit.example/test/acme' },
      'audit.index': { intValue: '0' },
      'audit.actor.id': { stringValue: 'bob' },
      'client.address': { stringValue: '::1' },
    });
  });

  it('sends the trace id only where it is one', async () => {
    const { url, received } = await startReceiver();
    await deliver(otlpSink({ url }));
    const text = (received as [Received])[0].body.toString();
    expect(text.match(/"traceId":"[^"]*"/g)).toEqual([`"traceId":"${TRACE}"`]);
  });

  it('is refused without an address', () => {
    expect(() => otlpSink({} as never)).toThrow(
      'otlpSink: url must be an http: or https: URL, got undefined',
    );
  });
});

describe('the stdout sink', () => {
  it('writes one JSON object a line, and waits for the stream', async () => {
    const lines: string[] = [];
    const stream = {
      write(text: string, done: (error?: Error | null) => void) {
        lines.push(...text.trimEnd().split('\n'));
        setImmediate(done);
      },
    };
    await deliver(stdoutSink(stream));
    expect(lines.map((line) => (JSON.parse(line) as { index: number }).index)).toEqual([0, 1, 2]);
  });

  it('fails when the stream does', async () => {
    const stream = { write: (_: string, done: (error?: Error | null) => void) => done(new Error('EPIPE')) };
    const batch = { tenant: 't', origin: 'o', entries: [] };
    await expect(stdoutSink(stream).write(batch, new AbortController().signal)).rejects.toThrow('EPIPE');
  });
});

interface Message {
  fromObject(object: object): unknown;
  toObject(message: unknown, options: object): Record<string, unknown>;
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
}

/** The messages of OTLP as others have compiled them from its schema. */
function otlpMessages(): { readonly ExportLogsServiceRequest: Message } {
  const root = createRequire(import.meta.url)('otlp-decoders/build/src/generated/root.js') as {
    opentelemetry: { proto: { collector: { logs: { v1: { ExportLogsServiceRequest: Message } } } } };
  };
  return root.opentelemetry.proto.collector.logs.v1;
}
