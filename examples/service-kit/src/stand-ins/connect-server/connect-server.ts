import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer, type ListenOptions } from '../stand-in-server.ts';
import { Activity } from './activity.ts';
import { authenticate, authorize, type AccessToken } from './access-token.ts';
import { ConnectError } from './connect-error.ts';
import { ConnectStore } from './connect-store.ts';
import type { Fault } from './fault.ts';
import { ROUTES, type Answered, type Asked } from './routes.ts';

const MAX_BODY_BYTES = 1_048_576;

/** What {@link startConnectServer} takes. */
export interface ConnectServerOptions extends ListenOptions {
  readonly tokens: readonly AccessToken[];
  /** Milliseconds since the Unix epoch. Default: the system's. */
  readonly now?: (() => number) | undefined;
}

/** A Connect server that keeps everything in memory. */
export interface ConnectServer extends AsyncDisposable {
  readonly url: string;
  readonly store: ConnectStore;
  /** How many requests came. */
  readonly requests: number;
  /** Has something go wrong with the next requests, in order. */
  fail(...faults: readonly Fault[]): void;
  close(): Promise<void>;
}

class StandIn {
  readonly store: ConnectStore;
  readonly faults: Fault[] = [];
  requests = 0;
  private readonly tokens: readonly AccessToken[];
  private readonly activity: Activity;
  private readonly now: () => number;

  constructor({ tokens, now = Date.now }: ConnectServerOptions) {
    this.tokens = tokens;
    this.now = now;
    this.store = new ConnectStore(now);
    this.activity = new Activity(now);
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests++;
    const { latencyMs = 0, ...fault } = this.faults.shift() ?? {};
    if (latencyMs > 0) await sleep(latencyMs);
    if (fault.breaks === 'before') return void response.destroy();
    const { status, body, headers } =
      fault.status === undefined ? await this.answer(request) : refusal(fault.status);
    if (fault.retryAfterSeconds !== undefined) response.setHeader('retry-after', fault.retryAfterSeconds);
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    const bytes = contentOf(body);
    if (status === 204) return void response.writeHead(204).end();
    response.setHeader('content-type', typeOf(body));
    const half = bytes.subarray(0, bytes.length / 2);
    if (fault.breaks !== 'within') return void response.writeHead(status).end(fault.truncates ? half : bytes);
    response.writeHead(status, { 'content-length': bytes.length }).write(half, () => response.destroy());
  }

  private async answer(request: IncomingMessage): Promise<Answered> {
    try {
      return this.open(request) ?? (await this.behindToken(request));
    } catch (error) {
      if (error instanceof ConnectError) return refusal(error.status, error.message);
      return refusal(500, 'Internal server error');
    }
  }

  /** What needs no token. */
  private open({ method, url = '/' }: IncomingMessage): Answered | undefined {
    if (method !== 'GET') return undefined;
    const dependency = { service: 'sync', status: 'ACTIVE' };
    if (url === '/heartbeat') return { status: 200, body: '.' };
    if (url === '/health') {
      const body = { name: '1Password Connect API', version: '1.8.1', dependencies: [dependency] };
      return { status: 200, body };
    }
    const metric = '# HELP connect_requests_total Requests.\n# TYPE connect_requests_total counter\n';
    return url === '/metrics'
      ? { status: 200, body: `${metric}connect_requests_total ${this.requests}\n` }
      : undefined;
  }

  private async behindToken(request: IncomingMessage): Promise<Answered> {
    const { method = 'GET', headers, socket } = request;
    const token = authenticate(this.tokens, headers.authorization);
    const { handler, ids, query } = findRoute(method, request.url ?? '/');
    const [vault = '', item = '', file = ''] = ids;
    const body = method === 'GET' || method === 'DELETE' ? undefined : await readJson(request);
    const asked: Asked = { method, query, body, token, vault, item, file };
    const who = { method, userAgent: headers['user-agent'] ?? '', requestIp: socket.remoteAddress ?? '' };
    const place = { vault: vault || undefined, item: item || undefined };
    let denied = true;
    try {
      if (vault !== '') authorize(token, vault, method !== 'GET');
      denied = false;
      return handler(asked, { store: this.store, activity: this.activity, now: this.now });
    } finally {
      this.activity.note(who, token, place, denied);
    }
  }
}

function findRoute(method: string, url: string) {
  // As it came: a parser of URLs would take `..` for a step, and the server must not.
  const [path = '', query = ''] = url.split('?');
  const route = ROUTES.find(({ pattern }) => pattern.test(path));
  if (route === undefined) throw new ConnectError(404, 'Not found');
  const handler = route.methods[method];
  if (handler === undefined) throw new ConnectError(405, 'Method not allowed');
  const [, ...ids] = route.pattern.exec(path) ?? [];
  return { handler, ids, query: new URLSearchParams(query) };
}

const refusal = (status: number, message = 'scripted'): Answered => ({ status, body: { status, message } });

function contentOf(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
}

function typeOf(body: unknown): string {
  if (body instanceof Uint8Array) return 'application/octet-stream';
  return typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8';
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.length > MAX_BODY_BYTES) throw new ConnectError(413, 'Request body is too large');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new ConnectError(400, 'Invalid JSON');
  }
}

/** Starts a server that speaks the REST API of 1Password Connect, for tests, demonstrations and development. */
export async function startConnectServer(options: ConnectServerOptions): Promise<ConnectServer> {
  const standIn = new StandIn(options);
  const { server, ...listening } = await startServer(options);
  server.on('request', (request, response: ServerResponse) => {
    standIn.serve(request, response).catch(() => response.destroy());
  });
  return {
    ...listening,
    store: standIn.store,
    get requests() {
      return standIn.requests;
    },
    fail: (...faults) => void standIn.faults.push(...faults),
  };
}
