import { createServer, request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import express from 'express';
import { Hono } from 'hono';
import {
  createMetrics,
  expressMetrics,
  honoMetrics,
  nodeHttpMetrics,
  type Metrics,
} from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { samplesOf, scrape } from '../scrape.ts';
import { FRAMEWORKS, gate, listen, PARTS, type Running } from './frameworks.ts';

const DURATION = 'http_server_request_duration_seconds';
let server: Running | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
  server = undefined;
});

/** What was counted, as `METHOD route status error: count`, once so many requests are over. */
async function counted(metrics: Metrics, total: number): Promise<string[]> {
  const read = () => samplesOf(metrics, `${DURATION}_count`);
  const sum = async () => (await read()).reduce((all, { value }) => all + value, 0);
  await expect.poll(sum, { interval: 5, timeout: 30_000 }).toBe(total);
  return (await read()).map(({ labels: l, value }) => {
    const { http_request_method: method, http_route: route = '-', http_response_status_code: code = '-' } = l;
    return `${method} ${route} ${code} ${l['error_type'] ?? '-'}: ${value}`;
  });
}

/** How many requests are being served. */
async function activeRequests(metrics: Metrics): Promise<number> {
  const samples = await samplesOf(metrics, 'http_server_active_requests');
  return samples.reduce((all, { value }) => all + value, 0);
}

// Long enough for a machine that has much else to do.
vi.setConfig({ testTimeout: 60_000 });

describe.each(FRAMEWORKS)('the middleware for %s', (_, start) => {
  it('counts requests by method, route and status', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    await Promise.all([1, 2, 3].map((id) => fetch(`${server?.url}/users/${id}`)));
    await fetch(`${server.url}/users`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    await fetch(`${server.url}/broken`);
    expect((await counted(metrics, 5)).sort()).toEqual([
      'GET /broken 500 500: 1',
      'GET /users/:id 200 -: 3',
      'POST /users 200 -: 1',
    ]);
  });

  it('puts a thousand unknown paths into one series', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    for (let i = 0; i < 1_000; i += 50) {
      const paths = Array.from({ length: 50 }, (__, n) => `${server?.url}/scan/${i + n}/a${i * n}`);
      await Promise.all(paths.map(async (path) => (await fetch(path)).arrayBuffer()));
    }
    expect(await counted(metrics, 1_000)).toEqual(['GET - 404 -: 1000']);
  });

  it('knows how many requests are being served', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    await (await fetch(`${server.url}/users/1`)).arrayBuffer();
    await counted(metrics, 1);
    expect(await samplesOf(metrics, 'http_server_active_requests')).toEqual([
      { name: 'http_server_active_requests', labels: { http_request_method: 'GET' }, value: 0 },
    ]);
  });

  it('observes the sizes of bodies', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    const body = JSON.stringify('x'.repeat(298));
    const headers = { 'content-type': 'application/json' };
    await (await fetch(`${server.url}/users`, { method: 'POST', body, headers })).arrayBuffer();
    await counted(metrics, 1);
    const sum = async (what: string) =>
      (await samplesOf(metrics, `http_server_${what}_body_size_bytes_sum`))[0]?.value;
    expect([await sum('request'), await sum('response')]).toEqual([300, 2]);
  });

  it('has its method as _OTHER where it is not a known one', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    const { port } = new URL(server.url);
    await new Promise((resolve, reject) => {
      httpRequest({ port, host: '127.0.0.1', method: 'PROPFIND', path: '/x' }, (response) => {
        response.resume().on('end', resolve);
      })
        .on('error', reject)
        .end();
    });
    expect(await counted(metrics, 1)).toEqual(['_OTHER - 404 -: 1']);
  });

  it('counts a request that its client gives up, and no longer as active', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    const controller = new AbortController();
    const answer = fetch(`${server.url}/hangs`, { signal: controller.signal });
    await expect.poll(() => activeRequests(metrics), { interval: 5, timeout: 30_000 }).toBe(1);
    controller.abort();
    await expect(answer).rejects.toThrow();
    expect(await counted(metrics, 1)).toEqual(['GET /hangs - aborted: 1']);
    expect(await activeRequests(metrics)).toBe(0);
  });

  it('counts an answer that is streamed when its last part has been sent, with all of its parts', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    gate.close();
    const answer = await fetch(`${server.url}/stream/well`);
    expect(await activeRequests(metrics)).toBe(1);
    expect(await samplesOf(metrics, `${DURATION}_count`)).toEqual([]);
    gate.open();
    expect(await answer.text()).toBe(PARTS.join(''));
    expect(await counted(metrics, 1)).toEqual(['GET /stream/:end 200 -: 1']);
    const [size] = await samplesOf(metrics, 'http_server_response_body_size_bytes_sum');
    expect(size?.value).toBeGreaterThanOrEqual(PARTS.join('').length);
  });

  it('counts an answer that breaks off as aborted, with the status that was sent', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    vi.spyOn(console, 'error').mockImplementation(() => undefined); // where Hono's server tells of it
    gate.close();
    const answer = await fetch(`${server.url}/stream/badly`);
    gate.open();
    await expect(answer.text()).rejects.toThrow();
    expect(await counted(metrics, 1)).toEqual(['GET /stream/:end 200 aborted: 1']);
    expect(await activeRequests(metrics)).toBe(0);
  });

  it.skipIf(!hasPromtool)('has names that promtool likes', async () => {
    const metrics = createMetrics();
    server = await start(metrics);
    await fetch(`${server.url}/users/1`);
    await counted(metrics, 1);
    expect(lint(await scrape(metrics))).toBe('');
  });
});

describe('a request whose connection ends early', () => {
  it('counts as aborted, without a status when nothing was sent', async () => {
    const metrics = createMetrics();
    const observe = nodeHttpMetrics(metrics);
    const controller = new AbortController();
    server = await listen(
      createServer((request, response) => {
        observe(request, response);
        controller.abort();
      }),
    );
    await expect(fetch(server.url, { signal: controller.signal })).rejects.toThrow();
    expect(await counted(metrics, 1)).toEqual(['GET - - aborted: 1']);
    expect((await samplesOf(metrics, 'http_server_active_requests'))[0]?.value).toBe(0);
  });
});

describe('a request whose path its router cannot read', () => {
  it('has no route, and does not end the process', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const uncaught = vi.fn();
    process.once('uncaughtException', uncaught);
    const metrics = createMetrics();
    const observe = nodeHttpMetrics(
      metrics,
      {},
      ({ url = '/' }) => new URL(url, 'http://localhost').pathname,
    );
    server = await listen(
      createServer((request, response) => {
        request.url = '//';
        observe(request, response);
        response.end('ok');
      }),
    );
    await fetch(server.url);
    expect(await counted(metrics, 1)).toEqual(['GET - 200 -: 1']);
    process.off('uncaughtException', uncaught);
    expect(reported).toHaveBeenCalledTimes(1);
    expect(uncaught).not.toHaveBeenCalled();
  });
});

describe('the middleware for Hono, without a server of Node', () => {
  const app = (metrics: Metrics) => {
    const hono = new Hono();
    hono.use(honoMetrics(metrics));
    hono.get('/users/:id', (context) => context.json({}, 200, { 'content-length': '2' }));
    hono.get('/hangs', () => new Promise<Response>(() => undefined));
    return hono;
  };

  it('counts a request when its answer begins', async () => {
    const metrics = createMetrics();
    await app(metrics).request('/users/7');
    expect(await counted(metrics, 1)).toEqual(['GET /users/:id 200 -: 1']);
    const [size] = await samplesOf(metrics, 'http_server_response_body_size_bytes_sum');
    expect(size?.value).toBe(2);
  });

  it('counts a request that is given up, also one that never ends', async () => {
    const metrics = createMetrics();
    const controller = new AbortController();
    void app(metrics).request('/hangs', { signal: controller.signal });
    expect(await activeRequests(metrics)).toBe(1);
    controller.abort();
    expect(await counted(metrics, 1)).toEqual(['GET /hangs - aborted: 1']);
    expect(await activeRequests(metrics)).toBe(0);
  });

  it('counts a request once that was given up before it came', async () => {
    const metrics = createMetrics();
    await app(metrics).request('/users/7', { signal: AbortSignal.abort() });
    expect(await counted(metrics, 1)).toEqual(['GET - - aborted: 1']);
    expect(await activeRequests(metrics)).toBe(0);
  });
});

describe('an Express router', () => {
  it('that is mounted below a parameter makes no series of its values', async () => {
    const metrics = createMetrics();
    const app = express();
    app.use(expressMetrics(metrics));
    const tenant = express.Router({ mergeParams: true });
    tenant.get('/', (_, response) => void response.json({}));
    tenant.get('/users/:id', (_, response) => void response.json({}));
    app.use('/tenants/:tenant', tenant);
    server = await listen(createServer(app));
    for (const id of [1, 2, 3]) await fetch(`${server.url}/tenants/${id}/users/${id}`);
    await fetch(`${server.url}/tenants/7`);
    expect((await counted(metrics, 4)).sort()).toEqual([
      'GET /tenants/{id} 200 -: 1',
      'GET /tenants/{id}/users/:id 200 -: 3',
    ]);
  });
});

describe('the middleware', () => {
  it('shares its instruments when it is used twice', () => {
    const metrics = createMetrics();
    nodeHttpMetrics(metrics);
    expect(() => expressMetrics(metrics)).not.toThrow();
  });

  it('observes no sizes where it is told not to', () => {
    const metrics = createMetrics();
    nodeHttpMetrics(metrics, { bodySizes: false });
    expect(metrics.snapshot().map(({ name }) => name)).toEqual(['http_server_active_requests', DURATION]);
  });

  it('refuses unknown options', () => {
    expect(() => nodeHttpMetrics(createMetrics(), { includePath: true } as never)).toThrow(
      'nodeHttpMetrics has no option "includePath"',
    );
  });
});
