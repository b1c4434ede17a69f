import { describe, expect, test } from 'vitest';
import { isPreflight } from '../../src/http/origins.ts';
import { get, startRig } from './rig.ts';

const routes = [get('/things', () => ({ body: [] }))];
const app = 'https://app.example';
const rig = (more: object = {}) => startRig({ routes, origins: [app], ...more });

describe('the name of the service', () => {
  test.each(['api.example', 'API.Example', 'api.example:443', 'api.example:'])(
    'may be written %s',
    async (host) => {
      const { ask } = await rig({ hosts: ['api.example'] });
      expect((await ask('/things', { headers: { host } })).status).toBe(200);
    },
  );

  test.each([
    'localhost',
    'api.example.evil.example',
    'api.example:80:80',
    'xapi.example',
    'api.example:80a',
  ])('is not %s', async (host) => {
    const { ask } = await rig({ hosts: ['api.example'] });
    const answer = await ask('/things', { headers: { host } });
    expect(answer).toMatchObject({ status: 421, json: { type: 'urn:holdfast:problem:misdirected' } });
  });
});

describe('a page', () => {
  test.each(['http', 'https'])('of the service itself may use it over %s', async (scheme) => {
    const { ask, port } = await rig();
    const host = `localhost:${port}`;
    const answer = await ask('/things', { headers: { host, origin: `${scheme}://${host}` } });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('of another port of this machine is another one', async () => {
    const { ask, port } = await rig();
    const host = `localhost:${port}`;
    expect((await ask('/things', { headers: { host, origin: 'http://localhost:1' } })).status).toBe(403);
  });

  test('that is named sees what it needs to come again', async () => {
    const { ask } = await rig();
    const { headers } = await ask('/things', { headers: { origin: app } });
    expect(headers['access-control-expose-headers']).toBe(
      'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
    );
  });

  test('that is named is told why it is refused', async () => {
    const { ask } = await rig();
    const answer = await ask('/nothing', { headers: { origin: app } });
    expect(answer).toMatchObject({ status: 404, headers: { 'access-control-allow-origin': app } });
  });
});

describe('what a page may do', () => {
  const asking = { origin: app, 'access-control-request-method': 'GET' };

  test('is told for a while, and counts as no request', async () => {
    const { ask } = await rig();
    const { status, headers, text } = await ask('/things', { method: 'OPTIONS', headers: asking });
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers':
        'Authorization, Content-Type, Idempotency-Key, If-Match, Traceparent, X-Api-Key, X-Request-Id',
      'access-control-max-age': '600',
    });
    expect(headers).not.toHaveProperty('ratelimit');
  });

  test('is nothing where nothing is', async () => {
    const { ask } = await rig();
    const { headers } = await ask('/nothing', { method: 'OPTIONS', headers: asking });
    expect(headers['access-control-allow-methods']).toBe('');
  });

  test.each<[string, string, object]>([
    ['another method', 'GET', asking],
    ['nobody who asks', 'OPTIONS', { 'access-control-request-method': 'GET' }],
    ['nothing that is asked', 'OPTIONS', { origin: app }],
  ])('is not asked by %s', (_what, method, headers) => {
    expect(isPreflight({ method, headers } as never)).toBe(false);
    expect(isPreflight({ method: 'OPTIONS', headers: asking } as never)).toBe(true);
  });
});
