import type { Health } from '../health.ts';
import { readEndpointOptions, type HealthEndpointsOptions } from './endpoint-options.ts';
import { fastifyPlugin, type FastifyHealthPlugin } from './fastify-plugin.ts';
import {
  fetchHandler,
  honoMiddleware,
  type FetchHealthHandler,
  type HonoHealthMiddleware,
} from './fetch-handler.ts';
import { nodeHandler, type NodeHealthHandler } from './node-handler.ts';
import { Responder } from './responder.ts';

/** The same endpoints for each framework. All answer GET and HEAD on exactly their paths, and leave the rest alone. */
export interface HealthEndpoints {
  /** For `node:http` and for Express: `app.use(endpoints.node)`. */
  readonly node: NodeHealthHandler;
  /** For Fastify: `app.register(endpoints.fastify)`. */
  readonly fastify: FastifyHealthPlugin;
  /** For Hono: `app.use(endpoints.hono)`. */
  readonly hono: HonoHealthMiddleware;
  /** For everything that speaks `Request` and `Response`. */
  readonly fetch: FetchHealthHandler;
  /** Their paths. */
  readonly paths: readonly string[];
}

/**
 * Makes the HTTP endpoints of a health: `/livez`, `/readyz`, `/startupz`, `/live`, `/ready`, `/health` and `/status`
 * unless told otherwise. Answers are 200 while up or degraded and 503 else, written when something changes rather than
 * when someone asks, and never cached. Strangers see the state and nothing else.
 *
 * @throws {@link TypeError} when an option is unknown or wrong, or a route asks for a group that is not there
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createHealth, createHealthEndpoints } from '@holdfast/health';
 *
 * const health = createHealth();
 * const endpoints = createHealthEndpoints(health);
 * createServer((request, response) =>
 *   endpoints.node(request, response, () => response.end('hello')),
 * ).listen(8080);
 * await health.start();
 * ```
 */
export function createHealthEndpoints(health: Health, options: HealthEndpointsOptions = {}): HealthEndpoints {
  const responder = new Responder(health, readEndpointOptions(options));
  const fetch = fetchHandler(responder);
  return {
    node: nodeHandler(responder),
    fastify: fastifyPlugin(responder),
    hono: honoMiddleware(fetch),
    fetch,
    paths: responder.paths,
  };
}
