import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Connections } from '../../../src/injection/proxy/connections.ts';
import { head } from './proxy-rig.ts';

const REQUEST = head('GET / HTTP/1.1', 'Host: a');

/** A server that ends no connection by itself, and answers when it is told to. */
async function aServer() {
  const asked: ServerResponse[] = [];
  const server = createServer((_, response) => void asked.push(response));
  server.keepAliveTimeout = 0;
  const connections = new Connections(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => connections.endAll());
  /** @returns what the client reads until the server ends the connection, and the connection */
  const client = async (text: string): Promise<{ socket: Socket; answers: Promise<string> }> => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    socket.write(text);
    let read = '';
    socket.on('data', (chunk) => (read += chunk.toString()));
    const answers = new Promise<string>((resolve) => socket.on('close', () => resolve(read)));
    await new Promise((resolve) => server.once('connection', resolve));
    return { socket, answers };
  };
  const closed = () => new Promise<void>((resolve) => void server.close(() => resolve()));
  return { connections, asked, client, closed };
}

it('ends a connection when its request is answered, where the server closes', async () => {
  const { connections, asked, client, closed } = await aServer();
  const { answers } = await client(REQUEST);
  await expect.poll(() => asked.length).toBe(1);
  const done = closed();
  connections.endIdle();
  asked[0]?.end('late');
  await done;
  expect(await answers).toMatch(/late$/);
});

it('keeps a connection for more requests as long as the server does not close', async () => {
  const { asked, client } = await aServer();
  const { socket } = await client(REQUEST);
  for (const count of [1, 2, 3]) {
    await expect.poll(() => asked.length).toBe(count);
    asked[count - 1]?.end();
    socket.write(REQUEST);
  }
  await expect.poll(() => asked.length).toBe(4);
});

it('keeps a connection while any of the requests on it is to be answered', async () => {
  const { connections, asked, client, closed } = await aServer();
  const { socket, answers } = await client(REQUEST + REQUEST);
  await expect.poll(() => asked.length).toBe(2);
  const done = closed();
  connections.endIdle();
  asked[0]?.end('first');
  await expect.poll(() => socket.bytesRead).toBeGreaterThan(0);
  asked[1]?.end('second');
  await done;
  expect(await answers).toMatch(/first[^]*second$/);
});

it('ends all, answered or not', async () => {
  const { connections, asked, client, closed } = await aServer();
  await client(REQUEST);
  await client('');
  await expect.poll(() => asked.length).toBe(1);
  const done = closed();
  connections.endAll();
  await done;
});
