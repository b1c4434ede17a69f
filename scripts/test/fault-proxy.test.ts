import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../services/fault-proxy.ts';

let proxy: FaultProxy;
let closeServer: () => Promise<void>;
const served = new Set<Socket>();

/** A server that says back whatever it is told. */
beforeEach(async () => {
  const server = createServer((socket) => {
    served.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => served.delete(socket));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startFaultProxy((server.address() as AddressInfo).port);
  closeServer = async () => void (await once(server.close(), 'close'));
});
afterEach(async () => {
  await proxy.close();
  for (const socket of served) socket.destroy();
  await closeServer();
});

async function client() {
  const socket = connect(proxy.port, '127.0.0.1');
  const pieces: string[] = [];
  let error: Error | undefined;
  socket.on('data', (bytes) => pieces.push(bytes.toString()));
  socket.on('error', (cause) => (error = cause));
  await once(socket, 'connect');
  const heard = () => pieces.join('');
  return { socket, pieces, heard, error: () => error, say: (text: string) => socket.write(text) };
}
const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
};

test('without a fault it changes nothing, both ways, to the end', async () => {
  const { socket, heard, say } = await client();
  say('hello');
  await expect.poll(heard).toBe('hello');
  expect(proxy.connections).toBe(1);
  socket.end(' and goodbye');
  await once(socket, 'close');
  expect(heard()).toBe('hello and goodbye');
  await expect.poll(() => proxy.connections).toBe(0);
});

test('latency is paid each way, and order is kept', async () => {
  const { heard, say } = await client();
  proxy.inject({ kind: 'latency', ms: 20 });
  const since = performance.now();
  for (const text of ['a', 'b', 'c']) say(text);
  await expect.poll(heard).toBe('abc');
  expect(performance.now() - since).toBeGreaterThanOrEqual(38);
});

test('a drip comes in small pieces', async () => {
  const { heard, pieces, say } = await client();
  proxy.inject({ kind: 'drip', bytes: 2, pauseMs: 5 });
  say('abcdef');
  await expect.poll(heard).toBe('abcdef');
  expect(pieces.length).toBeGreaterThan(1);
});

test('a black hole keeps connections, and what is held back until it is over', async () => {
  const { heard, say, error } = await client();
  proxy.inject({ kind: 'black-hole' });
  say('anybody?');
  await turns(50);
  expect([heard(), error(), proxy.connections]).toEqual(['', undefined, 1]);
  proxy.heal();
  await expect.poll(heard).toBe('anybody?');
});

test('half-open connections are silent for ever, new ones are well', async () => {
  const { heard, say, error } = await client();
  await expect.poll(() => served.size).toBe(1);
  proxy.inject({ kind: 'half-open' });
  await expect.poll(() => served.size).toBe(0);
  proxy.heal();
  say('anybody?');
  const other = await client();
  other.say('hello');
  await expect.poll(other.heard).toBe('hello');
  expect([heard(), error(), proxy.connections]).toEqual(['', undefined, 2]);
});

test('a reset reaches those that are connected and those that come', async () => {
  const before = await client();
  proxy.inject({ kind: 'reset' });
  await expect.poll(before.error).toMatchObject({ code: 'ECONNRESET' });
  const late = connect(proxy.port, '127.0.0.1');
  const [error] = (await once(late, 'error')) as [Error];
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  proxy.heal();
  const after = await client();
  after.say('hello');
  await expect.poll(after.heard).toBe('hello');
});

test('a cut ends a connection in the midst of an answer', async () => {
  const { heard, say, error } = await client();
  say('abc');
  await expect.poll(heard).toBe('abc');
  proxy.inject({ kind: 'cut', afterBytes: 4 });
  say('def');
  await expect.poll(heard).toBe('abcdef');
  say('ghi');
  await expect.poll(error).toMatchObject({ code: 'ECONNRESET' });
  expect(['abcdef', 'abcdefg']).toContain(heard());
});

test('a client that goes away, and a server that does, take the other end with them', async () => {
  const { socket } = await client();
  await expect.poll(() => served.size).toBe(1);
  socket.destroy();
  await expect.poll(() => served.size).toBe(0);
  const other = await client();
  await expect.poll(() => served.size).toBe(1);
  for (const each of served) each.resetAndDestroy();
  await expect.poll(other.error).toMatchObject({ code: 'ECONNRESET' });
});

test('nothing listens when it is closed, however often', async () => {
  await proxy.close();
  await proxy.close();
  const [error] = (await once(connect(proxy.port, '127.0.0.1'), 'error')) as [Error];
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
});
