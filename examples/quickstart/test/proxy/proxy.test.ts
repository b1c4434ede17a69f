import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { openProxy } from '../../src/proxy/proxy.ts';
import { ask } from '../support/http-client.ts';
import { cut, listen, none, setUp } from '../support/setup.ts';

const nothing = () => undefined;

it('leaves alone and does not count what is answered before it', async () => {
  const { guard, traffic } = await setUp(nothing);
  const upstream = new URL('http://127.0.0.1:9');
  const operations = { handle: (_: unknown, response: ServerResponse) => void response.end('mine') };
  const proxy = await openProxy({ host: '127.0.0.1', port: 0, upstream, guard, traffic, operations });
  onTestFinished(() => cut(proxy.closing));
  expect((await ask(proxy.url)).body).toBe('mine');
  expect(guard.breaker.stats()).toMatchObject({ successes: 0, failures: 0 });
  expect(traffic.totals.unreachable).toBe(0);
});

it('says which port is taken, and what to do', async () => {
  const { guard, traffic } = await setUp(nothing);
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const upstream = new URL('http://127.0.0.1:9');
  const options = { host: '127.0.0.1', port, upstream, guard, traffic, operations: none };
  await expect(openProxy(options)).rejects.toThrow(
    `Port ${port} is taken; choose another one with --port or QUICKSTART_PORT.`,
  );
});

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const hasIpv6 = addresses.some(({ address }) => address === '::1');

it.skipIf(!hasIpv6)('listens on an IPv6 address as well', async () => {
  const { guard, traffic } = await setUp(nothing);
  const upstream = await listen((_request, response) => response.end('tea'));
  const proxy = await openProxy({ host: '::1', port: 0, upstream, guard, traffic, operations: none });
  onTestFinished(() => cut(proxy.closing));
  expect(proxy.url.hostname).toBe('[::1]');
  expect(await (await fetch(proxy.url)).text()).toBe('tea');
});
