import type { IncomingMessage, ServerResponse } from 'node:http';
import { reportListenerError } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { readHttpOptions, type HttpMetricsOptions } from './http-options.ts';
import { HttpRecorder } from './http-recorder.ts';

/** Says which route a request has matched; asked when the request is over. */
export type RouteOf<Request> = (request: Request) => string | undefined;

/** Observes one request; fits `server.on('request', …)` and `app.use(…)` alike. */
export type ObserveRequest = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void;

/**
 * Makes a listener that observes the requests of a `node:http` server.
 *
 * @param routeOf - names the template that a request matched, such as `/users/:id`. Default: all share one series
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createMetrics, nodeHttpMetrics } from '@holdfast/metrics';
 *
 * const observe = nodeHttpMetrics(createMetrics());
 * createServer((request, response) => {
 *   observe(request, response);
 *   response.end('hello');
 * });
 * ```
 */
export function nodeHttpMetrics(
  metrics: Metrics,
  options: HttpMetricsOptions = {},
  routeOf: RouteOf<IncomingMessage> = () => undefined,
): ObserveRequest {
  const track = createTracker(metrics, readHttpOptions('nodeHttpMetrics', options));
  return (request, response, next) => {
    track(request, response, () => {
      try {
        return routeOf(request);
      } catch (error) {
        // The response closes where nobody could catch it, and what a stranger has sent would end the process.
        reportListenerError(console.error, error);
        return undefined;
      }
    });
    next?.();
  };
}

/** Follows a request from now to the end of its answer, or of its connection. */
export function createTracker(metrics: Metrics, options: Required<HttpMetricsOptions>) {
  const recorder = new HttpRecorder(metrics, options);
  const { bodySizes } = options;
  return (request: IncomingMessage, response: ServerResponse, routeOf: () => string | undefined): void => {
    const startedAtMs = recorder.clock.now();
    const { method = '', socket } = request;
    const bytesBefore = bodySizes === true ? socket.bytesWritten : 0;
    const active = recorder.begin(method);
    // 'close' comes once, after 'finish' or instead of it.
    response.on('close', () => {
      active.dec();
      recorder.end({
        method,
        route: routeOf(),
        status: response.headersSent ? response.statusCode : undefined,
        aborted: !response.writableFinished,
        startedAtMs,
        requestBytes: request.headers['content-length'],
        responseBytes:
          bodySizes === true ? bodyBytes(response, socket.bytesWritten - bytesBefore) : undefined,
      });
    });
  };
}

/**
 * The size of a body: what went through the connection without the head. Headers do not tell, as most answers leave
 * them to Node. A connection of HTTP/2 carries other answers too, so there they have to.
 */
function bodyBytes(response: ServerResponse, sentBytes: number): unknown {
  if (response.req.httpVersionMajor !== 1) return response.getHeader('content-length');
  const { _header: head } = response as { readonly _header?: string | null };
  return typeof head === 'string' ? Math.max(0, sentBytes - head.length) : undefined;
}
