import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { openProxy } from '../../src/proxy/proxy.ts';
import { ask } from '../support/http-client.ts';
import { setUp } from '../support/setup.ts';

const nothing = () => undefined;

it('serves its status as JSON that is not cached, and does not count that', async () => {
  const { proxy, traffic, received } = await setUp(nothing);
  const reply = await ask(proxy.url, { path: '/status' });
  expect(reply.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(JSON.parse(reply.body)).toEqual({ fine: true });
  expect(received).toHaveLength(0);
  expect(traffic.totals.answered).toBe(0);
});

it('says which port is taken, and what to do', async () => {
  const { guard, traffic } = await setUp(nothing);
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const upstream = new URL('http://127.0.0.1:9');
  const options = { host: '127.0.0.1', port, upstream, guard, traffic, status: nothing };
  await expect(openProxy(options)).rejects.toThrow(
    `Port ${port} is taken; choose another one with --port or QUICKSTART_PORT.`,
  );
});

const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
const hasIpv6 = addresses.some(({ address }) => address === '::1');

it.skipIf(!hasIpv6)('listens on an IPv6 address as well', async () => {
  const { guard, traffic } = await setUp(nothing);
  const upstream = new URL('http://127.0.0.1:9');
  const proxy = await openProxy({ host: '::1', port: 0, upstream, guard, traffic, status: () => 'fine' });
  onTestFinished(() => proxy.close(0));
  expect(proxy.url.hostname).toBe('[::1]');
  expect((await fetch(new URL('/status', proxy.url))).status).toBe(200);
});
