import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createHealth,
  createHealthEndpoints,
  healthJson,
  plainText,
  serverJson,
  standardRoutes,
  type CheckResult,
  type Health,
  type HealthEndpointsOptions,
} from '../../src/index.ts';
import { ask, frameworks, listen } from './serving.ts';

const opened: Health[] = [];
afterEach(() => {
  for (const health of opened.splice(0)) health.close();
});

const healthOf = (state: CheckResult['state'] = 'up') => {
  const health = createHealth({
    checks: [
      { name: 'database', run: () => ({ state, reason: 'ECONNREFUSED' }), componentType: 'datastore' },
      { name: 'loop', kinds: ['liveness'], dependency: false, run: () => undefined },
    ],
  });
  opened.push(health);
  return health;
};
const operator = { headers: { authorization: 'Bearer operator' } };
const authorise: HealthEndpointsOptions['authorise'] = ({ header }) =>
  header('authorization') === 'Bearer operator';

describe.each(Object.entries(frameworks))('under %s', (_name, start) => {
  test('probes tell by their status whether they pass', async () => {
    const health = healthOf('down');
    await using server = await start(createHealthEndpoints(health));
    expect((await ask(server, '/readyz')).status).toBe(503);
    await health.start();
    const status = async (path: string) => (await ask(server, path)).status;
    expect(await status('/livez')).toBe(200);
    expect(await status('/live')).toBe(200);
    expect(await status('/startupz')).toBe(200);
    expect(await status('/readyz')).toBe(503);
    expect(await status('/ready')).toBe(503);
    expect(await status('/health')).toBe(503);
    expect(await status('/status')).toBe(503);
  });

  test('degraded passes', async () => {
    const health = healthOf('degraded');
    await health.start();
    await using server = await start(createHealthEndpoints(health));
    const answer = await ask(server, '/health');
    expect([answer.status, answer.body]).toEqual([200, '{"status":"warn"}']);
  });

  test('nothing is cached, lengths are right, and a query changes nothing', async () => {
    const health = healthOf();
    await health.start();
    await using server = await start(createHealthEndpoints(health));
    const { status, headers, body } = await ask(server, '/health?full=1');
    expect(status).toBe(200);
    expect(body).toBe('{"status":"pass"}');
    expect(headers).toMatchObject({
      'content-type': expect.stringMatching(/^application\/health\+json/) as string, // Fastify adds a charset
      'cache-control': 'no-store',
      'content-length': String(body.length),
    });
  });

  test('HEAD gets the headers of GET and no body', async () => {
    const health = healthOf();
    await health.start();
    await using server = await start(createHealthEndpoints(health));
    const answer = await ask(server, '/health', { method: 'HEAD' });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers['content-length']).toBe('17');
  });

  test('plain text is there for who asks for it', async () => {
    const health = healthOf();
    await health.start();
    await using server = await start(createHealthEndpoints(health));
    const { headers, body } = await ask(server, '/readyz', { headers: { accept: 'text/plain' } });
    expect([headers['content-type'], body]).toEqual(['text/plain; charset=utf-8', 'up\n']);
  });

  test('details are for those who are authorised', async () => {
    const health = healthOf('down');
    await health.start();
    await using server = await start(createHealthEndpoints(health, { authorise }));
    const open = await ask(server, '/status');
    const detailed = await ask(server, '/status', operator);
    expect(open.body).not.toContain('database');
    expect(JSON.parse(detailed.body)).toMatchObject({
      status: 'down',
      checks: [
        { name: 'database', reason: 'ECONNREFUSED' },
        { name: 'loop', state: 'up' },
      ],
      alerts: [{ name: 'check:database', severity: 'critical' }],
      statistics: [{ runs: 1 }, { runs: 1 }],
    });
    expect((await ask(server, '/health')).body).toBe('{"status":"fail"}');
  });

  test('everything else is left to the application', async () => {
    await using server = await start(createHealthEndpoints(healthOf()));
    expect((await ask(server, '/app')).body).toBe('app');
    expect((await ask(server, '/health', { method: 'POST' })).body).toBe('app');
  });

  test('a check that hangs does not hang the answer', async () => {
    const health = createHealth({ checks: [{ name: 'hangs', run: () => new Promise(() => undefined) }] });
    opened.push(health);
    await using server = await start(createHealthEndpoints(health, { waitMs: 20 }));
    expect((await ask(server, '/readyz')).status).toBe(503);
  });
});

describe('endpoints', () => {
  const fetched = async (
    options: HealthEndpointsOptions,
    path = '/health',
    init?: RequestInit,
    health = healthOf(),
  ) => {
    await health.start();
    const endpoints = createHealthEndpoints(health, options);
    return endpoints.fetch(new Request(`http://host${path}`, init));
  };

  test('are at the paths of Kubernetes and of older services', () => {
    expect(createHealthEndpoints(healthOf(), { prefix: '/internal' }).paths).toEqual(
      Object.keys(standardRoutes).map((path) => `/internal${path}`),
    );
  });

  test('match whole paths only', async () => {
    for (const path of ['/healthXYZ', '/health/', '/HEALTH', '/x/health', '/__proto__', '/constructor']) {
      expect(await fetched({}, path)).toBeUndefined();
    }
    expect(await fetched({}, '/health?/livez#x')).toBeInstanceOf(Response);
  });

  test('may be routes of your own, in formats of your own', async () => {
    const routes = { '/ping': { group: 'liveness', formats: [plainText()] } };
    expect(await (await fetched({ routes }, '/ping'))?.text()).toBe('up\n');
    expect(await fetched({ routes }, '/health')).toBeUndefined();
  });

  test('answer JSON as such to who accepts no other', async () => {
    const response = await fetched({}, '/health', { headers: { accept: 'application/json' } });
    expect(response?.headers.get('content-type')).toBe('application/json');
  });

  test.each([
    ['throws', () => { throw new Error('x'); }], // prettier-ignore
    ['rejects', () => Promise.reject(new Error('x'))],
    ['answers something that is not true', () => 'yes' as unknown as boolean],
    ['never answers', () => new Promise<boolean>(() => undefined)],
  ])('an authorise that %s means no', async (_case, authoriser) => {
    const onListenerError = vi.fn();
    const response = await fetched({ authorise: authoriser, onListenerError });
    expect(await response?.json()).toEqual({ status: 'pass' });
  });

  test('an asynchronous authorise is waited for', async () => {
    const response = await fetched({ authorise: async () => true });
    expect(await response?.json()).toHaveProperty('checks');
  });

  test('a request that something else has answered meanwhile is left alone', async () => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const health = healthOf();
    await health.start();
    const endpoints = createHealthEndpoints(health, { authorise: async () => true });
    {
      await using server = await listen((request, response) => {
        endpoints.node(request, response);
        response.writeHead(503).end('busy');
      });
      expect((await ask(server, '/health')).body).toBe('busy');
    }
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('a format that throws is reported, and the probe answered', async () => {
    const onListenerError = vi.fn();
    const broken = { ...healthJson(), render: () => { throw new Error('format'); } }; // prettier-ignore
    const response = await fetched({ formats: [broken], onListenerError });
    expect([response?.status, await response?.text()]).toEqual([200, 'up']);
    expect(onListenerError).toHaveBeenCalledTimes(1);
  });

  test('bodies are written when something changes, not when someone asks', async () => {
    const health = healthOf();
    await health.start();
    const render = vi.fn(() => 'body');
    const endpoints = createHealthEndpoints(health, { formats: [{ mediaTypes: ['text/plain'], render }] });
    const get = async () => (await endpoints.fetch(new Request('http://host/readyz')))?.status;
    for (let i = 0; i < 5; i++) expect(await get()).toBe(200);
    expect(render).toHaveBeenCalledTimes(1);
    health.drain();
    expect(await get()).toBe(503);
    expect(render).toHaveBeenCalledTimes(2);
  });

  test('a body with details never reaches a stranger', async () => {
    const health = healthOf();
    await health.start();
    const endpoints = createHealthEndpoints(health, { authorise });
    const get = async (init?: RequestInit) =>
      (await endpoints.fetch(new Request('http://host/health', init)))?.text();
    const [first, detailed, again] = [await get(), await get(operator), await get()];
    expect(detailed).toContain('database');
    expect(first).not.toContain('database');
    expect(again).toBe(first);
  });

  test('ten thousand probes at once, over all paths, run each check once and get one answer each', async () => {
    let letGo: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    const run = vi.fn(() => gate);
    const health = createHealth({ checks: ['a', 'b', 'c'].map((name) => ({ name, run })) });
    opened.push(health);
    void health.start();
    const endpoints = createHealthEndpoints(health, { waitMs: 60_000 });
    const probes = Array.from({ length: 10_000 }, (_, index) => {
      const at = endpoints.paths[index % endpoints.paths.length] ?? '/health';
      return endpoints.fetch(new Request(`http://host${at}?probe=${index}`));
    });
    letGo();
    const answers = await Promise.all(probes);
    // Nothing is asked for startup here, so that its probe has nothing to wait for: not yet.
    answers.forEach((response, index) =>
      expect(response?.status).toBe(
        endpoints.paths[index % endpoints.paths.length] === '/startupz' ? 503 : 200,
      ),
    );
    expect(run).toHaveBeenCalledTimes(3);
  });

  test('figures that change with every request are written anew for each, the rest is not', async () => {
    let clients = 0;
    const health = healthOf();
    await health.start();
    const live = { ...serverJson({ figures: () => ({ clients: clients++ }) }) };
    const still = { mediaTypes: ['text/plain'], render: vi.fn(() => 'body') };
    const endpoints = createHealthEndpoints(health, {
      routes: {
        '/live': { group: 'overall', formats: [live] },
        '/still': { group: 'overall', formats: [still] },
      },
    });
    const get = async (at: string) => (await endpoints.fetch(new Request(`http://host${at}`)))?.text();
    expect(JSON.parse((await get('/live')) ?? '')).toMatchObject({ status: 'healthy', clients: 0 });
    expect(JSON.parse((await get('/live')) ?? '')).toMatchObject({ clients: 1 });
    for (let i = 0; i < 3; i++) await get('/still');
    expect(still.render).toHaveBeenCalledTimes(1);
  });

  test('without an application behind them, what is not theirs is not found', async () => {
    const endpoints = createHealthEndpoints(healthOf());
    await using server = await listen((request, response) => endpoints.node(request, response));
    expect((await ask(server, '/nowhere')).status).toBe(404);
  });

  test('have the prefix that Fastify registers them with', async () => {
    const { default: fastify } = await import('fastify');
    const app = fastify();
    const health = healthOf();
    await health.start();
    await app.register(createHealthEndpoints(health).fastify, { prefix: '/internal' });
    expect((await app.inject('/internal/readyz')).statusCode).toBe(200);
    expect((await app.inject('/readyz')).statusCode).toBe(404);
    await app.close();
  });

  test.each<[HealthEndpointsOptions, string]>([
    [{ prefix: 'internal' }, "prefix must be '' or a path"],
    [{ prefix: '/x/' }, "prefix must be '' or a path"],
    [{ routes: { health: { group: 'overall' } } }, "routes must be paths, got 'health'"],
    [{ routes: { '/x': { group: 'nope' } } }, "there is no group 'nope'"],
    [{ formats: [] }, 'formats of /livez must be an object'],
    [{ waitMs: -1 }, 'waitMs must be a number >= 0, got -1'],
  ])('%j is refused', (options, message) => {
    expect(() => createHealthEndpoints(healthOf(), options)).toThrow(message);
  });
});
