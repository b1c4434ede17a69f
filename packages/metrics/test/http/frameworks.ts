import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import {
  expressMetrics,
  fastifyMetrics,
  honoMetrics,
  nodeHttpMetrics,
  type Metrics,
} from '../../src/index.ts';

/** A server on a free port. */
export interface Running {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the same little service: `GET /users/:id`, `POST /users`, `GET /broken`, which throws, `GET /hangs`, which never
 * answers, and `GET /stream/:end`, which begins an answer of two parts, and then ends it well, or breaks.
 */
export type Start = (metrics: Metrics) => Promise<Running>;

export async function listen(server: Server): Promise<Running> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return running(server);
}

function running(server: Server): Running {
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The first part of an answer, and the second once it is asked for; or none, for ever or with an error. */
export const PARTS = ['first part, ', 'second part'] as const;

function parts(end: string): Readable {
  return Readable.from(
    (async function* () {
      yield PARTS[0];
      await gate.opened;
      if (end === 'badly') throw new Error('broken off');
      yield PARTS[1];
    })(),
  );
}

/** Holds back the second part of the answers of `/stream`. */
export const gate = {
  opened: Promise.resolve(),
  open: (): void => undefined,
  close(): void {
    gate.opened = new Promise((resolve) => (gate.open = resolve));
  },
};

const startNode: Start = (metrics) => {
  const routes = new Map<unknown, string>();
  const observe = nodeHttpMetrics(metrics, {}, (request) => routes.get(request));
  const server = createServer((request, response) => {
    observe(request, response);
    const { method = '', url = '' } = request;
    const known = ['GET /users/:id', 'POST /users', 'GET /broken', 'GET /hangs', 'GET /stream/:end'];
    const route = known.find((each) =>
      new RegExp(`^${each.replace(/:\w+/, '[^/]+')}$`).test(`${method} ${url}`),
    );
    if (route !== undefined) routes.set(request, route.slice(route.indexOf(' ') + 1));
    request.resume();
    if (route === 'GET /hangs') return;
    if (route === 'GET /stream/:end') {
      return void pipeline(parts(url.slice('/stream/'.length)), response, () => undefined);
    }
    response.statusCode = route === undefined ? 404 : route === 'GET /broken' ? 500 : 200;
    response.setHeader('content-length', 2).end('{}');
  });
  return listen(server);
};

const startExpress: Start = (metrics) => {
  const app = express();
  app.use(expressMetrics(metrics));
  const users = express.Router();
  users.get('/:id', (_, response) => void response.json({}));
  users.post('/', (_, response) => void response.json({}));
  app.use('/users', users);
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.get('/hangs', () => undefined);
  app.get('/stream/:end', (request, response) => {
    pipeline(parts(request.params.end), response, () => undefined);
  });
  const onError: express.ErrorRequestHandler = (_error, _request, response, _next) =>
    void response.status(500).json({});
  app.use(onError);
  return listen(createServer(app));
};

const startFastify: Start = async (metrics) => {
  const app = fastify();
  app.register(fastifyMetrics(metrics));
  app.get('/users/:id', async () => ({}));
  app.post('/users', async () => ({}));
  app.get('/broken', async () => {
    throw new Error('broken');
  });
  app.get('/hangs', () => new Promise(() => undefined));
  app.get<{ Params: { end: string } }>('/stream/:end', (request, reply) =>
    reply.send(parts(request.params.end)),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  return running(app.server);
};

const startHono: Start = async (metrics) => {
  const app = new Hono();
  app.use(honoMetrics(metrics));
  const users = new Hono();
  users.get('/:id', (context) => context.json({}));
  users.post('/', (context) => context.json({}));
  app.route('/users', users);
  app.get('/broken', () => {
    throw new Error('broken');
  });
  app.get('/hangs', () => new Promise<Response>(() => undefined));
  app.get('/stream/:end', (context) => {
    const body = Readable.toWeb(parts(context.req.param('end'))) as unknown as ReadableStream;
    return context.body(body.pipeThrough(new TextEncoderStream()));
  });
  app.onError((_, context) => context.json({}, 500));
  const server = await new Promise<Server>((resolve) => {
    const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made as Server));
  });
  return running(server);
};

export const FRAMEWORKS: readonly (readonly [name: string, start: Start])[] = [
  ['node:http', startNode],
  ['Express', startExpress],
  ['Fastify', startFastify],
  ['Hono', startHono],
];
