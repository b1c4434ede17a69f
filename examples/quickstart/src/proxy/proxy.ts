import { once } from 'node:events';
import { createServer, Agent as HttpAgent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Guard } from '../guard.ts';
import type { Traffic } from '../traffic/traffic.ts';
import type { Answer } from './answer.ts';
import { forward, type Route } from './forward.ts';
import { sendAnswer } from './send-answer.ts';

/** What {@link openProxy} takes. */
export interface ProxyOptions {
  readonly host: string;
  readonly port: number;
  /** The upstream. */
  readonly upstream: URL;
  readonly guard: Guard;
  readonly traffic: Traffic;
  /** What `/status` answers. */
  readonly status: () => unknown;
}

/** A proxy that listens. */
export interface Proxy {
  readonly url: URL;
  /** Stops listening, and waits up to `drainMs` for the requests under way. */
  close(drainMs: number): Promise<void>;
}

/** The longest that a client may take to send a request, or to read the next piece of an answer. */
const CLIENT_MS = 60_000;

/** Opens the proxy. Fails with a clear message when the port is taken. */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { host, port, guard, traffic, upstream: url } = options;
  const Agent = url.protocol === 'https:' ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const route: Route = { guard, url, agent, onRetry: () => traffic.retried() };
  const underWay = new Set<Promise<void>>();
  const server = createServer({ requestTimeout: CLIENT_MS }, (request, response) => {
    if (request.url === '/status') return sendStatus(response, options.status());
    const served = serve(route, traffic, request, response).finally(() => underWay.delete(served));
    underWay.add(served);
  });
  server.timeout = CLIENT_MS;
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken; choose another one with --port or QUICKSTART_PORT.`);
  });
  return {
    url: new URL(
      `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    ),
    close: async (drainMs) => {
      const closed = once(server, 'close');
      server.close();
      const timer = setTimeout(() => server.closeAllConnections(), drainMs);
      await Promise.all(underWay);
      clearTimeout(timer);
      // Clients may keep connections open between requests.
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

async function serve(
  route: Route,
  traffic: Traffic,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAtMs = traffic.elapsedMs();
  traffic.began();
  const refusal = refusalOf(request);
  if (refusal !== undefined) sendAnswer(response, refusal);
  const outcome = refusal?.outcome ?? (await forward(route, request, response));
  // A client that leaves now has missed the last bytes, which changes nothing.
  await finished(response).catch(() => undefined);
  traffic.ended(outcome, traffic.elapsedMs() - startedAtMs);
}

/** A segment that leads upwards, as servers may read it (WHATWG URL, section 4.1). */
const UPWARDS = /[/\\](\.|%2e){2}([/\\]|$)/i;

/** What this proxy does not pass on, with the answer to it. */
function refusalOf({ url = '', headers }: IncomingMessage): Answer | undefined {
  const refused = (status: number, detail: string): Answer => {
    return { status, outcome: 'refused', proxyError: 'http_request_error', detail };
  };
  // A target with a host of its own (`GET http://elsewhere/`) would make this an open proxy.
  if (!url.startsWith('/')) return refused(400, 'This proxy serves one upstream; ask for a path.');
  // The upstream may be a part of a server, of which the rest is nobody's business.
  if (UPWARDS.test(url.replace(/\?.*/, ''))) return refused(400, 'A path must not lead upwards.');
  const coding = headers['transfer-encoding'] ?? 'chunked';
  if (coding.toLowerCase() !== 'chunked') return refused(501, 'Bodies may be chunked, and nothing else.');
  return undefined;
}

function sendStatus(response: ServerResponse, status: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(status, undefined, 2)}\n`);
}
