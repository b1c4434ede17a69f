import { slidingWindow } from '@holdfast/limiter';
import { TokenError } from '@holdfast/credential-broker';
import { describe, expect, test } from 'vitest';
import { createAuthenticator } from '../../src/auth/authenticator.ts';
import type { Identity } from '../../src/auth/identity.ts';
import { KeysUnavailableError } from '../../src/auth/remote-keys.ts';
import { addressKey, clientAddress } from '../../src/http/client-address.ts';
import { get, post, startRig } from './rig.ts';

const routes = [
  get('/things', () => ({ body: [] })),
  post('/things', () => ({ status: 201 })),
  get('/page', () => ({
    body: '<p>',
    headers: { 'Content-Type': 'text/html', 'Cache-Control': 'max-age=60' },
  })),
];
const origin = (value: string, more: object = {}) => ({ headers: { origin: value, ...more } });

describe('browsers', () => {
  test('are told to take nothing for granted', async () => {
    const { ask } = await startRig({ routes });
    for (const path of ['/things', '/nowhere', '/livez', '/metrics']) {
      const { headers } = await ask(path);
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers).not.toHaveProperty('x-powered-by');
    }
    expect((await ask('/page')).headers['cache-control']).toBe('max-age=60');
  });

  test.each([
    'https://evil.example',
    'null',
    'https://app.example.evil.example',
    'http://app.example',
    'file://',
  ])('get nothing for a page of %s', async (from) => {
    const { ask } = await startRig({ routes, origins: ['https://app.example'] });
    for (const method of ['GET', 'POST']) {
      const answer = await ask('/things', { method, ...origin(from) });
      expect(answer.status).toBe(403);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    }
    const asked = origin(from, { 'access-control-request-method': 'POST' });
    expect((await ask('/things', { method: 'OPTIONS', ...asked })).status).toBe(403);
  });

  test('get what is allowed for a page that is named, and never credentials', async () => {
    const { ask } = await startRig({ routes, origins: ['https://app.example'] });
    const allowed = await ask('/things', origin('https://app.example'));
    expect(allowed).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://app.example', vary: 'Origin' },
    });
    const asked = origin('https://app.example', { 'access-control-request-method': 'DELETE' });
    const preflight = await ask('/things', { method: 'OPTIONS', ...asked });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-methods': 'GET, HEAD, POST' },
    });
    for (const { headers } of [allowed, preflight])
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('get what they ask for the own pages of the service', async () => {
    const { ask, port } = await startRig({ routes });
    const host = `localhost:${port}`;
    expect((await ask('/things', origin(`http://${host}`, { host }))).status).toBe(200);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    'evil.example:80',
    '169.254.169.254',
    'localhost:80:80',
  ])('get nothing by the name %j', async (host) => {
    const { ask } = await startRig({ routes });
    expect([400, 421]).toContain((await ask('/things', { headers: { host } })).status);
  });
});

describe('the limit of a client', () => {
  const twoAMinute = (more: object = {}) =>
    startRig({ routes, limit: { rule: slidingWindow({ limit: 2, windowMs: 60_000 }) }, ...more });

  test('is 60 a minute, also for a hundred who come at once', async () => {
    const { ask, as } = await startRig({ routes });
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask('/things', as('u/acme'))));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(40);
  });

  test('is told in headers, with the time to come again', async () => {
    const { ask, as, clock } = await twoAMinute();
    expect((await ask('/things', as('u/acme'))).headers).toMatchObject({
      'ratelimit-policy': '"per-identity";q=2;w=60',
      ratelimit: expect.stringMatching(/^"per-identity";r=1;/) as unknown,
    });
    expect((await ask('/things')).headers['ratelimit']).toMatch(/^"per-address";r=1;/);
    expect((await ask('/things', as('forged'))).headers['ratelimit']).toMatch(/^"failed-credentials";r=1;/);
    await ask('/things', as('u/acme'));
    const refused = await ask('/things', as('u/acme'));
    expect(refused).toMatchObject({ status: 429, json: { type: 'urn:holdfast:problem:rate-limited' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    await clock.advance(120_000);
    expect((await ask('/things', as('u/acme'))).status).toBe(200);
  });

  test('counts identities apart, tenants too, and those without one by address', async () => {
    const { ask, as } = await twoAMinute();
    const statusOf = async (token?: string) =>
      (await ask('/things', token === undefined ? {} : as(token))).status;
    for (const token of ['u/acme', 'u/other', 'v/acme', undefined]) {
      expect([await statusOf(token), await statusOf(token), await statusOf(token)]).toEqual([200, 200, 429]);
    }
  });

  test('is one for each identity, however many strangers there are', async () => {
    const { ask, as } = await twoAMinute({
      limit: { rule: slidingWindow({ limit: 2, windowMs: 60_000 }), maxKeys: 1 },
      trustedProxies: ['127.0.0.0/8'],
    });
    const statuses = [];
    for (let i = 0; i < 6; i++)
      statuses.push((await ask('/things', { headers: { 'x-forwarded-for': `203.0.113.${i}` } })).status);
    // Strangers for whom there is no room share one limit; the identity has its own.
    expect(statuses).toEqual([200, 200, 200, 429, 429, 429]);
    expect((await ask('/things', as('u/acme'))).status).toBe(200);
    expect((await ask('/things', as('u/acme'))).status).toBe(200);
    expect((await ask('/things', as('u/acme'))).status).toBe(429);
  });

  test('is one for all whose address nobody can tell', async () => {
    const { ask } = await twoAMinute({ trustedProxies: ['127.0.0.0/8'] });
    const statuses = [];
    for (const address of ['_hidden', 'unknown', '127.0.0.1'])
      statuses.push((await ask('/things', { headers: { 'x-forwarded-for': address } })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test.each([
    'x-forwarded-for',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
  ])('is not passed by with %s', async (name) => {
    const { ask } = await twoAMinute();
    const statuses = [];
    for (let i = 0; i < 3; i++)
      statuses.push((await ask('/things', { headers: { [name]: `203.0.113.${i}` } })).status);
    expect(statuses).toEqual([200, 200, 429]);
  });

  test('makes no operator of whom a proxy on this machine cannot tell', async () => {
    const { ask } = await startRig({ trustedProxies: ['127.0.0.0/8'] });
    for (const address of ['somebody', '127.0.0.1', '::1', '127.0.0.1:80'])
      expect((await ask('/metrics', { headers: { 'x-forwarded-for': address } })).status).toBe(403);
    expect((await ask('/metrics')).status).toBe(200);
  });

  test('counts by what a trusted proxy says, and not by what the client told the proxy', async () => {
    const { ask } = await twoAMinute({ trustedProxies: ['127.0.0.0/8'] });
    const from = (addresses: string) => ask('/things', { headers: { 'x-forwarded-for': addresses } });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await from(`198.51.100.${i}, 203.0.113.7`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await from('203.0.113.8')).status).toBe(200);
  });
});

describe('guessing', () => {
  const rule = slidingWindow({ limit: 3, windowMs: 60_000 });

  /** Counts what is verified: `right` is the only good credential, and `down` cannot be told. */
  async function guarded(more: object = {}) {
    const verified: string[] = [];
    const tokens = async (token: string): Promise<Identity> => {
      verified.push(token);
      await Promise.resolve();
      if (token === 'down') throw new KeysUnavailableError(1_000, new Error('no answer'));
      if (token === 'broken') throw new Error('our mistake');
      if (!token.startsWith('right')) throw new TokenError('signature', 'forged');
      return { id: token, tenant: 'acme', type: 'user' };
    };
    const authenticator = createAuthenticator({ realm: 'test', tokens });
    const rig = await startRig({ routes, authenticator, limit: { rule }, ...more });
    const statusOf = async (token: string, headers = {}) =>
      (await rig.ask('/things', { headers: { ...rig.as(token).headers, ...headers } })).status;
    return { ...rig, verified, statusOf };
  }

  test('ends before anything is verified, so that who guesses right learns nothing', async () => {
    const { statusOf, verified, clock } = await guarded();
    for (let i = 0; i < 3; i++) expect(await statusOf(`wrong-${i}`)).toBe(401);
    expect([await statusOf('wrong-3'), await statusOf('right')]).toEqual([429, 429]);
    expect(verified).toEqual(['wrong-0', 'wrong-1', 'wrong-2']);
    await clock.advance(120_000);
    expect(await statusOf('right')).toBe(200);
  });

  test('is no faster by many at once', async () => {
    const { statusOf, verified } = await guarded();
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => statusOf(`wrong-${i}`)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(47);
    expect(verified).toHaveLength(3);
  });

  test('is what malformed credentials are, too', async () => {
    const { ask, statusOf } = await guarded();
    const malformed = { headers: { authorization: 'Bearer two words' } };
    for (let i = 0; i < 3; i++) expect((await ask('/things', malformed)).status).toBe(400);
    expect((await ask('/things', malformed)).status).toBe(429);
    expect(await statusOf('right')).toBe(429);
  });

  test('is not what those do who are right, however many of them come at once', async () => {
    const { statusOf, verified } = await guarded();
    const statuses = await Promise.all(Array.from({ length: 50 }, (_, i) => statusOf(`right-${i}`)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(verified).toHaveLength(50);
  });

  test.each([
    ['down', 503],
    ['broken', 500],
  ])('is not what goes wrong on our side: %s', async (token, status) => {
    const { statusOf } = await guarded();
    for (let i = 0; i < 4; i++) expect(await statusOf(token)).toBe(status);
    expect(await statusOf('right')).toBe(200);
  });

  test('is not what those do who give no credentials', async () => {
    const { ask, statusOf } = await guarded();
    for (let i = 0; i < 4; i++) await ask('/things');
    expect(await statusOf('right')).toBe(200);
  });

  test('of one address is not held against another', async () => {
    const { statusOf } = await guarded({ trustedProxies: ['127.0.0.0/8'] });
    const from = (address: string) => ({ 'x-forwarded-for': address });
    for (let i = 0; i < 4; i++) await statusOf('wrong', from('2001:db8:1:2::9'));
    expect(await statusOf('right', from('2001:db8:1:2:3::1'))).toBe(429);
    expect(await statusOf('right', from('2001:db8:1:3::1'))).toBe(200);
  });
});

describe('an address', () => {
  const trusted = clientAddress(['10.0.0.0/8', '2001:db8::/32']);
  const of = (remoteAddress: string, ...forwarded: string[]) =>
    trusted({ socket: { remoteAddress } as never, headersDistinct: { 'x-forwarded-for': forwarded } });

  test.each<[string, string, ...string[]]>([
    ['192.0.2.1', '192.0.2.1', '203.0.113.1'],
    ['203.0.113.1', '10.1.2.3', '203.0.113.1'],
    ['203.0.113.1', '::ffff:10.1.2.3', '198.51.100.1, 203.0.113.1, 10.9.9.9'],
    ['203.0.113.1', '10.1.2.3', '198.51.100.1', '203.0.113.1'],
    ['203.0.113.1', '2001:db8::5', '::ffff:203.0.113.1'],
    ['203.0.113.1', '10.1.2.3', '203.0.113.1:4711'],
    ['203.0.113.1', '10.1.2.3', '203.0.113.1, 10.1.1.1:80'],
    ['2001:db9::1', '10.1.2.3', '[2001:db9::1]:4711'],
    ['2001:db9::1', '10.1.2.3', '[2001:db9::1]'],
    ['unknown', '10.1.2.3', 'unknown'],
    ['unknown', '10.1.2.3', '203.0.113.1, _hidden'],
    ['unknown', '10.1.2.3', '203.0.113.1:port'],
    ['unknown', '10.1.2.3', ''],
    ['unknown', '10.1.2.3', '127.0.0.1'],
    ['unknown', '10.1.2.3', '127.8.8.8:80'],
    ['unknown', '10.1.2.3', '::1'],
    ['unknown', '10.1.2.3', '[0:0::1]:80'],
    ['unknown', '10.1.2.3', '::ffff:127.0.0.1'],
    ['127.0.0.1', '127.0.0.1', '203.0.113.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.0.0.1', '10.1.2.3', '10.0.0.1'],
  ])('is %s for a socket of %s', (expected, remoteAddress, ...forwarded) => {
    expect(of(remoteAddress, ...forwarded)).toBe(expected);
  });

  test('is looked for behind twenty proxies at most', () => {
    const proxies = Array.from({ length: 25 }, (_, i) => `10.0.0.${i + 1}`);
    expect(of('10.9.9.9', ['203.0.113.1', ...proxies.slice(0, 19)].join())).toBe('203.0.113.1');
    expect(of('10.9.9.9', ['203.0.113.1', ...proxies].join())).toBe('10.0.0.6');
  });

  test('of a socket that is closed already is none', () => {
    const closed = { socket: {} as never, headersDistinct: {} };
    expect(trusted(closed)).toBe('');
  });

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  test.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '10.0.0.0/', '::/129', ''])(
    '%j is no network',
    (network) => {
      expect(() => clientAddress([network])).toThrow(TypeError);
    },
  );
});
