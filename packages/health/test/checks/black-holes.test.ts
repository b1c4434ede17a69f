import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import {
  certificateExpiry,
  createHealthEndpoints,
  expiryCheck,
  httpCheck,
  mcpCheck,
  tcpCheck,
  type HealthCheck,
} from '../../src/index.ts';
import { ask, listen } from '../endpoints/serving.ts';
import { eventually, probing } from './probing.ts';

/** A server that accepts, reads and never answers. */
async function blackHole() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .resume();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const overTcp: readonly (readonly [string, (port: number) => HealthCheck])[] = [
  ['HTTP', (port) => httpCheck({ url: `http://127.0.0.1:${port}` })],
  ['MCP', (port) => mcpCheck({ url: `http://127.0.0.1:${port}/mcp` })],
  ['TLS', (port) => expiryCheck({ expiresAtMs: certificateExpiry({ host: '127.0.0.1', port }) })],
];

describe.each(overTcp)('a server that accepts and never speaks %s', (_protocol, checkOf) => {
  test('is down by a timeout, and its connection is given up', async () => {
    await using hole = await blackHole();
    using check = probing(checkOf(hole.port));
    const found = check.probeInVain();
    expect(await found).toMatchObject({ state: 'down', reason: 'timeout' });
    await eventually(() => expect(check.stats()).toMatchObject({ abandoned: 0, lateResults: 1 }));
    await eventually(() => expect(hole.sockets.size).toBe(0));
  });

  test('never sticks, however often it is asked', async () => {
    await using hole = await blackHole();
    using check = probing(checkOf(hole.port));
    for (let i = 0; i < 15; i++) {
      expect(await check.probeInVain()).toMatchObject({ reason: 'timeout' });
      await eventually(() => expect(check.stats()?.abandoned).toBe(0));
    }
  });

  test('holds up no probe', async () => {
    await using hole = await blackHole();
    using check = probing(checkOf(hole.port));
    await using server = await listen(createHealthEndpoints(check.health, { waitMs: 0 }).node);
    const probes = Array.from({ length: 50 }, async () => (await ask(server, '/readyz')).status);
    const answered = Promise.all(probes);
    // The clock of this health moves only here: it ends the wait of each probe, and not the check.
    let done = false;
    void answered.then(() => (done = true));
    await eventually(async () => {
      await check.letTimersFire();
      expect(done).toBe(true);
    });
    expect(new Set(await answered)).toEqual(new Set([503]));
    expect(check.stats()?.runs).toBe(0);
  });
});

test('headers that come and a body that does not are no answer to an HTTP check that reads it', async () => {
  const server = createHttpServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"ready":');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepts = vi.fn(async (response: Response) => Boolean(await response.json()));
  using check = probing(httpCheck({ url: `http://127.0.0.1:${port}`, accepts }));
  const found = check.probe();
  await eventually(() => expect(accepts).toHaveBeenCalled());
  await check.letTimersFire(1_000);
  expect(await found).toMatchObject({ state: 'down', reason: 'timeout' });
  server.closeAllConnections();
  server.close();
});

/** A process that listens and accepts nothing, with a queue that is full: what knocks next gets no answer at all. */
async function deafServer() {
  const script = `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGSTOP');
  const port = Number(line.toString());
  const knocking = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      for (const socket of knocking) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

test.skipIf(process.platform !== 'linux')('a port that answers no knock is down by a timeout', async () => {
  await using deaf = await deafServer();
  using check = probing(tcpCheck({ host: '127.0.0.1', port: deaf.port }));
  expect(await check.probeInVain()).toMatchObject({ state: 'down', reason: 'timeout' });
  await eventually(() => expect(check.stats()?.abandoned).toBe(0));
});
