import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { connectTo } from '../src/loopback-server.ts';

it('asks as often as told, and once to see how long answers are', async () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.end('ok');
  });
  const connection = await connectTo(server, '/');
  await connection.ask(32);
  await connection.ask(1);
  await connection.close();
  expect(requests).toBe(34);
});

it('refuses a server that answers with an error', async () => {
  const server = createServer((_, response) => void response.writeHead(503).end());
  await expect(connectTo(server, '/health')).rejects.toThrow('/health answers HTTP/1.1 503');
  server.closeAllConnections();
  server.close();
});
