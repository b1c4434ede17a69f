import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startConnectServer } from '../../src/stand-ins/connect-server/connect-server.ts';
import { startOtlpSink } from '../../src/stand-ins/otlp-sink/otlp-sink.ts';
import { startServer } from '../../src/stand-ins/stand-in-server.ts';

test('ends at once, whatever is under way, and again does nothing', async () => {
  const { server, url, close } = await startServer({});
  const entered = once(server, 'request');
  const asked = fetch(url);
  const refused = expect(asked).rejects.toThrow('fetch failed');
  await entered;
  await close();
  await refused;
  expect(server.listening).toBe(false);
  await close();
});

test.each([
  ['Connect', (port: number) => startConnectServer({ tokens: [], port })],
  ['a collector', (port: number) => startOtlpSink({ port })],
])('%s listens where it is told, or says that it cannot', async (_what, start) => {
  await using first = await start(0);
  const { hostname, port } = new URL(first.url);
  expect(hostname).toBe('127.0.0.1');
  await expect(start(Number(port))).rejects.toMatchObject({ code: 'EADDRINUSE', port: Number(port) });
});
