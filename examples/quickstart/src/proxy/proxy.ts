import { once } from 'node:events';
import { createServer, Agent as HttpAgent, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import { closeServer, type ShutdownPhase } from '@holdfast/health';
import type { Guard } from '../guard.ts';
import type { Operations } from '../operations.ts';
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
  readonly operations: Pick<Operations, 'handle'>;
}

/** A proxy that listens. */
export interface Proxy {
  readonly url: URL;
  /** Stops listening, and waits for the requests under way. */
  readonly closing: ShutdownPhase;
}

/** The longest that a client may take to send a request, or to read the next piece of an answer. */
const CLIENT_MS = 60_000;

/** Opens the proxy. Fails with a clear message when the port is taken. */
export async function openProxy(options: ProxyOptions): Promise<Proxy> {
  const { host, port, guard, traffic, operations, upstream: url } = options;
  const Agent = url.protocol === 'https:' ? HttpsAgent : HttpAgent;
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const route: Route = { guard, url, agent, onRetry: () => traffic.retried() };
  const server = createServer({ requestTimeout: CLIENT_MS }, (request, response) =>
    operations.handle(request, response, () => void serve(route, traffic, request, response)),
  );
  server.timeout = CLIENT_MS;
  const closing = closeServer(server);
  server.once('close', () => agent.destroy());
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken; choose another one with --port or QUICKSTART_PORT.`);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: new URL(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`), closing };
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
