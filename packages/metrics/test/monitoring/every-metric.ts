import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { chaos } from '@holdfast/chaos';
import { circuitBreaker, createBreakerRegistry } from '@holdfast/circuit-breaker';
import { batch, cache, fallback, mock } from '@holdfast/fallback';
import { createHealth } from '@holdfast/health';
import { createFetch } from '@holdfast/http';
import { costBudget, failover } from '@holdfast/http/models';
import { bulkhead, rateLimit } from '@holdfast/limiter';
import { pipeline } from '@holdfast/pipeline';
import { hedge, retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import {
  batchMetrics,
  budgetMetrics,
  cacheMetrics,
  callMetrics,
  createMetrics,
  databaseMetrics,
  mcpMetrics,
  metricsEndpoint,
  nodeHttpMetrics,
  observe,
  processMetrics,
  protocolMetrics,
  sessionMetrics,
  tokenMetrics,
  type Metrics,
} from '../../src/index.ts';
import { listen, type Running } from '../http/frameworks.ts';

/** Does something that is measured. */
type Work = () => unknown;

const works = () => Promise.resolve(1);
const fails = () => Promise.reject(new Error('down'));
const hangs = () => new Promise<never>(() => undefined);

function guardedCalls(metrics: Metrics): Work {
  const breakers = createBreakerRegistry();
  const patient = retry({ name: 'users', maxAttempts: 2, baseDelayMs: 0 });
  const doubled = hedge({ name: 'quotes', delayMs: 0 });
  const quick = timeout({ name: 'mail', timeoutMs: 1 });
  const steady = circuitBreaker({ name: 'stripe' });
  const guarded = pipeline(callMetrics(metrics, { name: 'stripe' }), steady);
  for (const source of [breakers, patient, doubled, quick, steady]) observe(metrics, source);
  return async () => {
    breakers.get('flaky').reset();
    breakers.get('flaky').trip();
    const calls = [breakers.get('flaky'), patient, guarded].map((each) => each.try(fails));
    const first = doubled.try(({ attempt }) => (attempt === 1 ? hangs() : works()));
    await Promise.all([...calls, first, guarded.try(works), steady.try(works), quick.try(hangs)]);
  };
}

function limitedCalls(metrics: Metrics): Work {
  const reports = bulkhead({ name: 'reports', maxConcurrent: 1 });
  const mail = rateLimit({ name: 'mail' });
  const unruly = chaos({
    name: 'bank',
    faults: [{ kind: 'error', ratio: 1, error: () => new Error('chaos') }],
  });
  for (const source of [reports, mail, unruly]) observe(metrics, source);
  const budget = budgetMetrics(metrics, 'bank', retryBudget());
  const frugal = retry({ name: 'bank', maxAttempts: 2, baseDelayMs: 0, budget });
  unruly.enable();
  return () =>
    Promise.all([
      reports.try(works),
      reports.try(works),
      mail.try(works),
      pipeline(frugal, unruly).try(works),
    ]);
}

function answeredCalls(metrics: Metrics): Work {
  const orders = fallback({ name: 'orders', steps: [mock(() => 1)] });
  const users = cache({ name: 'users', keyBy: () => 'all', ttlMs: 60_000 });
  const names = batch({
    name: 'names',
    maxWaitMs: 0,
    run: (ids: readonly number[]) => Promise.resolve(ids.map((value) => ({ ok: true as const, value }))),
  });
  for (const source of [orders, users, names]) observe(metrics, source);
  return () => Promise.all([orders.try(fails), users.try(works), users.try(works), names.add(1)]);
}

function outboundCalls(metrics: Metrics): Work {
  const fetched = createFetch({ name: 'shop', fetch: () => Promise.resolve(new Response('tea')) });
  const down = () => Promise.reject(Object.assign(new Error('down'), { status: 503 }));
  const providers = [
    { name: 'large', run: down },
    { name: 'small', run: works },
  ];
  const models = failover({ name: 'chat', providers });
  const dollars = costBudget({ name: 'dollars', limit: 2, windowMs: 60_000 });
  for (const source of [fetched, models, dollars]) observe(metrics, source);
  return () => {
    dollars.spend(0.5);
    return Promise.all([fetched('https://shop.example/'), models.call('hello'), dollars.try(works)]);
  };
}

/** A process that is not ready, because one of its checks is always down. */
function checkedParts(metrics: Metrics) {
  const health = createHealth({
    defaults: { ttlMs: 0, staleMs: 0, refreshMs: Infinity },
    checks: [
      { name: 'disk', run: () => undefined },
      { name: 'queue', run: () => fails() },
    ],
  });
  observe(metrics, health);
  void health.start();
  return { work: () => health.check(), close: () => health.close() };
}

/** An audit log that is well, and one whose disk is full. */
function auditLogs(metrics: Metrics): Work {
  let appended = 0;
  const levels = { pending: 2, unpublished: 3, lastCommitMs: 4, walBytes: 5_000, tenants: 2, indexLag: 1 };
  const stats = (state: string) => {
    const totals = { appended, failed: 0, dropped: 0, duplicates: 1 };
    return { state, ...levels, ...totals, commits: appended / 10, totalCommitMs: appended / 5 };
  };
  observe(metrics, { name: 'main', stats: () => stats('open') });
  observe(metrics, { name: 'side', stats: () => stats('failed') });
  observe(metrics, {
    stats: () => ({ name: 'siem', lag: 1, delivered: appended, failures: 0, running: true }),
  });
  return () => (appended += 100);
}

function domain(metrics: Metrics): Work {
  const batches = batchMetrics(metrics);
  const caches = cacheMetrics(metrics);
  const database = databaseMetrics(metrics);
  const mcp = mcpMetrics(metrics);
  const protocols = protocolMetrics(metrics);
  const sessions = sessionMetrics(metrics);
  const tokens = tokenMetrics(metrics);
  const crowded = metrics.counter({ name: 'crowded_total', help: 'Without room', labels: ['x'], limit: 1 });
  return () => {
    batches.size.observe({ queue: 'events' }, 40);
    batches.duration.observe({ queue: 'events', outcome: 'success' }, 0.2);
    batches.waiting.set({ queue: 'events' }, 7);
    for (const result of ['hit', 'stale', 'miss'] as const) caches.requests.inc({ cache: 'users', result });
    caches.operations.observe({ cache: 'users', operation: 'get' }, 0.001);
    caches.entries.set({ cache: 'users' }, 12);
    database.operations.observe({ db_operation_name: 'SELECT', error_type: '' }, 0.003);
    database.operations.observe({ db_operation_name: 'SELECT', error_type: 'timeout' }, 3);
    database.connections.set({ pool: 'main', state: 'used' }, 3);
    database.pending.set({ pool: 'main' }, 1);
    database.connectionErrors.inc({ pool: 'main' });
    mcp.connections.set(2);
    mcp.connectionErrors.inc();
    mcp.operations.observe({ mcp_method_name: 'tools/call', error_type: '' }, 0.4);
    mcp.operations.observe({ mcp_method_name: 'tools/call', error_type: 'timeout' }, 4);
    protocols.duration.observe({ protocol: 'a2a', operation: 'send', outcome: 'success' }, 0.1);
    protocols.duration.observe({ protocol: 'a2a', operation: 'send', outcome: 'failure' }, 1);
    sessions.created.inc();
    sessions.ended.inc({ reason: 'expired' });
    sessions.active.set(5);
    sessions.duration.observe(90);
    tokens.issued.inc({ resource_type: 'api' });
    tokens.redeemed.inc({ resource_type: 'api' });
    tokens.refused.inc({ resource_type: 'api' });
    tokens.ended.inc({ resource_type: 'api', reason: 'revoked' });
    tokens.active.set({ resource_type: 'api' }, 4);
    tokens.ttl.observe({ resource_type: 'api' }, 300);
    for (const x of [1, 2]) crowded.inc({ x });
    (globalThis as { gc?: () => void }).gc?.();
  };
}

/** Two requests of its own, one of which fails. */
async function request(url: string): Promise<void> {
  for (const route of ['works', 'fails']) {
    const response = await fetch(`${url}/${route}`, { method: 'POST', body: 'hello' });
    await response.arrayBuffer();
  }
}

/** Starts a server that has every metric there is, and before each scrape does everything that is measured. */
export async function everyMetric(metrics: Metrics = createMetrics()): Promise<Running> {
  const stop = processMetrics(metrics);
  const endpoint = metricsEndpoint(metrics);
  const observeRequest = nodeHttpMetrics(metrics, { bodySizes: true }, ({ url }) => url);
  const checked = checkedParts(metrics);
  const parts = [guardedCalls, limitedCalls, answeredCalls, outboundCalls, auditLogs, domain].map((each) =>
    each(metrics),
  );
  const work = [...parts, checked.work];

  const answer = async (incoming: IncomingMessage, response: ServerResponse) => {
    if (incoming.url === '/metrics') {
      await Promise.all([...work.map((each) => each()), request(running.url)]);
      return endpoint.handle(incoming, response);
    }
    observeRequest(incoming, response);
    incoming.resume();
    response.writeHead(incoming.url === '/works' ? 200 : 503).end('answer');
  };
  const running = await listen(createServer((incoming, response) => void answer(incoming, response)));
  return {
    url: running.url,
    close: async () => {
      stop();
      checked.close();
      await running.close();
    },
  };
}
