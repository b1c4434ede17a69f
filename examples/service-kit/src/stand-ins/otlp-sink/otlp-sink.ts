import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { startServer, type ListenOptions } from '../stand-in-server.ts';
import { createDecoder, itemsOf, type OtlpItem, type Signal } from './signals.ts';

/** What {@link startOtlpSink} takes. */
export interface OtlpSinkOptions extends ListenOptions {
  /** How many items of each signal are kept; the oldest go. Default 10,000. */
  readonly maxItems?: number | undefined;
}

/** What is looked for; everything that is named must fit. */
export interface OtlpQuery {
  readonly name?: string | undefined;
  readonly scope?: string | undefined;
  readonly service?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** A collector that keeps what it is sent, to be asked for it. */
export interface OtlpSink extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  /** How many requests came, those that it was to refuse too. */
  readonly requests: number;
  /** What came, the oldest first. */
  find(signal: Signal, query?: OtlpQuery): readonly OtlpItem[];
  /** Refuses the next requests with these statuses, in order: 429 and 503 ask exporters to come again. */
  fail(...statuses: readonly number[]): void;
  /** Forgets what came. */
  clear(): void;
  close(): Promise<void>;
}

const MAX_BYTES = 16_777_216;
const PATHS = new Map<string, Signal>([
  ['/v1/traces', 'traces'],
  ['/v1/metrics', 'metrics'],
  ['/v1/logs', 'logs'],
]);
const unzip = promisify(gunzip);

class Sink {
  readonly kept: Record<Signal, OtlpItem[]> = { traces: [], metrics: [], logs: [] };
  readonly failures: number[] = [];
  requests = 0;
  private readonly decode = createDecoder();
  private readonly maxItems: number;

  constructor(maxItems: number) {
    this.maxItems = maxItems;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const failure = this.failures.shift();
    if (failure !== undefined) return void response.writeHead(failure).end();
    const signal = PATHS.get(request.url ?? '');
    const type = request.headers['content-type']?.split(';', 1)[0] ?? '';
    if (signal === undefined) return void response.writeHead(404).end();
    if (request.method !== 'POST') return void response.writeHead(405, { Allow: 'POST' }).end();
    if (!/^application\/(json|x-protobuf)$/.test(type)) return void response.writeHead(415).end();
    try {
      const bytes = await readAll(request);
      const isJson = type === 'application/json';
      const message = isJson ? (JSON.parse(bytes.toString()) as unknown) : this.decode(signal, bytes);
      const kept = this.kept[signal];
      kept.push(...itemsOf(signal, message));
      kept.splice(0, kept.length - this.maxItems);
      // An empty message: all of it was taken (OTLP, "Full Success").
      response.writeHead(200, { 'Content-Type': type }).end(isJson ? '{}' : '');
    } catch {
      response.writeHead(400, { Connection: 'close' }).end();
    }
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BYTES) throw new RangeError(`a body must have at most ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip'
    ? unzip(bytes, { maxOutputLength: MAX_BYTES })
    : bytes;
}

function fits(item: OtlpItem, { name, scope, service, attributes = {} }: OtlpQuery): boolean {
  return (
    (name === undefined || item.name === name) &&
    (scope === undefined || item.scope === scope) &&
    (service === undefined || item.resource['service.name'] === service) &&
    Object.entries(attributes).every(([key, value]) => item.attributes[key] === value)
  );
}

/** Starts a collector of OTLP over HTTP, as protobuf or JSON, that keeps what it is sent: for tests and demonstrations. */
export async function startOtlpSink(options: OtlpSinkOptions = {}): Promise<OtlpSink> {
  const sink = new Sink(options.maxItems ?? 10_000);
  const { server, ...listening } = await startServer(options);
  server.on('request', (request, response: ServerResponse) => {
    sink.serve(request, response).catch(() => response.destroy());
  });
  return {
    ...listening,
    get requests() {
      return sink.requests;
    },
    find: (signal, query = {}) => sink.kept[signal].filter((item) => fits(item, query)),
    fail: (...statuses) => void sink.failures.push(...statuses),
    clear: () => {
      for (const kept of Object.values(sink.kept)) kept.length = 0;
    },
  };
}
