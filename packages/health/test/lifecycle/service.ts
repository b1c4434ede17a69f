import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { closeServer, createHealth, createHealthEndpoints, createLifecycle } from '../../src/index.ts';

// A whole service, run as a process of its own by process.test.ts: it answers /slow after a while, and says what happens.
const say = (line: string) => process.stdout.write(`${line}\n`);
const health = createHealth({ checks: [{ name: 'database', run: () => undefined }] });
const endpoints = createHealthEndpoints(health);
const server = createServer((request, response) =>
  endpoints.node(request, response, () => void setTimeout(() => response.end('slow'), 300)),
);
const lifecycle = createLifecycle({
  health,
  drainDelayMs: 200,
  phases: [
    closeServer(server),
    {
      name: 'database',
      run: () => (process.env['HANG'] === undefined ? undefined : new Promise(() => undefined)),
    },
    { name: 'flush', run: () => say('flushed') },
  ],
});
lifecycle.subscribe((event) => say('phase' in event ? `${event.phase} ${event.outcome}` : event.type));
lifecycle.listen();
server.listen(0, '127.0.0.1', () => say(`port ${(server.address() as AddressInfo).port}`));
await health.start();
