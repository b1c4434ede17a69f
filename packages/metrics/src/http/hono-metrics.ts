import type { Metrics } from '../metrics.ts';
import { readHttpOptions, type HttpMetricsOptions } from './http-options.ts';
import { HttpRecorder } from './http-recorder.ts';

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
    header(name: string): string | undefined;
  };
  readonly res: { readonly status: number; readonly headers: { get(name: string): string | null } };
}

/**
 * Makes a Hono middleware. Use it before everything else. A duration ends when the answer begins: Hono does not say when
 * its body has been sent.
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
export function honoMetrics(metrics: Metrics, options: HttpMetricsOptions = {}) {
  const settings = readHttpOptions('honoMetrics', options);
  const recorder = new HttpRecorder(metrics, settings);
  return async (context: HonoContextLike, next: () => Promise<void>): Promise<void> => {
    const { req } = context;
    const { method } = req;
    const startedAtMs = recorder.clock.now();
    const active = recorder.begin(method);
    let status: number | undefined;
    try {
      await next();
      ({ status } = context.res);
    } finally {
      active.dec();
      recorder.end({
        method,
        route: routeOf(req),
        status,
        aborted: status === undefined,
        startedAtMs,
        requestBytes: req.header('content-length'),
        responseBytes: status === undefined ? undefined : context.res.headers.get('content-length'),
      });
    }
  };
}

/** The template of the handler that answered. A middleware, which takes a second argument, matches everything. */
function routeOf({ matchedRoutes, routeIndex }: HonoContextLike['req']): string | undefined {
  const route = matchedRoutes[routeIndex];
  return route === undefined || (route.method === 'ALL' && route.handler.length > 1) ? undefined : route.path;
}
