import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

interface Decoder {
  decode(bytes: Uint8Array): { toJSON(): Record<string, unknown> };
}

interface Decoders {
  readonly [service: string]: { readonly v1: Readonly<Record<string, Decoder>> };
}

// The protobuf definitions as OpenTelemetry compiled them; they have no types.
const root = createRequire(import.meta.url)('otlp-decoders/build/src/generated/root.js') as {
  readonly opentelemetry: { readonly proto: { readonly collector: Decoders } };
};

function decoder(service: string, message: string): Decoder {
  const found = root.opentelemetry.proto.collector[service]?.v1[message];
  if (found === undefined) throw new Error(`no decoder of ${message}`);
  return found;
}

const DECODERS = new Map([
  ['/v1/traces', decoder('trace', 'ExportTraceServiceRequest')],
  ['/v1/metrics', decoder('metrics', 'ExportMetricsServiceRequest')],
  ['/v1/logs', decoder('logs', 'ExportLogsServiceRequest')],
]);

/** What anything in a decoded message may be. */
export type Json = { readonly [field: string]: Json } & readonly Json[] & string;

/** A collector of our own: takes OTLP over HTTP as protobuf, and keeps it decoded. */
export async function otlpReceiver() {
  const received: { readonly path: string; readonly headers: unknown; readonly message: Json }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const path = request.url ?? '';
      const message = DECODERS.get(path)?.decode(bytes).toJSON();
      received.push({ path, headers: request.headers, message: message as unknown as Json });
      response.setHeader('content-type', 'application/x-protobuf').end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const list = (path: string, outer: string, inner: string, items: string): Json[] =>
    received
      .filter((each) => each.path === path)
      .flatMap(({ message }) => message[outer] ?? [])
      .flatMap((resource) => (resource as Json)[inner] ?? [])
      .flatMap((scope) => (scope as Json)[items] ?? []) as Json[];

  return {
    endpoint: `http://127.0.0.1:${port}`,
    received,
    /** The spans by what has made them. */
    scopes: () =>
      received
        .filter(({ path }) => path === '/v1/traces')
        .flatMap(({ message }) => (message['resourceSpans'] ?? []) as Json[])
        .flatMap((resource) => (resource['scopeSpans'] ?? []) as Json[])
        .map((scope) => ({
          name: String(scope['scope']?.['name']),
          spans: (scope['spans'] ?? []) as Json[],
        })),
    spans: () => list('/v1/traces', 'resourceSpans', 'scopeSpans', 'spans'),
    metrics: () => list('/v1/metrics', 'resourceMetrics', 'scopeMetrics', 'metrics'),
    logs: () => list('/v1/logs', 'resourceLogs', 'scopeLogs', 'logRecords'),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The attributes of a decoded message as an object. */
export function attributesOf(message: Json | undefined): Record<string, unknown> {
  const list = (message?.['attributes'] ?? []) as unknown as readonly {
    key: string;
    value: Record<string, unknown>;
  }[];
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}
