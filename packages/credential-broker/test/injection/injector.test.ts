import { InjectionError, type InjectedRequest } from '@holdfast/credential-broker/injection';
import { createEgress, EgressError } from '@holdfast/credential-broker/egress';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AGENT, ANN, expectCode, STRANGER, WORKER } from '../broker/rig.ts';
import { CANARY } from '../broker/stub-backend.ts';
import { anInjector, aRule, type Seen } from './rig.ts';

const reasonOf = (error: unknown) =>
  error instanceof InjectionError || error instanceof EgressError ? error.reason : error;
const caught = (promise: Promise<unknown>) => promise.then(() => 'fulfilled', reasonOf);

describe('createInjector', () => {
  it('calls with a secret that the one who asks never sees, and writes the use down', async () => {
    const { fetch, seen, log } = await anInjector({ listener: (_, response) => response.end('7 orders') });
    const answer = await fetch('/v1/orders/7');
    expect(await answer.text()).toBe('7 orders');
    expect(seen).toMatchObject([{ method: 'GET', url: '/v1/orders/7' }]);
    expect(seen[0]?.headers['authorization']).toBe(`Bearer ${CANARY}-1`);
    expect(log.at(-1)).toMatchObject({
      action: 'credential.redeemed',
      outcome: 'success',
      details: { use: { rule: 'orders', method: 'GET' } },
    });
  });

  it.each(['injected', 'reference'] as const)(
    'takes leases of mode %s from their redeemer alone',
    async (mode) => {
      const { injector, handle, origin, seen } = await anInjector();
      const theirs = await handle({ mode });
      const request = { url: `${origin}/v1/orders/7` };
      for (const other of [WORKER, ANN, STRANGER]) {
        await expectCode(injector.fetch(theirs, other, request), 'ERR_BROKER_UNKNOWN');
      }
      await injector.fetch(theirs, AGENT, request);
      await expectCode(injector.fetch(theirs, AGENT, request), 'ERR_BROKER_UNKNOWN');
      expect(seen).toHaveLength(1);
    },
  );

  it('refuses a method in a parameter, in place of the one that the rule allows', async () => {
    const { fetch, seen } = await anInjector();
    const headers = { 'content-type': 'Application/x-www-form-urlencoded; charset=utf-8' };
    for (const name of ['_method', '_METHOD', '%5Fmethod']) {
      const text = `a=1&${name}=DELETE`;
      expect(await caught(fetch(`/v1/orders/7?${text}`))).toBe('denied');
      for (const body of [text, Buffer.from(text)])
        expect(await caught(fetch('/v1/orders/7', { method: 'POST', headers, body }))).toBe('denied');
    }
    expect(seen).toEqual([]);
    await fetch('/v1/orders/7?method=_method');
    expect(seen).toHaveLength(1);
  });

  it('looks into no body that no rule is for', async () => {
    const { fetch } = await anInjector();
    const request = { method: 'POST', body: '_method=DELETE' };
    await expect(fetch('https://other.example/', request)).rejects.toThrow('no rule allows POST');
  });

  it('leaves a lease for one use as it is when a request is refused', async () => {
    const { injector, handle, origin, port, seen, db, log } = await anInjector({
      rule: { inject: [{ into: 'json', pointer: '/auth/token', template: '{password}' }] },
    });
    const once = await handle();
    const post = (body: string, type = 'application/json') => ({
      url: `${origin}/v1/orders/7`,
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    const refused: [string, Parameters<typeof injector.fetch>[2]][] = [
      ['denied', { url: `${origin}/v1/users/7` }],
      ['denied', { url: `${origin}/v1/orders/7/items` }],
      ['denied', { url: `${origin}/v1/orders/` }],
      ['denied', { url: `${origin}/v1/orders/7`, method: 'PUT' }],
      ['denied', { url: `http://api.example:${port + 1}/v1/orders/7` }],
      ['denied', { url: `http://api.example/v1/orders/7` }],
      ['denied', { url: `https://api.example:${port}/v1/orders/7` }],
      ['denied', { url: `http://api.example.:${port}/v1/orders/7` }],
      ['denied', { url: `http://api.example.evil.example:${port}/v1/orders/7` }],
      ['request', { url: `http://api.example@evil.example:${port}/v1/orders/7` }],
      ['request', { url: `${origin}/v1/orders/../users` }],
      ['request', { url: '/v1/orders/7' }],
      ['request', { url: `${origin}/v1/orders/7`, method: 'get' }],
      ['request', { url: `${origin}/v1/orders/7`, body: 'x' }],
      ['request', { url: `${origin}/v1/orders/7`, timeoutMs: 5 } as InjectedRequest],
      ['request', { url: `${origin}/v1/orders/7?${'x'.repeat(4_096)}` }],
      ['request', { url: `${origin}/v1/orders/7`, headers: { 'x-bad': 'a\r\nb' } }],
      ['request', { url: `${origin}/v1/orders/7`, headers: { accept: 'x'.repeat(20_000) } }],
      ['request', { ...post('{"auth":{}}'), body: 'x'.repeat(1_048_577) }],
      ['request', { ...post('{"auth":{}}'), body: 7 as unknown as string }],
      ['request', post('{"auth":{}}', 'text/plain')],
      ['request', post('{"auth":{}}', 'application/json; charset=utf-16')],
      ['request', post('{"auth":"x"}')],
      ['request', post('{}')],
      ['request', post('[')],
      ['request', post('['.repeat(100_000) + ']'.repeat(100_000))],
    ];
    for (const [reason, request] of refused) {
      expect(await caught(injector.fetch(once, AGENT, request)), JSON.stringify(request).slice(0, 200)).toBe(
        reason,
      );
    }
    expect([db.count('issue'), seen.length]).toEqual([0, 0]);
    expect(log.filter(({ outcome }) => outcome === 'denied')).toHaveLength(refused.length);
    await injector.fetch(once, AGENT, post('{"auth":{}}'));
    expect(seen).toHaveLength(1);
  });

  it.each([
    '/v1/echo//admin',
    '/v1/echo/../admin',
    '/v1/echo/%2e%2e/admin',
    '/v1/echo/%2E%2E%2Fadmin',
    '/v1/echo/..%2fadmin',
    '/v1/echo/..;/admin',
    String.raw`/v1/echo/..\admin`,
    '/v1/echo/..%5Cadmin',
    '/v1/echo/%252e%252e/admin',
    '/v1/echo/%C0%AE%C0%AE/admin',
    '/v1/echo/a%00',
    '/v1/echo/\ta',
  ])('refuses %j, which servers read in several ways', async (path) => {
    const { injector, handle, origin, seen } = await anInjector();
    const theirs = await handle();
    expect(await caught(injector.fetch(theirs, AGENT, { url: origin + path }))).toBe('request');
    // A URL that was read already is held against the rules as it is.
    const url = new URL(origin + path);
    expect(await caught(injector.fetch(theirs, AGENT, { url }))).toMatch(/^(request|denied|fulfilled)$/);
    for (const one of seen) expect(one.url).toBe('/v1/echo/a');
  });

  it('asks of the lease what a rule asks: reference, scope and audience', async () => {
    const { injector, handle, origin } = await anInjector({
      rules: (at) => [
        { ...aRule(at), id: 'write', methods: ['DELETE'], scope: 'write' },
        { ...aRule(at), id: 'read', methods: ['GET'], scope: 'read' },
      ],
    });
    const get = { url: `${origin}/v1/orders/7` };
    const remove = { ...get, method: 'DELETE' };
    const reader = await handle({ scope: ['read'] });
    expect(await caught(injector.fetch(reader, AGENT, remove))).toBe('denied');
    expect((await injector.fetch(reader, AGENT, get)).status).toBe(200);
    expect((await injector.fetch(await handle({ scope: ['write'] }), AGENT, remove)).status).toBe(200);
    const elsewhere = await handle({ audience: 'https://other.example' });
    expect(await caught(injector.fetch(elsewhere, AGENT, get))).toBe('denied');
    expect((await injector.fetch(await handle({ audience: origin }), AGENT, get)).status).toBe(200);
    const other = await handle({ resource: { type: 'database', ref: 'db://test/orders' } });
    expect(await caught(injector.fetch(other, AGENT, get))).toBe('denied');
  });

  it('sends nothing of the client that says who asks, how it is connected, or another method or path', async () => {
    const { fetch, seen } = await anInjector({ rule: { requestHeaders: ['x-api-version'] } });
    await fetch('/v1/orders/7', {
      headers: {
        authorization: 'Bearer of the client',
        dpop: 'proof',
        cookie: 'a=b',
        'proxy-authorization': 'Basic eDp5',
        'x-http-method-override': 'DELETE',
        'x-original-url': '/admin',
        'x-forwarded-for': '10.0.0.1',
        range: 'bytes=0-3',
        'accept-encoding': 'zstd',
        host: 'evil.example',
        connection: 'accept',
        accept: 'text/plain',
        'x-api-version': '7',
      },
    });
    const headers: Seen['headers'] = seen[0]?.headers ?? {};
    expect(headers).toMatchObject({ accept: 'text/plain', 'x-api-version': '7' });
    expect(headers['authorization']).toBe(`Bearer ${CANARY}-1`);
    expect(headers['host']).toMatch(/^api\.example:/);
    for (const name of [
      'dpop',
      'cookie',
      'x-http-method-override',
      'x-original-url',
      'x-forwarded-for',
      'range',
    ])
      expect(headers).not.toHaveProperty(name);
    expect(headers['accept-encoding']).not.toContain('zstd');
  });

  it('hands on those header fields of an answer that describe it, and others where the rule names them', async () => {
    const { fetch } = await anInjector({
      listener: (_, response) =>
        response
          .writeHead(201, 'Made', { 'set-cookie': 'sid=1', 'x-debug': '1', etag: '"7"', 'x-more': '2' })
          .end('hello'),
      rule: { responseHeaders: ['x-more'] },
    });
    const answer = await fetch('/v1/orders/7');
    expect([answer.status, answer.statusText]).toEqual([201, '']);
    const names = [...answer.headers.keys()];
    expect(names).toEqual(['date', 'etag', 'x-more']);
  });

  it('leaves redirects to the client, also where its way out would follow them', async () => {
    const { fetch, seen } = await anInjector({
      listener: (_, response) => response.writeHead(302, { location: '/admin' }).end(),
      egress: { maxRedirects: 5 },
    });
    const answer = await fetch('/v1/orders/7');
    expect([answer.status, answer.headers.get('location'), seen.length]).toEqual([302, '/admin', 1]);
  });

  it('goes by the way out: closed addresses stay closed, and a second answer of the resolver changes nothing', async () => {
    const closed = await anInjector({ egress: { allowNetworks: [] } });
    expect(await caught(closed.fetch('/v1/orders/7'))).toBe('address');
    let asked = 0;
    const rebound = await anInjector({
      egress: { resolve: async () => (asked++ === 0 ? ['127.0.0.1'] : ['169.254.169.254']) },
    });
    expect((await rebound.fetch('/v1/orders/7')).status).toBe(200);
    expect([asked, closed.seen.length, rebound.seen.length]).toEqual([1, 0, 1]);
  });

  it('takes only answers that it can read', async () => {
    const gzip = (body: Buffer, encoding: string) =>
      anInjector({
        listener: (_, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body),
      });
    const plain = await gzip(gzipSync('hello'), 'gzip');
    expect(await (await plain.fetch('/v1/orders/7')).text()).toBe('hello');
    for (const encoding of ['zstd', 'compress', 'gzip, x']) {
      const { fetch } = await gzip(zstdCompressSync('hello'), encoding);
      expect(await caught(fetch('/v1/orders/7'))).toBe('response');
    }
  });

  it('ends an answer that is too long, or takes too long', async () => {
    const long = await anInjector({
      listener: (_, response) => response.end('x'.repeat(1_000)),
      options: { maxResponseBytes: 999 },
    });
    expect(await caught((await long.fetch('/v1/orders/7')).text())).toBe('size');
    const bomb = await anInjector({
      listener: (_, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1_000_000))),
      options: { maxResponseBytes: 9_999 },
    });
    expect(await caught((await bomb.fetch('/v1/orders/7')).text())).toBe('size');
  });

  it('passes the reason of the caller on, in every phase', async () => {
    const reason = new Error('enough');
    const before = await anInjector();
    expect(await caught(before.fetch('/v1/orders/7', { signal: AbortSignal.abort(reason) }))).toBe(reason);
    expect(before.db.count('issue')).toBe(0);
    const during = new AbortController();
    const waiting = await anInjector({ listener: () => during.abort(reason) });
    expect(await caught(waiting.fetch('/v1/orders/7', { signal: during.signal }))).toBe(reason);
    const reading = new AbortController();
    const half = await anInjector({ listener: (_, response) => response.write('half') });
    const answer = await half.fetch('/v1/orders/7', { signal: reading.signal });
    reading.abort(reason);
    expect(await caught(answer.text())).toBe(reason);
  });

  it('tells nothing but the kind of error of what failed beneath', async () => {
    const { fetch } = await anInjector({
      listener: (request) =>
        request.socket.end(`HTTP/1.1 200 ${String(request.headers.authorization)}\r\n\0\r\n\r\n`),
    });
    const error: unknown = await fetch('/v1/orders/7?q=1').catch((one: unknown) => one);
    expect(error).toMatchObject({ reason: 'network', message: 'the connection to api.example failed' });
    expect(error).not.toHaveProperty('cause');
    const odd = await anInjector({
      options: { egress: { ...createEgress(), fetch: () => Promise.reject(new Error(CANARY)) } },
    });
    await expect(odd.fetch('/v1/orders/7')).rejects.toThrow('the request failed');
  });

  it('gives up when the credential is not what the rule wants', async () => {
    for (const inject of [
      { into: 'header', name: 'x-key', template: '{token}' },
      { into: 'header', name: 'x-key', template: '{username}' },
      { into: 'header', name: 'x-key', template: '{constructor}' },
    ] as const) {
      const { fetch, seen, redactor } = await anInjector({ rule: { inject: [inject] } });
      expect(await caught(fetch('/v1/orders/7'))).toBe('credential');
      expect(seen).toEqual([]);
      expect(redactor.clean(CANARY)).toBe(CANARY);
    }
  });
});
