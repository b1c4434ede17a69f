import { createMetrics, type Metrics } from '@holdfast/metrics';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createGuard } from '../src/guard.ts';
import { createOperations, type Operations } from '../src/operations.ts';
import { ask } from './support/http-client.ts';
import { deadEnd, listen } from './support/setup.ts';

interface Setup {
  readonly url: URL;
  readonly operations: Operations;
  readonly guard: ReturnType<typeof createGuard>;
  readonly metrics: Metrics;
}

/** The endpoints in front of a service that knows `/orders/…`, beside an upstream that is asked how it is. */
async function setUp(upstream: URL): Promise<Setup> {
  const metrics = createMetrics();
  const guard = createGuard({
    metrics,
    totalMs: 1_000,
    firstItemMs: 1_000,
    idleMs: 1_000,
    openMs: 60_000,
    backoffMs: 1,
  });
  const figures = () => ({ cups: 3 });
  const operations = createOperations({ metrics, guard, upstream, checkMs: 20, figures });
  onTestFinished(() => {
    operations.health.close();
    operations.close();
  });
  const url = await listen((request, response) =>
    operations.handle(request, response, () => {
      response.writeHead(request.url?.startsWith('/orders/') ? 200 : 404).end('from the service');
    }),
  );
  return { url, operations, guard, metrics };
}

const healthy = () => listen((_request, response) => response.end());
const states = ({ health }: Operations) =>
  Object.fromEntries(health.stats().map((each) => [each.name, each.state]));

const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000 });

async function json(url: URL, path: string): Promise<Record<string, unknown>> {
  return JSON.parse((await ask(url, { path })).body) as Record<string, unknown>;
}

it('answers scrapes in the format that is asked for', async () => {
  const { url } = await setUp(await healthy());
  const text = await ask(url, { path: '/metrics' });
  expect(text.headers['content-type']).toContain('text/plain; version=0.0.4');
  expect(text.body).toContain('resilience_circuit_state{name="upstream",state="closed"} 1');
  expect(text.body).toContain('process_cpu_seconds_total');
  const headers = ['Accept', 'application/openmetrics-text; version=1.0.0'];
  const open = await ask(url, { path: '/metrics', headers });
  expect(open.headers['content-type']).toContain('application/openmetrics-text');
  expect(open.body.trimEnd()).toMatch(/# EOF$/);
});

it('sums up, and remembers', async () => {
  const { url } = await setUp(await healthy());
  await ask(url, { path: '/orders/1' });
  const summed = { requests: { requests: 1, successRatio: 1 } };
  await eventually(async () => expect(await json(url, '/metrics/summary')).toMatchObject(summed));
  expect(await json(url, '/metrics/history?hours=24')).toMatchObject({ intervalMs: 30_000 });
  expect((await ask(url, { path: '/metrics/history?hours=tea' })).status).toBe(400);
});

it('leaves everything else to the service', async () => {
  const { url } = await setUp(await healthy());
  for (const path of ['/', '/metrics/tea', '/metricsx', '/livez/tea', '/orders/1']) {
    expect((await ask(url, { path })).body, path).toBe('from the service');
  }
  expect((await ask(url, { path: '/livez', method: 'POST' })).body).toBe('from the service');
});

it('says what it is like when all is well', async () => {
  const { url, operations } = await setUp(await healthy());
  expect((await ask(url, { path: '/livez' })).status).toBe(200);
  for (const path of ['/readyz', '/startupz', '/health', '/status']) {
    expect((await ask(url, { path })).status, path).toBe(503);
  }
  await operations.health.start();
  for (const path of ['/livez', '/readyz', '/startupz', '/health', '/status']) {
    const reply = await ask(url, { path });
    expect(reply, path).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
  }
  expect(states(operations)).toEqual({ 'circuit-breakers': 'up', upstream: 'up' });
});

it('tells everything in its status, in lines for people', async () => {
  const { url, operations } = await setUp(await healthy());
  await operations.health.start();
  const { body } = await ask(url, { path: '/status' });
  expect(body).toMatch(/^\{\n {2}"status": "up",\n/);
  expect(body).toMatch(/\n\}\n$/);
  expect(JSON.parse(body)).toMatchObject({ status: 'up', cups: 3, alerts: [], requests: { failures: 0 } });
});

it('is degraded and stays ready while the circuit is open', async () => {
  const { url, operations, guard } = await setUp(await healthy());
  await operations.health.start();
  guard.breaker.trip();
  await eventually(() => expect(states(operations)).toMatchObject({ 'circuit-breakers': 'down' }));
  for (const path of ['/livez', '/readyz', '/health'])
    expect((await ask(url, { path })).status, path).toBe(200);
  expect(await json(url, '/health')).toMatchObject({ status: 'warn' });
});

it.each([
  ['is not there', () => deadEnd(), 'down'],
  ['fails', () => listen((_request, response) => response.writeHead(503).end()), 'down'],
  ['knows nothing at its root', () => listen((_request, response) => response.writeHead(404).end()), 'up'],
] as const)('asks the upstream itself, which %s', async (_, upstream, state) => {
  const { url, operations } = await setUp(await upstream());
  await operations.health.start();
  expect(states(operations)).toMatchObject({ upstream: state });
  for (const path of ['/livez', '/readyz']) expect((await ask(url, { path })).status, path).toBe(200);
});

it('stays alive but is not ready while it drains', async () => {
  const { url, operations } = await setUp(await healthy());
  await operations.health.start();
  operations.health.drain();
  expect((await ask(url, { path: '/livez' })).status).toBe(200);
  expect((await ask(url, { path: '/readyz' })).status).toBe(503);
});

it('counts by routes that the service turns out to have, whatever is asked for', async () => {
  const { url, metrics } = await setUp(await healthy());
  for (let id = 0; id < 50; id++) {
    await ask(url, { path: `/orders/${id}?cups=2` });
    await ask(url, { path: `/.env.${id}` });
  }
  await eventually(() => {
    const found = metrics.snapshot().find(({ name }) => name === 'http_server_request_duration_seconds');
    const series = found?.type === 'histogram' ? found.series : [];
    expect(series.map(({ labels, count }) => [labels['http_route'], count])).toEqual([
      ['/orders/{id}', 50],
      ['', 50],
    ]);
  });
});

describe('whoever asks from', () => {
  async function askFrom(remoteAddress: string | undefined, path: string): Promise<string> {
    const { operations } = await setUp(await healthy());
    await operations.health.start();
    const url = await listen((request, response) => {
      Object.defineProperty(request.socket, 'remoteAddress', { value: remoteAddress });
      operations.handle(request, response, () => response.writeHead(404).end());
    });
    return (await ask(url, { path })).body;
  }

  it.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s sees the details', async (address) => {
    expect(JSON.parse(await askFrom(address, '/status'))).toHaveProperty('checks');
    expect(JSON.parse(await askFrom(address, '/health'))).toHaveProperty('checks');
  });

  it.each(['10.0.0.7', '::ffff:10.0.0.7', '2001:db8::1', '10.127.0.1', undefined])(
    '%s sees the state and nothing else',
    async (address) => {
      expect(JSON.parse(await askFrom(address, '/health'))).toEqual({ status: 'pass' });
      const status = JSON.parse(await askFrom(address, '/status')) as object;
      expect(Object.keys(status)).toEqual(['status', 'uptimeSeconds', 'timestamp']);
    },
  );
});

it('answers HEAD like GET, without a body, and whatever the query', async () => {
  const { url, operations } = await setUp(await healthy());
  await operations.health.start();
  for (const path of ['/livez?full=1', '/readyz?x=', '/health?', '/status?pretty', '/metrics?name=x']) {
    const [head, get] = await Promise.all([ask(url, { method: 'HEAD', path }), ask(url, { path })]);
    expect([head.status, head.body], path).toEqual([200, '']);
    expect(get.status, path).toBe(200);
    expect(get.body.length, path).toBeGreaterThan(0);
  }
});

it('compresses a scrape on request, and refuses to be written to', async () => {
  const { url } = await setUp(await healthy());
  const zipped = await ask(url, { path: '/metrics', headers: ['Accept-Encoding', 'gzip'] });
  expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'cache-control': 'no-store' });
  expect((await ask(url, { path: '/metrics', method: 'POST' })).status).toBe(405);
});
