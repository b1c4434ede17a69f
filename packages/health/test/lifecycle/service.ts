import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import {
  closeServer,
  createHealth,
  createHealthEndpoints,
  createLifecycle,
  type HealthEndpoints,
} from '../../src/index.ts';

// A whole service, run as a process of its own by process.test.ts, which it tells what happens. What it is asked at /slow
// it answers when no new connection can come any more; with HOLDS it does not stop before it is asked at /release.
const say = (line: string) => process.stdout.write(`${line}\n`);
const set = (name: string) => process.env[name] !== undefined;
const forever = () => new Promise<never>(() => undefined);

const slow: ServerResponse[] = [];
let release: () => void = () => undefined;
const released = new Promise<void>((resolve) => (release = resolve));
const serve = (request: IncomingMessage, response: ServerResponse) => {
  if (request.url === '/slow') {
    slow.push(response);
    say('serving');
  } else {
    response.end('released');
    release();
  }
};
const frameworks: Readonly<Record<string, (endpoints: HealthEndpoints) => Promise<Server>>> = {
  http: async ({ node }) =>
    createServer((request, response) => node(request, response, () => serve(request, response))),
  fastify: async (endpoints) => {
    const app = fastify();
    await app.register(endpoints.fastify);
    app.get('/*', (request, reply) => {
      void reply.hijack();
      serve(request.raw, reply.raw);
    });
    await app.ready();
    return app.server;
  },
};

const health = createHealth({
  checks: [{ name: 'database', run: () => (set('STARTS_SLOWLY') ? forever() : undefined) }],
});
const make = frameworks[process.env['FRAMEWORK'] ?? 'http'];
if (make === undefined) throw new TypeError('FRAMEWORK must be http or fastify');
const server = await make(createHealthEndpoints(health, { waitMs: 10 }));
const lifecycle = createLifecycle({
  health,
  drainDelayMs: 100,
  budgetMs: 100_000,
  phases: [
    { name: 'hold', run: () => (set('HOLDS') ? released : undefined), budgetMs: 100_000 },
    closeServer(server, {
      endUpgraded: () => slow.forEach((response) => response.end('slow')),
      budgetMs: 100_000,
    }),
    {
      name: 'database',
      run: () => (set('HANGS') ? forever() : undefined),
      budgetMs: set('GIVES_UP') ? 50 : 5_000,
    },
    { name: 'flush', run: () => say('flushed') },
  ],
});
lifecycle.subscribe((event) => say('phase' in event ? `${event.phase} ${event.outcome}` : event.type));
lifecycle.listen();
server.listen(0, '127.0.0.1', () => say(`port ${(server.address() as AddressInfo).port}`));
await health.start();
say('started');
