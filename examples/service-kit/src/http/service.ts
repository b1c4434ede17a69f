import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  closeServer,
  createHealthEndpoints,
  createLifecycle,
  standardRoutes,
  type Lifecycle,
} from '@holdfast/health';
import { createReports, metricsEndpoint, nodeHttpMetrics, observe } from '@holdfast/metrics';
import { reportListenerError } from '@holdfast/pipeline';
import { sendProblem } from './answer.ts';
import { answerBrokenRequests } from './broken-request.ts';
import { clientAddress } from './client-address.ts';
import { isOwnHost, SECURITY_HEADERS } from './origins.ts';
import { ProblemError } from './problem.ts';
import { contextOf, runInRequest } from './request-context.ts';
import { RequestServer } from './serve.ts';
import { readServiceOptions, type ServiceOptions, type ServiceSettings } from './service-options.ts';

/** A service. It does nothing before it listens. */
export interface Service extends AsyncDisposable {
  readonly server: Server;
  /** Ends it in good order; `listen()` of it does so on a signal. Add phases for what the routes use. */
  readonly lifecycle: Lifecycle;
  /**
   * Starts the health, and listens.
   *
   * @param port - 0 for a free one
   * @returns where it is reached
   * @throws an error that names the port when it is taken
   */
  listen(port: number, host?: string): Promise<URL>;
  /** Ends it in good order. A second call does the same as the first. */
  close(): Promise<void>;
}

/** Requests that take longer to arrive, head and body, are cut; the head alone has less. */
const REQUEST_MS = 60_000;
const HEAD_MS = 10_000;
const CHECK_MS = 1_000;
const MAX_HEAD_BYTES = 16_384;

/**
 * Makes a service on `node:http`: each request gets an id and a trace, is held to its limits, its sender known and
 * counted, and then meets its route or a problem (RFC 9457). `/metrics`, `/metrics/summary`, `/metrics/history` and the
 * paths of the health are there besides.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type, or the routes contradict each other or take
 *   a path of the service itself
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createService } from '@holdfast/example-service-kit';
 *
 * const service = createService({
 *   name: 'greeter',
 *   routes: [{ method: 'GET', path: '/hello/:name', access: 'public', handle: ({ params }) => ({ body: params }) }],
 * });
 * service.lifecycle.listen();
 * console.log((await service.listen(8080)).href);
 * ```
 */
export function createService(options: ServiceOptions): Service {
  const settings = readServiceOptions(options);
  for (const { path } of settings.routes) {
    if (METRICS_PATHS.test(path) || Object.hasOwn(standardRoutes, path))
      throw new TypeError(`createService: the path ${path} is taken by the service itself`);
  }
  const { health, metrics, drainDelayMs, clock } = settings;
  const handle = createHandler(settings);
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    requestTimeout: REQUEST_MS,
    headersTimeout: HEAD_MS,
    connectionsCheckingInterval: CHECK_MS,
    insecureHTTPParser: false,
    requireHostHeader: false,
  });
  const phases = [closeServer(server)];
  const lifecycle = createLifecycle({ health, phases, drainDelayMs, clock });
  const stopObserving = observe(metrics, health);
  lifecycle.add({ name: 'reports', run: () => (handle.close(), stopObserving()) });
  server.on('request', handle.handle);
  // No expectation but `100-continue` means anything; a request goes on without (RFC 9110, section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  answerBrokenRequests(server);
  // The signal of somebody who waits: nothing is drained for them.
  const close = async () => void (await lifecycle.shutdown('SIGINT'));
  return {
    server,
    lifecycle,
    async listen(port, host = '127.0.0.1') {
      server.listen(port, host);
      await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken.`, { cause: error }) : error;
      });
      await health.start();
      const { port: taken } = server.address() as AddressInfo;
      return new URL(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const METRICS_PATHS = /^\/metrics(\/summary|\/history)?(\?|$)/;

/** Everything between a server and its routes. */
function createHandler(settings: ServiceSettings) {
  const { metrics, health, isOperator, trustedProxies } = settings;
  const requests = new RequestServer(settings);
  const addressOf = clientAddress(trustedProxies);
  const contexts = new WeakMap<IncomingMessage, ReturnType<typeof contextOf>>();
  const measure = nodeHttpMetrics(metrics, {}, (request) => contexts.get(request)?.route);
  const reports = createReports(metrics);
  const scrapes = metricsEndpoint(metrics, reports);
  // A page whose name was made to lead here comes from this machine, too.
  const isAllowed = (request: IncomingMessage) => {
    const context = contexts.get(request);
    try {
      return context !== undefined && isOwnHost(request, settings) && isOperator(context);
    } catch (error) {
      reportListenerError(console.error, error);
      return false;
    }
  };
  const probes = createHealthEndpoints(health, { authorise: ({ raw }) => isAllowed(raw as IncomingMessage) });
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const context = contextOf(request, addressOf(request));
    contexts.set(request, context);
    response.setHeader('X-Request-Id', context.requestId);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (METRICS_PATHS.test(request.url ?? '')) {
      if (isAllowed(request)) return scrapes.handle(request, response);
      const problem = new ProblemError('forbidden', 'The metrics are for those who run the service.');
      return sendProblem(request, response, problem, context.requestId);
    }
    probes.node(request, response, () => {
      measure(request, response);
      // A route may throw what cannot even be looked at; that must not end the process.
      runInRequest(context, () => requests.serve(request, response, context)).catch((error: unknown) => {
        response.destroy();
        reportListenerError(console.error, error);
      });
    });
  };
  return { handle, close: () => reports.close() };
}
