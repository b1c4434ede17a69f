import { getEventListeners } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEgress, EgressError, type EgressOptions } from '../../src/egress.ts';

/** A server on loopback that is gone after the test. */
async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, port: (server.address() as AddressInfo).port };
}

/** A way out to one server on loopback, which stands for every host. */
async function open(listener: RequestListener, options: EgressOptions = {}) {
  const { port } = await serve(listener);
  const resolve = vi.fn<(host: string) => Promise<readonly string[]>>(async () => ['127.0.0.1']);
  const egress = createEgress({
    allowHttp: true,
    allowNetworks: ['127.0.0.1'],
    ports: [port],
    resolve,
    ...options,
  });
  onTestFinished(() => egress.close());
  return { egress, port, resolve, url: `http://api.example:${port}/` };
}

const reasonOf = (error: unknown) => (error instanceof EgressError ? error.reason : error);
const caught = (promise: Promise<unknown>) => promise.then(() => 'fulfilled', reasonOf);

describe('createEgress', () => {
  it('sends method, headers and body, and hands the answer on', async () => {
    const { egress, url } = await open((request, response) => {
      response.writeHead(201, {
        'x-seen': `${request.method} ${String(request.headers['x-one'])} ${request.url}`,
      });
      request.pipe(response);
    });
    const init = { method: 'POST', headers: { 'x-one': '1' }, body: 'hello' };
    const answer = await egress.fetch(`${url}a?b=c`, init);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('x-seen')).toBe('POST 1 /a?b=c');
    expect(await answer.text()).toBe('hello');
  });

  it('says what is wrong with a request, and connects to nobody for it', async () => {
    const listener = vi.fn<RequestListener>();
    const { egress, url } = await open(listener);
    const wrong: readonly (readonly [init: object, message: RegExp])[] = [
      [{ method: 'get' }, /^TypeError: egress.fetch: method must be 1 to 16 capital letters/],
      [{ method: 'GET /x HTTP/1.1' }, /^TypeError: egress.fetch: method must/],
      [{ method: 'CONNECT' }, /^TypeError: egress.fetch: method must .*, not CONNECT, TRACE or TRACK/],
      [{ method: 7 }, /^TypeError: egress.fetch: method must/],
      [{ method: 'POST', body: {} }, /^TypeError: egress.fetch: body must be text or bytes/],
      [{ method: 'POST', body: new URLSearchParams('a=b') }, /^TypeError: egress.fetch: body must/],
      [{ body: 'secret' }, /^EgressError: GET must not have a body/],
      [{ method: 'HEAD', body: '' }, /^EgressError: HEAD must not have a body/],
      [{ maxRedirects: -1 }, /^RangeError: egress.fetch: maxRedirects must/],
      [{ signal: 'now' }, /^TypeError: egress.fetch: signal must/],
      [{ timeoutMs: 5 }, /^TypeError: egress.fetch has no option "timeoutMs"; it takes method,/],
    ];
    for (const [init, message] of wrong) {
      const error: unknown = await egress.fetch(url, init).catch((thrown: unknown) => thrown);
      expect(String(error)).toMatch(message);
      expect(String(error)).not.toContain('secret');
    }
    expect(await caught(egress.fetch(url, { body: 'x' }))).toBe('body');
    expect(listener).not.toHaveBeenCalled();
  });

  it('does not connect to an address that is not allowed, whoever names it', async () => {
    const listener = vi.fn<RequestListener>();
    const { egress, port } = await open(listener, { allowNetworks: [] });
    expect(await caught(egress.fetch(`http://127.0.0.1:${port}/`))).toBe('address');
    expect(await caught(egress.fetch(`http://rebound.example:${port}/`))).toBe('address');
    expect(listener).not.toHaveBeenCalled();
  });

  it('connects to the very address that was checked: a second answer of the resolver changes nothing', async () => {
    const { egress, url, resolve } = await open((_, response) => response.end('checked'));
    resolve.mockResolvedValueOnce(['127.0.0.1']).mockResolvedValue(['10.0.0.1']);
    expect(await (await egress.fetch(url)).text()).toBe('checked');
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(await caught(egress.fetch(url.replace('api', 'other')))).toBe('address');
  });

  it('refuses a host of which one address is private', async () => {
    const { egress, url, resolve } = await open((_, response) => response.end());
    resolve.mockResolvedValue(['127.0.0.1', '192.168.0.1']);
    expect(await caught(egress.fetch(url))).toBe('address');
  });

  it('says that a host has no address, and whether one may be stored for later', async () => {
    const { egress, url, resolve } = await open((_, response) => response.end());
    await egress.check(url);
    await egress.check(url.replace('api.example', '127.0.0.1'));
    resolve.mockRejectedValueOnce(new Error('ENOTFOUND'));
    expect(await caught(egress.check(url))).toBe('unresolved');
    resolve.mockResolvedValueOnce([]);
    expect(await caught(egress.fetch(url))).toBe('unresolved');
    resolve.mockResolvedValueOnce(['169.254.169.254']);
    expect(await caught(egress.check(url))).toBe('address');
  });

  it('checks no longer than a request may take, or than it is wanted', async () => {
    const clock = manualClock();
    const { egress, url, resolve } = await open((_, response) => response.end(), { clock, timeoutMs: 5_000 });
    resolve.mockReturnValue(new Promise(() => {}));
    let outcome: unknown;
    const hung = caught(egress.check(url)).then((reason) => (outcome = reason));
    await clock.advance(4_999);
    expect(outcome).toBeUndefined();
    await clock.advance(1);
    await hung;
    expect(outcome).toBe('timeout');
    const given = new AbortController();
    const reason = new Error('enough');
    const checked = egress.check(url, { signal: given.signal });
    given.abort(reason);
    await expect(checked).rejects.toBe(reason);
    await expect(egress.check(url, { signal: given.signal })).rejects.toBe(reason);
    expect(resolve).toHaveBeenCalledTimes(2);
    resolve.mockResolvedValue(['127.0.0.1']);
    await egress.check(url, { signal: new AbortController().signal });
    expect(clock.pendingTimers).toBe(0);
  });

  it('leaves no listener at the signal of a request that is over', async () => {
    const { signal } = new AbortController();
    const { egress, url, resolve } = await open((_, response) => response.end('read'));
    const answer = await egress.fetch(url, { signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await answer.text();
    resolve.mockResolvedValueOnce([]);
    expect(await caught(egress.fetch(url.replace('api', 'other'), { signal }))).toBe('unresolved');
    await egress.check(url, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('leaves a redirect to the caller unless told to follow', async () => {
    const { egress, url } = await open((_, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    );
    const answer = await egress.fetch(url);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('location')).toBe('http://169.254.169.254/');
  });

  it('checks every redirect that it follows', async () => {
    const to =
      (location: string): RequestListener =>
      (request, response) =>
        request.url === '/start' ? response.writeHead(302, { location }).end() : response.end('there');
    for (const [location, reason] of [
      ['http://169.254.169.254/', 'port'],
      ['http://2852039166:PORT/', 'address'],
      ['file:///etc/passwd', 'protocol'],
      ['http://user@api.example:PORT/', 'url'],
      ['http://[', 'redirect'],
    ] as const) {
      let target: string = location;
      const { egress, url, port } = await open((...args) => to(target)(...args), { maxRedirects: 3 });
      target = location.replace('PORT', String(port));
      expect(await caught(egress.fetch(`${url}start`))).toBe(reason);
    }
    const { egress, url } = await open(to('/end'), { maxRedirects: 1 });
    expect(await (await egress.fetch(`${url}start`)).text()).toBe('there');
  });

  it('closes the connection of a redirect that it refuses, for nobody reads that answer', async () => {
    const closed = vi.fn();
    const { egress, url } = await open(
      (_, response) => {
        response.on('close', closed).writeHead(302, { location: 'http://10.0.0.1/' }).write('more to come');
      },
      { maxRedirects: 1 },
    );
    expect(await caught(egress.fetch(url))).toBe('port');
    await expect.poll(() => closed.mock.calls.length).toBe(1);
  });

  it('follows fewer redirects than it may where a request says so', async () => {
    const { egress, url } = await open((_, response) => response.writeHead(302, { location: '/end' }).end(), {
      maxRedirects: 3,
    });
    expect((await egress.fetch(url, { maxRedirects: 0 })).status).toBe(302);
    expect(await caught(egress.fetch(url, { maxRedirects: 9 }))).toBe('redirect');
  });

  it('reads nothing of an answer that says that it is too long', async () => {
    const { egress, url } = await open(
      (_, response) => response.writeHead(200, { 'content-length': 101 }).write('x'),
      { maxBytes: 100 },
    );
    expect(await caught(egress.fetch(url))).toBe('size');
  });

  it('gives up where redirects do not end', async () => {
    let count = 0;
    const { egress, url } = await open(
      (_, response) => void (count++, response.writeHead(307, { location: '/' }).end()),
      { maxRedirects: 3 },
    );
    expect(await caught(egress.fetch(url))).toBe('redirect');
    expect(count).toBe(4);
  });

  it('sends what is meant for one origin to no other', async () => {
    const seen: unknown[] = [];
    const { egress, url, port } = await open(
      (request, response) => {
        const { authorization, cookie, accept, 'x-api-key': key } = request.headers;
        seen.push([request.headers.host?.split(':')[0], authorization, cookie, key, accept]);
        if (request.url === '/') response.writeHead(302, { location: `http://other.example:${port}/end` });
        response.end();
      },
      { maxRedirects: 1 },
    );
    const headers = { authorization: 'Bearer s', cookie: 'a=b', 'x-api-key': 'k', accept: 'text/plain' };
    await (await egress.fetch(url, { headers })).text();
    expect(seen).toEqual([
      ['api.example', 'Bearer s', 'a=b', 'k', 'text/plain'],
      ['other.example', undefined, undefined, undefined, 'text/plain'],
    ]);
  });

  it('changes the method as browsers do, and sends a body to no other origin', async () => {
    let status = 303;
    let location = '/end';
    const seen: string[] = [];
    const { egress, url, port } = await open(
      (request, response) => {
        seen.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? ''}`);
        if (request.url === '/') response.writeHead(status, { location });
        response.end();
      },
      { maxRedirects: 1 },
    );
    const post = { method: 'POST', body: 'secret', headers: { 'content-type': 'text/plain' } };
    await egress.fetch(url, post);
    status = 307;
    await egress.fetch(url, post);
    expect(seen).toEqual(['POST / text/plain', 'GET /end ', 'POST / text/plain', 'POST /end text/plain']);
    location = `http://other.example:${port}/end`;
    expect(await caught(egress.fetch(url, post))).toBe('redirect');
    expect(seen).toHaveLength(5);
  });

  it('refuses headers that belong to the connection, and shows no value of a bad one', async () => {
    const listener = vi.fn<RequestListener>();
    const { egress, url } = await open(listener);
    for (const name of [
      'Host',
      'Content-Length',
      'Transfer-Encoding',
      'Connection',
      'Proxy-Authorization',
      'TE',
    ])
      expect(await caught(egress.fetch(url, { headers: { [name]: 'x' } }))).toBe('header');
    const error = await egress
      .fetch(url, { headers: { 'x-key': 'secret\r\nHost: internal' } })
      .catch((thrown: unknown) => thrown);
    expect(reasonOf(error)).toBe('header');
    expect(String(error)).not.toContain('secret');
    expect(listener).not.toHaveBeenCalled();
  });

  it.each([
    [
      'said beforehand',
      (response) => response.writeHead(200, { 'content-length': 101 }).end('x'.repeat(101)),
    ],
    ['in chunks', (response) => (response.write('x'.repeat(60)), response.end('x'.repeat(41)))],
    [
      'packed',
      (response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000))),
    ],
  ] satisfies [string, (response: Parameters<RequestListener>[1]) => unknown][])(
    'ends an answer that is too long, %s',
    async (_, answer) => {
      const { egress, url } = await open((_request, response) => void answer(response), { maxBytes: 100 });
      expect(await caught(egress.fetch(url).then((response) => response.text()))).toBe('size');
    },
  );

  it('reads an answer of exactly the longest length', async () => {
    const { egress, url } = await open((_, response) => response.end('x'.repeat(100)), { maxBytes: 100 });
    expect(await (await egress.fetch(url)).text()).toHaveLength(100);
  });

  it('waits no longer than its limit for the head of an answer', async () => {
    const clock = manualClock();
    let asked = () => {};
    const arrived = new Promise<void>((resolve) => (asked = resolve));
    const { egress, url } = await open(() => asked(), { timeoutMs: 1_000, clock });
    const answer = caught(egress.fetch(url));
    await arrived;
    await clock.advance(1_000);
    expect(await answer).toBe('timeout');
    expect(clock.pendingTimers).toBe(0);
  });

  it('and for its end', async () => {
    const clock = manualClock();
    const { egress, url } = await open((_, response) => response.write('begun'), { timeoutMs: 1_000, clock });
    const answer = await egress.fetch(url);
    const text = caught(answer.text());
    await clock.advance(1_000);
    expect(await text).toBe('timeout');
    expect(clock.pendingTimers).toBe(0);
  });

  it('keeps no timer once an answer is read, or given up', async () => {
    const clock = manualClock();
    const { egress, url } = await open((_, response) => response.end('all'), { clock });
    await (await egress.fetch(url)).text();
    expect(clock.pendingTimers).toBe(0);
    await (await egress.fetch(url)).body?.cancel();
    expect(clock.pendingTimers).toBe(0);
    await caught(egress.fetch('http://10.0.0.1/'));
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends with the signal of the caller, for the caller’s own reason', async () => {
    const { egress, url } = await open((_, response) => response.write('begun'));
    const controller = new AbortController();
    const answer = await egress.fetch(url, { signal: controller.signal });
    const text = answer.text().catch((error: unknown) => error);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await text).toBe(reason);
    expect(
      await egress.fetch(url, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error),
    ).toBe(reason);
  });

  it('tells of a connection that fails, and names no more than the host', async () => {
    const { egress, url } = await open((request) => request.socket.destroy());
    const error = await egress.fetch(`${url}path-secret?q=query-secret`).catch((thrown: unknown) => thrown);
    expect(reasonOf(error)).toBe('network');
    expect(String(error)).toContain('api.example');
    expect(String(error)).not.toMatch(/secret/);
    expect(error).toMatchObject({ cause: new Error('UND_ERR_SOCKET') });
  });

  it('keeps no byte of an answer that it cannot parse', async () => {
    const { egress, url } = await open((request) =>
      request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{"access_token":"token-secret"}'),
    );
    const error = await egress.fetch(url).catch((thrown: unknown) => thrown);
    expect(reasonOf(error)).toBe('network');
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('token-secret');
  });

  it('names an option that is wrong', () => {
    expect(() => createEgress({ allowNetworks: ['10.0.0.0/99'] })).toThrow(/allowNetworks/);
    expect(() => createEgress({ ports: [0] })).toThrow(/ports/);
    expect(() => createEgress({ timeoutMs: 0 })).toThrow(RangeError);
    expect(() => createEgress({ maxRedirects: 11 })).toThrow(RangeError);
  });
});
