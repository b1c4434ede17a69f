import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type RequestListener,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import { Hono } from 'hono';
import type { HealthEndpoints } from '../../src/index.ts';

/** A server under test. Besides health it answers `app` at `/app` and, for POST, at `/health`. */
export interface Served extends AsyncDisposable {
  readonly port: number;
}

export async function listen(listener: RequestListener): Promise<Served> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return served(server);
}

const served = (server: Server): Served => ({
  port: (server.address() as AddressInfo).port,
  [Symbol.asyncDispose]: () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
});

/** The same service in each of the frameworks. */
export const frameworks: Readonly<Record<string, (endpoints: HealthEndpoints) => Promise<Served>>> = {
  'node:http': (endpoints) =>
    listen((request, response) => endpoints.node(request, response, () => response.end('app'))),
  express: (endpoints) => {
    const app = express();
    app.use(endpoints.node);
    app.get('/app', (_request, response) => void response.send('app'));
    app.post('/health', (_request, response) => void response.send('app'));
    return listen(app as RequestListener);
  },
  fastify: async (endpoints) => {
    const app = fastify();
    await app.register(endpoints.fastify);
    app.get('/app', () => 'app');
    app.post('/health', () => 'app');
    await app.listen({ port: 0, host: '127.0.0.1' });
    return { port: (app.server.address() as AddressInfo).port, [Symbol.asyncDispose]: () => app.close() };
  },
  hono: async (endpoints) => {
    const app = new Hono();
    app.use(endpoints.hono);
    app.get('/app', (context) => context.text('app'));
    app.post('/health', (context) => context.text('app'));
    const server = await new Promise<Server>((resolve) => {
      const made = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(made as Server));
    });
    return served(server);
  },
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export function ask(
  { port }: Served,
  path: string,
  { method = 'GET', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => (body += text));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}
