import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Connections } from './connections.ts';
import {
  readProxyOptions,
  type ForwardProxyOptions,
  type ForwardProxySettings,
  type ProxyUser,
} from './options.ts';
import { readLogin } from './read-login.ts';
import { checkRequest, readRequest } from './read-request.ts';
import { Refusal, toRefusal } from './refusal.ts';

/** A forward proxy for clients that are told of it by `HTTP_PROXY`. */
export interface ForwardProxy {
  /**
   * Takes connections. The protocol between client and proxy is plain HTTP, which everyone on the way can read.
   *
   * @param port - default one that is free
   * @param host - default `127.0.0.1`: this machine alone
   * @returns where it is
   * @throws {@link Error} when the port is taken
   */
  listen(port?: number, host?: string): Promise<{ readonly host: string; readonly port: number }>;
  /** Takes nothing more, and resolves once the requests that came are answered, or `closeTimeoutMs` are over. */
  close(): Promise<void>;
}

/**
 * Makes a forward proxy on plain HTTP: clients ask it for `http://` URLs, and it makes the call with a credential that
 * they never see, by HTTPS where the rule of the injector says so. Tunnels (`CONNECT`) are refused: nothing could be put
 * into what is encrypted in them.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import type { Principal } from '@holdfast/credential-broker';
 * import { createForwardProxy, type Injector } from '@holdfast/credential-broker/injection';
 *
 * async function serve(injector: Injector, agents: ReadonlyMap<string, Principal>) {
 *   const proxy = createForwardProxy({
 *     injector,
 *     authenticate: (_request, login) => {
 *       const principal = login && agents.get(login.username);
 *       return principal && { principal, handle: login.password };
 *     },
 *   });
 *   const { port } = await proxy.listen();
 *   console.log(`HTTP_PROXY=http://<key of the agent>:<handle>@127.0.0.1:${port}`);
 *   return proxy;
 * }
 * ```
 */
export function createForwardProxy(options: ForwardProxyOptions): ForwardProxy {
  const settings = readProxyOptions(options);
  const { requestTimeoutMs: requestTimeout, maxConnections } = settings;
  const connectionsCheckingInterval = Math.min(requestTimeout, 1_000);
  const headersTimeout = requestTimeout;
  const server = createServer(
    { requestTimeout, headersTimeout, connectionsCheckingInterval, insecureHTTPParser: false },
    (request, response) => void answer(settings, request, response),
  );
  const connections = new Connections(server);
  server.maxConnections = maxConnections;
  server.on('connect', (_, socket) => refuseTunnel(socket));
  let closed: Promise<void> | undefined;
  return {
    listen: (port = 0, host = '127.0.0.1') => listen(server, port, host),
    close: () => (closed ??= close(server, connections, settings)),
  };
}

function listen(server: Server, port: number, host: string) {
  return new Promise<{ host: string; port: number }>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const { address, port: taken } = server.address() as AddressInfo;
      resolve({ host: address, port: taken });
    });
  });
}

function close(
  server: Server,
  connections: Connections,
  { clock, closeTimeoutMs }: ForwardProxySettings,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(() => connections.endAll(), closeTimeoutMs);
    server.close(() => {
      timer.cancel();
      resolve();
    });
    connections.endIdle();
  });
}

function refuseTunnel(socket: Duplex): void {
  const text =
    'This proxy makes the calls itself: ask it for http:// URLs, it speaks HTTPS where it should.\n';
  socket.on('error', () => {});
  // It is no HTTP any more, for which there are time limits, so it is not left to the client to end it.
  socket.on('finish', () => socket.destroy());
  socket.resume();
  socket.end(
    `HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n` +
      `Content-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
  );
}

async function answer(
  settings: ForwardProxySettings,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const controller = new AbortController();
  response.on('close', () => controller.abort());
  try {
    const { principal, handle } = await authenticated(settings, request);
    const asked = await readRequest(request, settings.maxBodyBytes);
    const { signal } = controller;
    await send(response, await settings.injector.fetch(handle, principal, { ...asked, signal }));
  } catch (error) {
    if (response.headersSent) response.destroy();
    else refuse(request, response, toRefusal(error));
  }
}

async function authenticated(
  { authenticate }: ForwardProxySettings,
  request: IncomingMessage,
): Promise<ProxyUser> {
  checkRequest(request);
  const field = request.headers['proxy-authorization'];
  const user = field === undefined ? undefined : await authenticate(request, readLogin(field));
  if (user !== undefined) return user;
  const headers = { 'proxy-authenticate': 'Basic realm="holdfast", charset="UTF-8"' };
  throw new Refusal(407, 'the proxy does not know who asks', headers);
}

async function send(response: ServerResponse, { status, headers, body }: Response): Promise<void> {
  response.writeHead(status, [...headers].flat());
  if (body === null) response.end();
  else await pipeline(body, response);
}

/** Answers with a problem (RFC 9457). What of the request is still to come is not read. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, message, headers }: Refusal,
): void {
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
  response.end(JSON.stringify({ title: message, status }));
}
