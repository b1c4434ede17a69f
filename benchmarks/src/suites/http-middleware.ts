import {
  createMetrics,
  DURATION_BUCKETS,
  expressMetrics,
  fastifyMetrics,
  honoMetrics,
  nodeHttpMetrics,
  type Metrics,
} from '@holdfast/metrics';
import { prometheus } from '@hono/prometheus';
import bundle from 'express-prom-bundle';
import fastify, { type FastifyInstance } from 'fastify';
import fastifyMetricsPlugin from 'fastify-metrics';
import { Hono } from 'hono';
import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { exchange, type Middleware } from '../exchange.ts';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const about = `What a middleware adds to a request that answers at once, without a connection: \`added ns\` is the
difference to the same framework without it. For \`node:http\` and Express the middleware is called with a request and an
answer that hold and emit what those of Node do; Fastify and Hono do their whole work, so that their differences are
less exact: a whole request takes as long there as 20 to 80 metrics, and \`added ns\` below 1,000 is noise, below zero
even. So those have no target; their bytes are exact. Hono has one empty middleware, as without any it takes a shorter
way. All observe duration by method, route and status; Holdfast also counts active requests, and sizes of bodies
where the case says so, which is its default.`;

const ROUTE = '/users/:id';
const DURATIONS = 'http_server_request_duration_seconds';
const target: Target = { atMost: { 'added ns': 250 } };

export const httpMiddleware = timingSuite('http-middleware', about, () => [
  { name: 'node:http', subject: 'platform', ending: 'returns', op: () => exchange((_, __, next) => next()) },
  ours('node:http, default', {}, (metrics, options) => nodeHttpMetrics(metrics, options, () => ROUTE)),
  ours('node:http, no sizes', { bodySizes: false }, (metrics, options) =>
    nodeHttpMetrics(metrics, options, () => ROUTE),
  ),
  ours('Express, default', {}, expressMetrics),
  ours('Express, no sizes', { bodySizes: false }, expressMetrics),
  byHand(),
  expressBundle(),
  ...honoCases(),
  ...fastifyCases(),
]);

interface Options {
  readonly bodySizes?: boolean;
}

function ours(
  name: string,
  options: Options,
  make: (metrics: Metrics, options: Options) => Middleware,
): TimedCase {
  const metrics = createMetrics();
  const middleware = make(metrics, options);
  return {
    name,
    subject: 'holdfast',
    ending: 'returns',
    above: 'node:http',
    op: () => exchange(middleware),
    counted: () => countOf(metrics),
    target,
  };
}

function countOf(metrics: Metrics): number {
  const found = metrics.snapshot().find(({ name }) => name === DURATIONS);
  return (found?.series ?? []).reduce((sum, each) => sum + ('count' in each ? each.count : 0), 0);
}

/** What a service writes that has prom-client and no middleware: durations and active requests. */
function byHand(): TimedCase {
  const register = new promClient.Registry();
  const labelNames = ['method', 'route', 'status'] as const;
  const registers = [register];
  const durations = new promClient.Histogram({
    name: DURATIONS,
    help: 'Durations',
    labelNames,
    buckets: [...DURATION_BUCKETS],
    registers,
  });
  const active = new promClient.Gauge({ name: 'active', help: 'Active', labelNames: ['method'], registers });
  const middleware: Middleware = (request, response, next) => {
    const { method = '' } = request;
    active.inc({ method });
    const stop = durations.startTimer();
    response.on('close', () => {
      active.dec({ method });
      stop({ method, route: ROUTE, status: response.statusCode });
    });
    next();
  };
  return {
    name: 'node:http, by hand',
    subject: 'prom-client',
    ending: 'returns',
    above: 'node:http',
    op: () => exchange(middleware),
    counted: countIn(register),
  };
}

/** How many durations a registry of prom-client holds. */
const countIn = (register: { metrics(): Promise<string> }) => async (): Promise<number> => {
  const counts = (await register.metrics()).matchAll(/^http_\w*duration_seconds_count\S* (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
};

function expressBundle(): TimedCase {
  const promRegistry = new promClient.Registry();
  const middleware = bundle({
    promRegistry,
    includeMethod: true,
    includePath: true,
    buckets: [...DURATION_BUCKETS],
    normalizePath: () => ROUTE,
  }) as unknown as Middleware;
  return {
    name: 'Express',
    subject: 'express-prom-bundle',
    ending: 'returns',
    above: 'node:http',
    op: () => exchange(middleware),
    counted: countIn(promRegistry),
  };
}

function honoCases(): readonly TimedCase[] {
  const metrics = createMetrics();
  const register = new promClient.Registry();
  const request = new Request('http://localhost/users/42');
  const app = (use?: Parameters<Hono['use']>[1]) => {
    const made = new Hono();
    if (use !== undefined) made.use('*', use);
    made.get(ROUTE, (context) => context.text('ok'));
    return async () => made.fetch(request);
  };
  return [
    { name: 'Hono', subject: 'platform', op: app(async (_, next) => await next()) },
    {
      name: 'Hono, no sizes',
      subject: 'holdfast',
      above: 'Hono',
      op: app(honoMetrics(metrics, { bodySizes: false })),
      counted: () => countOf(metrics),
    },
    {
      name: 'Hono, metrics',
      subject: '@hono/prometheus',
      above: 'Hono',
      op: app(prometheus({ registry: register }).registerMetrics),
      counted: countIn(register),
    },
  ];
}

function fastifyCases(): readonly TimedCase[] {
  const metrics = createMetrics();
  const register = new successor.Registry();
  const app = (plug?: (made: FastifyInstance) => void) => {
    const made = fastify();
    plug?.(made);
    made.after(() => made.get(ROUTE, () => 'ok'));
    const ready = made.ready();
    return async () => {
      await ready;
      return await made.inject({ method: 'GET', url: '/users/42' });
    };
  };
  const ourApp = app((made) => void made.register(fastifyMetrics(metrics, { bodySizes: false })));
  const peerApp = app(
    (made) =>
      void made.register(fastifyMetricsPlugin.default, {
        endpoint: null,
        defaultMetrics: { enabled: false },
        routeMetrics: {
          enabled: { histogram: true, summary: false },
          overrides: {
            histogram: { registers: [register], buckets: [...DURATION_BUCKETS] },
            // It is made even where it is not asked for.
            summary: { registers: [register] },
          },
        },
      }),
  );
  return [
    { name: 'Fastify', subject: 'platform', op: app() },
    {
      name: 'Fastify, no sizes',
      subject: 'holdfast',
      above: 'Fastify',
      op: ourApp,
      counted: () => countOf(metrics),
    },
    {
      name: 'Fastify, metrics',
      subject: 'fastify-metrics',
      above: 'Fastify',
      op: peerApp,
      counted: countIn(register),
    },
  ];
}
