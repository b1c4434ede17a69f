import { createServer } from 'node:http';
import { createServer as createRawServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { listen } from '../src/loopback-server.ts';

it('asks as often as told, and once to see that it is answered', async () => {
  let requests = 0;
  const server = await listen(
    createServer((_, response) => {
      requests++;
      response.end('ok'.repeat(requests));
    }),
  );
  const connection = await server.connect('/');
  await Promise.all([connection.ask(32), connection.ask(1)]);
  await connection.ask(1);
  await server.close();
  expect(requests).toBe(35);
});

it('lets connections share a server', async () => {
  const ports = new Set<number | undefined>();
  const server = await listen(
    createServer(({ socket }, response) => {
      ports.add(socket.remotePort);
      response.end();
    }),
  );
  const connections = await Promise.all([server.connect('/'), server.connect('/')]);
  await Promise.all(connections.map((each) => each.ask(3)));
  await server.close();
  expect(ports.size).toBe(2);
});

it('counts an answer whose head comes in pieces', async () => {
  const sockets: Socket[] = [];
  const raw = createRawServer((socket) => {
    sockets.push(socket.setNoDelay(true));
    socket.on('data', (chunk) => {
      const pieces = chunk.toString().includes('HEAD')
        ? []
        : ['HTTP/1.1 200 OK\r\n\r\nHT', 'TP/1.1', ' 200 OK\r\n\r\n'];
      const next = () => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(next));
      };
      next();
    });
  });
  const server = await listen(
    Object.assign(raw, { closeAllConnections: () => sockets.forEach((each) => each.destroy()) }) as never,
  );
  const connection = await server.connect('/');
  // The server answers each time twice.
  await connection.ask(2);
  await server.close();
});

it('refuses a server that answers with an error', async () => {
  const server = await listen(createServer((_, response) => void response.writeHead(503).end()));
  await expect(server.connect('/health')).rejects.toThrow('/health answers HTTP/1.1 503');
  await server.close();
});
