import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { BackendError, BrokerError } from '@holdfast/credential-broker';
import { EgressError } from '@holdfast/credential-broker/egress';
import {
  createForwardProxy,
  InjectionError,
  type ForwardProxyOptions,
} from '@holdfast/credential-broker/injection';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it, vi } from 'vitest';
import { AGENT } from '../../broker/rig.ts';
import { CANARY } from '../../broker/stub-backend.ts';
import { anInjector } from '../rig.ts';
import { aConnection, ask, aProxy, BASIC, head, raw } from './proxy-rig.ts';

describe('createForwardProxy', () => {
  it('makes the call of a client with a secret that the client never sees', async () => {
    const echo: RequestListener = (request, response) =>
      response
        .setHeader('content-type', 'text/plain')
        .end(`${request.method} ${request.headers.authorization}`);
    const { injector, handle, origin, seen } = await anInjector({ listener: echo });
    const { port } = await aProxy(async (_, principal, request) =>
      injector.fetch(await handle(), principal, request),
    );
    const { status, headers, body } = await ask(port, `${origin}/v1/orders/7?a=1`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer mine',
        'content-type': 'text/plain',
        'proxy-connection': 'keep-alive',
      },
      body: 'hello',
    });
    expect([status, headers['content-type'], body]).toEqual([
      200,
      'text/plain',
      'POST Bearer [redacted]-1'.replace('-1', ''),
    ]);
    expect(seen).toMatchObject([{ url: '/v1/orders/7?a=1', body: 'hello' }]);
    expect(seen[0]?.headers['authorization']).toBe(`Bearer ${CANARY}-1`);
    expect(seen[0]?.headers).not.toHaveProperty('proxy-authorization');
    const denied = await ask(port, `${origin}/v1/users`);
    expect([denied.status, denied.headers['content-type']]).toEqual([403, 'application/problem+json']);
    expect(JSON.parse(denied.body)).toEqual({
      title: `no rule allows GET to ${origin} with this credential`,
      status: 403,
    });
  });

  it('speaks HTTPS for a client that cannot, where the rule is for that', async () => {
    const sent: string[] = [];
    const fetch = async (url: string | URL) => {
      sent.push(String(url));
      return new Response('done');
    };
    const { injector, handle } = await anInjector({
      rule: { origin: 'https://api.example' },
      options: { egress: { fetch, check: async () => {}, close: async () => {} } },
    });
    const { port } = await aProxy(async (_, principal, request) =>
      injector.fetch(await handle(), principal, request),
    );
    expect((await ask(port, 'http://api.example/v1/orders/7')).body).toBe('done');
    expect((await ask(port, 'http://api.example:8443/v1/orders/7')).status).toBe(403);
    expect(sent).toEqual(['https://api.example/v1/orders/7']);
    // Those who do not ask for it are taken at their word.
    const plain = injector.fetch(await handle(), AGENT, { url: 'http://api.example/v1/orders/7' });
    await expect(plain).rejects.toMatchObject({ reason: 'denied' });
  });

  it('asks who it is, and leaves fields of the connection behind', async () => {
    const { port, asked } = await aProxy();
    for (const field of [
      '',
      'Basic',
      'Basic !',
      'Bearer x',
      `Basic ${Buffer.from('nobody').toString('base64')}`,
    ]) {
      const { status, headers } = await ask(port, 'http://api.example/', {
        headers: { 'proxy-authorization': field },
      });
      expect([status, headers['proxy-authenticate']]).toEqual([
        407,
        'Basic realm="holdfast", charset="UTF-8"',
      ]);
    }
    expect(asked).toEqual([]);
    await ask(port, 'http://api.example/', {
      headers: { connection: 'close, X-Mine', 'x-mine': '1', 'x-other': '2' },
    });
    const headers = new Headers(asked[0]?.headers);
    expect([headers.get('x-mine'), headers.get('x-other')]).toEqual([null, '2']);
  });

  it('gives everybody else the request to tell who it is by', async () => {
    const authenticate = vi.fn<ForwardProxyOptions['authenticate']>(async (request) =>
      request.headers['proxy-authorization'] === 'Bearer good'
        ? { principal: AGENT, handle: 'h' }
        : undefined,
    );
    const { port } = await aProxy(undefined, { authenticate });
    expect(
      (await ask(port, 'http://api.example/', { headers: { 'proxy-authorization': 'Bearer good' } })).status,
    ).toBe(200);
    authenticate.mockRejectedValueOnce(new Error(CANARY));
    const failed = await ask(port, 'http://api.example/');
    expect([failed.status, failed.body]).toEqual([500, '{"title":"the proxy failed","status":500}']);
  });

  it('refuses tunnels and says why', async () => {
    const { port } = await aProxy();
    const answer = await raw(port, head('CONNECT api.example:443 HTTP/1.1', 'Host: api.example:443'));
    expect(answer).toMatch(/^HTTP\/1\.1 405 /);
    expect(answer).toContain('ask it for http:// URLs');
  });

  it('is no server: a path alone leads nowhere', async () => {
    const { port, asked } = await aProxy();
    for (const url of ['/', '/http://api.example/', '//api.example/', 'ftp://api.example/', '*']) {
      expect((await ask(port, url, { method: 'OPTIONS' })).status).toBe(400);
    }
    expect(asked).toEqual([]);
  });

  it.each([
    [new InjectionError('request', 'm'), 400],
    [new InjectionError('response', 'm'), 502],
    [new InjectionError('credential', 'm'), 502],
    [new EgressError('timeout', 'm'), 504],
    [new EgressError('address', 'm'), 502],
    [new BrokerError('ERR_BROKER_UNKNOWN', 'm'), 403],
    [new BrokerError('ERR_BROKER_PROOF_REQUIRED', 'm'), 403],
    [new BrokerError('ERR_BROKER_RATE_LIMITED', 'm', { retryAfterMs: 1_500 }), 429],
    [new BrokerError('ERR_BROKER_AUDIT', 'm'), 503],
    [new BackendError('unavailable', CANARY), 503],
    [new TypeError(CANARY), 500],
  ])('answers %o with a problem', async (error, status) => {
    const { port } = await aProxy(() => Promise.reject(error));
    const answer = await ask(port, 'http://api.example/');
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain(CANARY);
    expect(answer.headers['retry-after']).toBe(status === 429 ? '2' : undefined);
  });

  it('breaks an answer off where it cannot be read on, rather than ending it', async () => {
    const broken = () =>
      new ReadableStream({
        start: (to) => to.enqueue(new TextEncoder().encode('half')),
        pull: (to) => to.error(new EgressError('size', 'm')),
      });
    const { port } = await aProxy(async () => new Response(broken()));
    await expect(ask(port, 'http://api.example/')).rejects.toThrow(/aborted|hang up/);
  });

  it('ends the call when the client leaves', async () => {
    let signal: AbortSignal | undefined;
    const { port } = await aProxy((_, _principal, request) => {
      signal = request.signal;
      return new Promise((_resolve, reject) =>
        request.signal?.addEventListener('abort', () => reject(new Error('left'))),
      );
    });
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(head('GET http://api.example/ HTTP/1.1', 'Host: a', `Proxy-Authorization: ${BASIC}`)),
    );
    await expect.poll(() => signal).toBeDefined();
    socket.destroy();
    await expect.poll(() => signal?.aborted).toBe(true);
  });

  it('closes once what came is answered, and takes nothing more', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { proxy, port, asked } = await aProxy(async () => {
      await held;
      return new Response('late');
    });
    // A client that keeps its connection for more requests.
    const answer = raw(
      port,
      head('GET http://api.example/ HTTP/1.1', 'Host: a', `Proxy-Authorization: ${BASIC}`),
    );
    await expect.poll(() => asked.length).toBe(1);
    let isClosed = false;
    const closed = proxy.close().then(() => (isClosed = true));
    await expect(ask(port, 'http://api.example/')).rejects.toThrow('ECONNREFUSED');
    expect(isClosed).toBe(false);
    release();
    await closed;
    expect(await answer).toMatch(/late/);
    await proxy.close();
  });

  it.each([
    ['is silent', ''],
    ['sent half a request', 'GET http://api.example/ HTTP/1.1\r\n'],
    ['keeps a tunnel that was refused', head('CONNECT api.example:443 HTTP/1.1', 'Host: a')],
  ])('closes at once where a client %s', async (_, text) => {
    const clock = manualClock();
    const { proxy, port } = await aProxy(undefined, { clock });
    await aConnection(port, text);
    await proxy.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it.each([
    ['a body', 'Content-Length: 5'],
    ['an answer', 'Content-Length: 0'],
  ])('waits no longer than it should for %s that does not come', async (_, length) => {
    const clock = manualClock();
    const options = { clock, closeTimeoutMs: 5_000 };
    const { proxy, port } = await aProxy(() => new Promise(() => {}), options);
    const lines = ['POST http://api.example/ HTTP/1.1', 'Host: a', `Proxy-Authorization: ${BASIC}`, length];
    await aConnection(port, head(...lines, 'Expect: 100-continue'), /100 Continue/);
    let isClosed = false;
    const closed = proxy.close().then(() => (isClosed = true));
    await clock.advance(4_999);
    expect(isClosed).toBe(false);
    await clock.advance(1);
    await closed;
    expect(clock.pendingTimers).toBe(0);
  });

  it('takes no more connections than it may', async () => {
    const { port } = await aProxy(undefined, { maxConnections: 1 });
    await aConnection(port, '');
    await expect(ask(port, 'http://api.example/')).rejects.toThrow(/hang up|ECONNRESET|EPIPE/);
  });

  it('keeps no connection of a tunnel that was refused', async () => {
    const { port } = await aProxy(undefined, { maxConnections: 1 });
    // Its own end stays open.
    await aConnection(port, head('CONNECT api.example:443 HTTP/1.1', 'Host: a'), /405/);
    const next = () => ask(port, 'http://api.example/').catch(() => undefined);
    expect((await vi.waitUntil(next, { timeout: 20_000 })).status).toBe(200);
  });

  it('binds this machine alone, and says when a port is taken', async () => {
    const { proxy, port } = await aProxy();
    const other = createForwardProxy({
      injector: { fetch: async () => new Response() },
      authenticate: () => undefined,
    });
    await expect(other.listen(port)).rejects.toThrow('EADDRINUSE');
    expect((await other.listen()).host).toBe('127.0.0.1');
    await other.close();
    await proxy.close();
  });

  it('checks its options', () => {
    const authenticate = () => undefined;
    const injector = { fetch: async () => new Response() };
    expect(() => createForwardProxy({ authenticate } as never)).toThrow(
      'createForwardProxy: injector must be given',
    );
    expect(() => createForwardProxy({ injector } as never)).toThrow(
      'createForwardProxy: authenticate must be given',
    );
    expect(() => createForwardProxy({ injector, authenticate, requestTimeoutMs: 1 })).toThrow(
      'requestTimeoutMs must be',
    );
    expect(() => createForwardProxy({ injector, authenticate, maxConnections: 0 })).toThrow(
      'maxConnections must be',
    );
    expect(() => createForwardProxy({ injector, authenticate, closeTimeoutMs: -1 })).toThrow(
      'closeTimeoutMs must be',
    );
  });
});
