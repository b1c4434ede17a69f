import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '../metrics.ts';
import { readHttpOptions, type HttpMetricsOptions } from './http-options.ts';
import { createTracker } from './node-http-metrics.ts';

interface FastifyRequest {
  readonly raw: object;
  readonly routeOptions: { readonly url?: string | undefined };
}

type OnRequest = (request: FastifyRequest, reply: { readonly raw: object }, done: () => void) => void;

/** What is needed of a Fastify instance. */
export interface FastifyInstanceLike {
  addHook(name: 'onRequest', hook: OnRequest): unknown;
}

/** A Fastify plugin. */
export type FastifyPluginLike = (fastify: FastifyInstanceLike, options: unknown, done: () => void) => void;

/**
 * Makes a Fastify plugin. Register it first.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import fastify from 'fastify';
 * import { createMetrics, fastifyMetrics } from '@holdfast/metrics';
 *
 * const app = fastify();
 * app.register(fastifyMetrics(createMetrics()));
 * ```
 */
export function fastifyMetrics(metrics: Metrics, options: HttpMetricsOptions = {}): FastifyPluginLike {
  const track = createTracker(metrics, readHttpOptions('fastifyMetrics', options));
  const plugin: FastifyPluginLike = (fastify, _, done) => {
    fastify.addHook('onRequest', (request, reply, next) => {
      // Those of an HTTP/2 server have the same members.
      track(request.raw as IncomingMessage, reply.raw as ServerResponse, () => request.routeOptions.url);
      next();
    });
    done();
  };
  // Without this the hook would serve only what is registered inside the plugin.
  return Object.assign(plugin, { [Symbol.for('skip-override')]: true });
}
