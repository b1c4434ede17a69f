import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startFaultProxy } from '@holdfast/example-service-kit';

test('a service can be put behind a network that fails', async () => {
  const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  await using proxy = await startFaultProxy((server.address() as AddressInfo).port);
  const ask = async () => (await fetch(`http://127.0.0.1:${proxy.port}`)).text();
  expect(await ask()).toBe('hello');
  proxy.inject({ kind: 'reset' });
  await expect(ask()).rejects.toThrow();
  proxy.heal();
  expect(await ask()).toBe('hello');
  server.closeAllConnections();
  server.close();
});
