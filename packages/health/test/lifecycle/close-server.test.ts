import { once } from 'node:events';
import {
  Agent,
  createServer,
  get,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeServer, createLifecycle, type CloseServerOptions } from '../../src/index.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function serving(listener: RequestListener, options: CloseServerOptions = {}) {
  const server = createServer(listener);
  const lifecycle = createLifecycle({ phases: [closeServer(server, options)], drainDelayMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true });
  cleanups.push(
    () => server.closeAllConnections(),
    () => server.close(),
    () => agent.destroy(),
  );
  const { port } = server.address() as AddressInfo;
  const ask = async () => {
    const request = get({ host: '127.0.0.1', port, agent });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let body = '';
    for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
    return { connection: response.headers.connection, body };
  };
  return { server, lifecycle, port, ask };
}

describe('closing a server', () => {
  test('a connection that is kept alive does not hold it up', async () => {
    const { lifecycle, ask } = await serving((_request, response) => response.end('hello'));
    expect(await ask()).toEqual({ connection: 'keep-alive', body: 'hello' });
    expect(await lifecycle.shutdown()).toMatchObject({
      code: 0,
      phases: [{ phase: 'http', outcome: 'done' }],
    });
  });

  test('a request that is being served is answered to the end, and its connection closed', async () => {
    const held: ServerResponse[] = [];
    const { server, lifecycle, ask } = await serving((_request, response) => held.push(response));
    const answer = ask();
    await once(server, 'request');
    const report = lifecycle.shutdown();
    await vi.waitFor(() => expect(server.listening).toBe(false));
    held[0]?.end('late but complete');
    expect(await answer).toEqual({ connection: 'close', body: 'late but complete' });
    expect((await report).code).toBe(0);
  });

  test('a request whose head was sent before ends well too', async () => {
    const held: ServerResponse[] = [];
    const { server, lifecycle, ask } = await serving((_request, response) => {
      response.write('first ');
      held.push(response);
    });
    const answer = ask();
    await once(server, 'request');
    const report = lifecycle.shutdown();
    held[0]?.end('last');
    expect((await answer).body).toBe('first last');
    expect((await report).code).toBe(0);
  });

  test('new connections are refused', async () => {
    const held: ServerResponse[] = [];
    const { server, lifecycle, ask, port } = await serving((_request, response) => held.push(response));
    const answer = ask();
    await once(server, 'request');
    const report = lifecycle.shutdown();
    await vi.waitFor(() => expect(server.listening).toBe(false));
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    held[0]?.end();
    await answer;
    await report;
  });

  test('while it drains it still answers, and asks clients to come with a new connection', async () => {
    const server = createServer((_request, response) => response.end('hello'));
    const phase = closeServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    phase.onDrain?.();
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(response.headers.get('connection')).toBe('close');
    expect(await response.text()).toBe('hello');
  });

  test('a request that takes too long is cut when the budget is used up', async () => {
    const { lifecycle, ask, server } = await serving(() => undefined, { budgetMs: 30, name: 'api' });
    const answer = ask();
    const cut = expect(answer).rejects.toThrow('socket hang up');
    await once(server, 'request');
    expect(await lifecycle.shutdown()).toMatchObject({
      code: 1,
      phases: [{ phase: 'api', outcome: 'timed-out' }],
    });
    await cut;
  });

  test('what was upgraded is ended by who upgraded it, once no more can come', async () => {
    const upgraded: Socket[] = [];
    const endUpgraded = vi.fn(() => upgraded.forEach((each) => each.destroy()));
    const { server, lifecycle, port } = await serving(() => undefined, { endUpgraded });
    server.on('upgrade', (_request, socket: Socket) => {
      upgraded.push(socket);
      socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: test\r\n\r\n');
    await once(socket, 'data');
    expect(await lifecycle.shutdown()).toMatchObject({ code: 0 });
    expect(endUpgraded).toHaveBeenCalledTimes(1);
  });

  test('a server that does not listen is closed already', async () => {
    const lifecycle = createLifecycle({ phases: [closeServer(createServer())], drainDelayMs: 0 });
    expect((await lifecycle.shutdown()).code).toBe(0);
  });

  test('options are checked', () => {
    expect(() => closeServer(createServer(), { budgetMs: -1 })).toThrow(
      'closeServer: budgetMs must be a number >= 0, got -1',
    );
  });
});
