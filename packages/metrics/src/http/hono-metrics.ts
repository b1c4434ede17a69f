import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../metrics.ts';
import { readHttpOptions, type HttpMetricsOptions } from './http-options.ts';
import { HttpRecorder } from './http-recorder.ts';
import { createTracker } from './node-http-metrics.ts';

interface MatchedRoute {
  readonly path: string;
  readonly method: string;
  readonly handler: { readonly length: number };
}

/** What is needed of a Hono context. */
export interface HonoContextLike {
  readonly req: {
    readonly method: string;
    readonly routeIndex: number;
    readonly matchedRoutes: readonly MatchedRoute[];
    readonly raw: { readonly signal: AbortSignal };
    header(name: string): string | undefined;
  };
  readonly res: { readonly status: number; readonly headers: { get(name: string): string | null } };
  /** Where `@hono/node-server` puts the request and the answer of Node. */
  readonly env?: unknown;
}

/** A Hono middleware. */
type HonoMiddleware = (context: HonoContextLike, next: () => Promise<void>) => Promise<void>;

/**
 * Makes a Hono middleware. Use it before everything else. Behind `@hono/node-server` a request is over when its answer
 * has been sent; elsewhere when the answer begins, since nobody says when its body has been sent.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { Hono } from 'hono';
 * import { createMetrics, honoMetrics } from '@holdfast/metrics';
 *
 * const app = new Hono();
 * app.use(honoMetrics(createMetrics()));
 * ```
 */
export function honoMetrics(metrics: Metrics, options: HttpMetricsOptions = {}): HonoMiddleware {
  const settings = readHttpOptions('honoMetrics', options);
  const track = createTracker(metrics, settings);
  const recorder = new HttpRecorder(metrics, settings);
  return (context, next) => {
    const { incoming, outgoing } = (context.env ?? {}) as Partial<NodeBindings>;
    if (incoming === undefined || outgoing === undefined) return observeFetch(recorder, context, next);
    track(incoming, outgoing, () => routeOf(context.req));
    return next();
  };
}

interface NodeBindings {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

async function observeFetch(
  recorder: HttpRecorder,
  context: HonoContextLike,
  next: () => Promise<void>,
): Promise<void> {
  const { req } = context;
  const { method, raw } = req;
  const startedAtMs = recorder.clock.now();
  const active = recorder.begin(method);
  const end = (answered: boolean): void => {
    raw.signal.removeEventListener('abort', onAbort);
    active.dec();
    recorder.end({
      method,
      route: routeOf(req),
      status: answered ? context.res.status : undefined,
      aborted: !answered,
      startedAtMs,
      requestBytes: req.header('content-length'),
      responseBytes: answered ? context.res.headers.get('content-length') : undefined,
    });
  };
  // A handler that hangs may never come to an end, and the request must not count as active for ever.
  let over = raw.signal.aborted;
  const onAbort = (): void => {
    over = true;
    end(false);
  };
  if (over) end(false);
  else raw.signal.addEventListener('abort', onAbort);
  let answered = false;
  try {
    await next();
    answered = true;
  } finally {
    if (!over) end(answered);
  }
}

/** The template of the handler that answered. A middleware, which takes a second argument, matches everything. */
function routeOf({ matchedRoutes, routeIndex }: HonoContextLike['req']): string | undefined {
  const route = matchedRoutes[routeIndex];
  return route === undefined || (route.method === 'ALL' && route.handler.length > 1) ? undefined : route.path;
}
