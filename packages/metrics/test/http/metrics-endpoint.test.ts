import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { manualClock } from '@holdfast/pipeline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createMetrics,
  createReports,
  metricsEndpoint,
  type Metrics,
  type MetricsEndpoint,
} from '../../src/index.ts';
import { OPEN_METRICS } from '../scrape.ts';
import { listen, type Running } from './frameworks.ts';

let metrics: Metrics;
let server: Running;
let endpoint: MetricsEndpoint;

beforeEach(async () => {
  metrics = createMetrics({ clock: manualClock() });
  metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['id'] }).inc({ id: 7 });
  endpoint = metricsEndpoint(metrics, createReports(metrics, { history: ['runs_total'] }));
  server = await listen(createServer((request, response) => endpoint.handle(request, response)));
});
afterEach(() => server.close());

const ways = [
  ['node:http', (path: string, init?: RequestInit) => fetch(server.url + path, init)],
  ['fetch', (path: string, init?: RequestInit) => endpoint.fetch(new Request(`http://x${path}`, init))],
] as const;

describe.each(ways)('the endpoint, through %s,', (_, get) => {
  it('answers a scrape in the format that is asked for', async () => {
    const plain = await get('/metrics');
    expect(plain.status).toBe(200);
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(plain.headers.get('cache-control')).toBe('no-store');
    expect(await plain.text()).toContain('runs_total{id="7"} 1\n');
    const open = await get('/metrics?x=/summary', { headers: { accept: OPEN_METRICS } });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(await open.text()).toContain('# EOF');
  });

  it('answers with a summary and a history', async () => {
    const summary = await get('/metrics/summary');
    expect(summary.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await summary.json()).toMatchObject({ metrics: { runs_total: { total: 1 } } });
    const history = await get('/metrics/history?hours=24');
    expect(await history.json()).toMatchObject({ series: [{ name: 'runs_total', points: { value: [1] } }] });
    expect((await get('/metrics/history')).status).toBe(200);
  });

  it.each(['0', '-1', 'x', ''])('refuses a history of %j hours', async (hours) => {
    const response = await get(`/metrics/history?hours=${hours}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'hours must be a number above 0' });
  });

  it('answers HEAD without a body and refuses to change anything', async () => {
    const head = await get('/metrics', { method: 'HEAD' });
    expect(Number(head.headers.get('content-length'))).toBeGreaterThan(10);
    expect(await head.text()).toBe('');
    const post = await get('/metrics', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

describe('compression', () => {
  const ask = (acceptEncoding: string) =>
    endpoint.fetch(new Request('http://x/metrics', { headers: { 'accept-encoding': acceptEncoding } }));
  const grow = () => {
    const counter = metrics.counter({ name: 'runs_total', help: 'Runs', labels: ['id'] });
    for (let id = 0; id < 100; id++) counter.inc({ id });
  };

  it.each(['gzip', 'br, gzip;q=0.5', '*', 'GZIP ; q=1.0'])(
    'is used where %j is accepted',
    async (acceptEncoding) => {
      grow();
      const response = await ask(acceptEncoding);
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const body = Buffer.from(await response.arrayBuffer());
      expect(response.headers.get('content-length')).toBe(String(body.length));
      expect(gunzipSync(body).toString()).toContain('runs_total{id="99"} 1\n');
    },
  );

  it.each(['', 'br', 'gzip;q=0', 'gzip;q=0.0', 'identity'])(
    'is not used where %j is accepted',
    async (acceptEncoding) => {
      grow();
      expect((await ask(acceptEncoding)).headers.get('content-encoding')).toBeNull();
    },
  );

  it('is not used for what is short', async () => {
    expect((await ask('gzip')).headers.get('content-encoding')).toBeNull();
  });
});

describe('a request that something else has answered meanwhile', () => {
  it.each(['/metrics', '//'])('is left alone: %s', async (path) => {
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    const busy = await listen(
      createServer((request, response) => {
        request.url = path;
        endpoint.handle(request, response);
        response.writeHead(503).end('busy');
      }),
    );
    expect(await (await fetch(busy.url)).text()).toBe('busy');
    await new Promise(setImmediate);
    process.off('unhandledRejection', onUnhandled);
    await busy.close();
    expect(unhandled).toEqual([]);
  });
});

describe('without reports', () => {
  it('every path answers a scrape', async () => {
    const response = await metricsEndpoint(metrics).fetch(new Request('http://x/metrics/summary'));
    expect(response.headers.get('content-type')).toContain('text/plain');
  });
});
