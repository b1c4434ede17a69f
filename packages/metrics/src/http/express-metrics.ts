import type { Metrics } from '../metrics.ts';
import { readHttpOptions, type HttpMetricsOptions } from './http-options.ts';
import { createTracker, type ObserveRequest } from './node-http-metrics.ts';
import { templatePath } from './template-path.ts';

/** What Express adds to a request. */
interface ExpressRequest {
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
}

/**
 * Makes an Express middleware. Use it before everything else.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import express from 'express';
 * import { createMetrics, expressMetrics } from '@holdfast/metrics';
 *
 * const app = express();
 * app.use(expressMetrics(createMetrics()));
 * ```
 */
export function expressMetrics(metrics: Metrics, options: HttpMetricsOptions = {}): ObserveRequest {
  const track = createTracker(metrics, readHttpOptions('expressMetrics', options));
  return (request, response, next) => {
    track(request, response, () => routeOf(request as ExpressRequest));
    next?.();
  };
}

function routeOf({ baseUrl = '', route }: ExpressRequest): string | undefined {
  if (route === undefined) return undefined;
  const path = typeof route.path === 'string' ? route.path : String(route.path);
  if (baseUrl === '') return path;
  // A router's own part of the path is given as it was sent, so what looks like an id in it is replaced.
  const base = templatePath(baseUrl);
  return path === '/' ? base : base + path;
}
