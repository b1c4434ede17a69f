/** What other health packages, and services that wrote their own, were seen to get wrong. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { manualClock } from '@holdfast/pipeline/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  agentJson,
  circuitBreakerCheck,
  componentsJson,
  createHealth,
  createHealthEndpoints,
  createLifecycle,
  eventLoopCheck,
  expiryCheck,
  filesystemCheck,
  healthJson,
  httpCheck,
  mcpCheck,
  memoryCheck,
  microProfileJson,
  plainText,
  redisCheck,
  requestCheck,
  serverJson,
  sqlCheck,
  standardRoutes,
  statusJson,
  type CheckResult,
  type Health,
  type HealthCheck,
  type HealthEndpoints,
  type HealthOptions,
  type RequestStats,
} from '../src/index.ts';
import { runCheck } from './checks/run-check.ts';
import { ask, listen, type Served } from './endpoints/serving.ts';

const opened: Health[] = [];
afterEach(() => {
  for (const health of opened.splice(0)) health.close();
});
const healthOf = (checks: readonly HealthCheck[] = [], more: HealthOptions = {}) => {
  const health = createHealth({ checks, alerts: [], ...more });
  opened.push(health);
  return health;
};
const startedWith = async (checks: readonly HealthCheck[], more: HealthOptions = {}) => {
  const health = healthOf(checks, more);
  await health.start();
  return health;
};
const finds = (name: string, found: () => CheckResult): HealthCheck => ({
  name,
  run: found,
  ttlMs: 0,
  staleMs: 0,
});
const inFrontOfApp = ({ node }: HealthEndpoints): Promise<Served> =>
  listen((request, response) => node(request, response, () => response.end('app')));
const get = async (endpoints: HealthEndpoints, at: string, headers: Record<string, string> = {}) => {
  const response = await endpoints.fetch(new Request(`http://host${at}`, { headers }));
  return { status: response?.status, body: (await response?.text()) ?? '' };
};
const agent = agentJson({ agentId: 'billing', environment: 'test' });
const everyFormat = {
  'health+json': healthJson(),
  text: plainText(),
  status: statusJson(),
  components: componentsJson(),
  MicroProfile: microProfileJson(),
  agent,
  server: serverJson(),
};

describe('unlike terminus, ours', () => {
  test('answers a probe with a query, and does not let it fall through to the application', async () => {
    await using server = await inFrontOfApp(createHealthEndpoints(await startedWith([])));
    expect((await ask(server, '/health?full=1')).body).toBe('{"status":"pass"}');
    expect((await ask(server, '/healthy')).body).toBe('app');
  });

  test('answers while a check hangs', async () => {
    const health = healthOf([{ name: 'hangs', run: () => new Promise(() => undefined) }]);
    await using server = await inFrontOfApp(createHealthEndpoints(health, { waitMs: 1 }));
    const answers = await Promise.all(['/readyz', '/health', '/status'].map((at) => ask(server, at)));
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  test.each(Object.entries(everyFormat))(
    'keeps texts of errors from strangers: %s',
    async (_name, format) => {
      const secret = 'connect postgres://app:hunter2@10.0.0.3:5432';
      const failing = { name: 'database', run: () => Promise.reject(new Error(secret)) };
      const endpoints = createHealthEndpoints(await startedWith([failing]), { formats: [format] });
      for (const at of Object.keys(standardRoutes))
        expect((await get(endpoints, at)).body).not.toMatch(/hunter2|10\.0/);
    },
  );

  test('leaves nothing of an earlier answer in a later one', async () => {
    let found: CheckResult = { state: 'degraded', reason: 'slow', details: { queue: 7 } };
    const health = await startedWith([finds('queue', () => found)]);
    const endpoints = createHealthEndpoints(health, { authorise: () => true });
    expect((await get(endpoints, '/status')).body).toContain('"queue":7');
    found = { state: 'up' };
    await health.check();
    expect((await get(endpoints, '/status')).body).not.toMatch(/queue":7|"slow",/);
  });

  test('shares nothing between two servers', async () => {
    const [pass, fail] = [await startedWith([]), await startedWith([finds('a', () => ({ state: 'down' }))])];
    const one = createHealthEndpoints(pass, { formats: [plainText()] });
    const other = createHealthEndpoints(fail, { formats: [agent] });
    const [first, second, again] = [
      await get(one, '/health'),
      await get(other, '/health'),
      await get(one, '/health'),
    ];
    expect([first, second.status, again]).toEqual([{ status: 200, body: 'up\n' }, 503, first]);
  });
});

describe('unlike lightship, ours', () => {
  test('does not say that all is well before it is, nor after', async () => {
    const health = healthOf();
    const endpoints = createHealthEndpoints(health);
    const statuses = async () =>
      Promise.all(['/health', '/readyz', '/livez'].map(async (at) => (await get(endpoints, at)).status));
    expect(await statuses()).toEqual([503, 503, 200]);
    await health.start();
    expect(await statuses()).toEqual([200, 200, 200]);
    health.drain();
    // Who fails liveness while draining is killed in the middle of it.
    expect(await statuses()).toEqual([503, 503, 200]);
  });

  test('opens no port, takes no signal and keeps no process alive by being made', () => {
    const signals = () => ['SIGTERM', 'SIGINT', 'SIGHUP'].map((signal) => process.listenerCount(signal));
    const resources = () => process.getActiveResourcesInfo().sort();
    const before = [signals(), resources()];
    const health = healthOf([memoryCheck(), eventLoopCheck()]);
    createHealthEndpoints(health);
    createLifecycle({ health });
    expect([signals(), resources()]).toEqual(before);
  });

  test('ends with 0 when all went well, and past a phase that hangs', async () => {
    const clock = manualClock();
    const flushed = vi.fn();
    const quick = createLifecycle({ clock, drainDelayMs: 0, phases: [{ name: 'flush', run: flushed }] });
    expect((await quick.shutdown()).code).toBe(0);
    const stuck = createLifecycle({
      clock,
      drainDelayMs: 0,
      phases: [
        { name: 'pool', run: () => new Promise(() => undefined) },
        { name: 'flush', run: flushed },
      ],
    }).shutdown();
    await clock.advance(5_000);
    expect((await stuck).phases.map(({ outcome }) => outcome)).toEqual(['timed-out', 'done']);
    expect(flushed).toHaveBeenCalledTimes(2);
  });
});

describe('unlike checks that only look whether an object is there, ours', () => {
  test('ask what they look at: a client that is there and does not work is down', async () => {
    const broken = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    const health = await startedWith([
      sqlCheck({ client: { query: broken } }),
      redisCheck({ client: { ping: broken } }),
      mcpCheck({ url: 'http://mcp.test', fetch: broken }),
      httpCheck({ url: 'http://api.test', fetch: broken }),
    ]);
    expect(health.report().checks.map(({ state, reason }) => [state, reason])).toEqual(
      Array.from({ length: 4 }, () => ['down', 'ECONNRESET']),
    );
  });

  const mcpAnswer = () =>
    Promise.resolve(Response.json({ jsonrpc: '2.0', id: 1, result: { protocolVersion: '2025-11-25' } }));
  test.each<[string, HealthCheck]>([
    ['SQL', sqlCheck({ client: { query: async () => [] }, slowMs: 0 })],
    ['Redis', redisCheck({ client: { ping: async () => 'PONG' }, slowMs: 0 })],
    ['HTTP', httpCheck({ url: 'http://api.test', fetch: async () => new Response('ok'), slowMs: 0 })],
    ['MCP', mcpCheck({ url: 'http://mcp.test', fetch: mcpAnswer, slowMs: 0 })],
    ['a folder', filesystemCheck({ path: import.meta.dirname, writable: false, minFreeBytes: 1e18 })],
    ['memory', memoryCheck({ degradedRatio: 0, downRatio: 1 })],
    [
      'the event loop',
      eventLoopCheck({
        monitor: () => ({ read: () => ({ p99DelayMs: 300, utilization: 0 }), close: () => undefined }),
      }),
    ],
    ['a certificate', expiryCheck({ expiresAtMs: () => Date.now() + 86_400_000 })],
    ['breakers', circuitBreakerCheck({ breakers: { name: 'a', state: 'half-open' } })],
    ['requests', requestCheck({ requestStats: () => ({ requests: 100, failures: 20, meanMs: 1 }) })],
  ])('know something between up and down: %s', async (_what, check) => {
    expect(await runCheck(check)).toMatchObject({ state: 'degraded' });
  });

  test('hold memory against its limit, not against what was reserved before', async () => {
    const found = (heapUsed: number, heapLimit: number) =>
      runCheck(memoryCheck({ read: () => ({ heapUsed, heapLimit, rss: heapUsed, memoryLimit: 1e12 }) }));
    expect(await found(99e6, 4_000e6)).toMatchObject({ state: 'up' });
    expect(await found(99e6, 100e6)).toMatchObject({ state: 'down', reason: 'heap' });
  });
});

describe('unlike summaries that fail as a whole when one figure is missing, ours', () => {
  test.each<[string, () => RequestStats | undefined]>([
    ['are not there', () => undefined],
    ['are incomplete', () => ({ requests: 3 }) as RequestStats],
    [
      'cannot be read',
      () => {
        throw new TypeError('no usage_percent');
      },
    ],
  ])('tells the rest when the figures about requests %s', async (_case, requestStats) => {
    const check = finds('database', () => ({ state: 'up' }));
    const health = await startedWith([check], { requestStats, onListenerError: () => undefined });
    for (const format of [statusJson(), agent]) {
      const endpoints = createHealthEndpoints(health, { formats: [format], authorise: () => true });
      const { status, body } = await get(endpoints, '/health');
      expect(status).toBe(200);
      expect(body).toContain('"name":"database"');
    }
  });
});

describe('unlike health that is made up, ours', () => {
  const tell = async (health: Health) =>
    JSON.parse(
      (await get(createHealthEndpoints(health, { formats: [agent], authorise: () => true }), '/health')).body,
    ) as { readonly performance: object };

  test('shows the figures that it was told, and none where nobody tells', async () => {
    const told: RequestStats[] = [];
    const health = await startedWith([], { requestStats: () => told[0] });
    expect(Object.keys((await tell(health)).performance)).toEqual(['uptime']);
    told.push({ requests: 4, failures: 1, meanMs: 7, p95Ms: 9 });
    expect((await tell(health)).performance).toMatchObject({
      responseTime: { average: 7, p95: 9 },
      requestCounts: { total: 4, success: 3, failed: 1 },
      errorRate: 25,
    });
  });

  test('has every field of the contract, and a status that follows the checks', async () => {
    let state: CheckResult['state'] = 'up';
    const health = await startedWith([finds('database', () => ({ state }))], {
      requestStats: () => ({ requests: 4, failures: 1, meanMs: 7 }),
    });
    const seen = [];
    for (state of ['up', 'degraded', 'down'] as const) {
      await health.check();
      const told = await tell(health);
      expect(told).toMatchObject({
        agent_id: 'billing',
        environment: 'test',
        health: { checks: [{ name: 'database' }], metrics: {}, alerts: expect.any(Array) as unknown },
        performance: { uptime: expect.any(Number) as unknown, requestCounts: {}, errorRate: 25 },
      });
      seen.push(told);
    }
    expect(seen).toMatchObject([
      { status: 'healthy', health: { overall: 'HEALTHY', checks: [{ status: 'HEALTHY' }] } },
      { status: 'degraded', health: { overall: 'DEGRADED', checks: [{ status: 'DEGRADED' }] } },
      { status: 'unhealthy', health: { overall: 'UNHEALTHY', checks: [{ status: 'UNHEALTHY' }] } },
    ]);
  });
});

describe('unlike labels made of what happens to be there, ours', () => {
  test('come from what was named at the start: 1,000 errors with texts of their own have one reason', async () => {
    let incident = 0;
    const failing = finds('database', () => {
      throw new Error(`incident-${incident++}`);
    });
    const health = await startedWith([failing]);
    const reasons = new Set<string | undefined>();
    for (let i = 0; i < 1_000; i++) reasons.add((await health.check()).checks[0]?.reason);
    expect(reasons).toEqual(new Set(['failed']));
    expect(health.stats().map(({ name }) => name)).toEqual(['database']);
  });

  test('have no place for raw paths: 1,000 of them are left to the application, and none is kept', async () => {
    const endpoints = createHealthEndpoints(await startedWith([]));
    for (let i = 0; i < 1_000; i++) {
      expect(await endpoints.fetch(new Request(`http://host/health/${i}"} 1\n`))).toBeUndefined();
    }
    expect(endpoints.paths).toEqual(Object.keys(standardRoutes));
  });

  test.each(['a"} 1', 'a\nb 1', 'a b', '{a}'])(
    'refuse %j as a name of a check, a group or an alert',
    (name) => {
      const run = () => undefined;
      const condition = () => undefined;
      expect(() => createHealth({ checks: [{ name, run }] })).toThrow('must be 1 to 100 letters');
      expect(() => createHealth({ groups: { [name]: [] } })).toThrow('must be 1 to 100 letters');
      expect(() => createHealth({ alerts: [{ name, severity: 'warning', condition }] })).toThrow(
        'must be 1 to 100 letters',
      );
    },
  );

  test.each(Object.entries(everyFormat))(
    'names of the language are names like any other: %s',
    async (name, format) => {
      const names = ['__proto__', 'constructor', 'toString'];
      const health = await startedWith(names.map((each) => finds(each, () => ({ state: 'degraded' }))));
      const endpoints = createHealthEndpoints(health, { formats: [format], authorise: () => true });
      const { body } = await get(endpoints, '/health');
      if (name !== 'server') for (const each of names) expect(body).toContain(each);
      expect({}).not.toHaveProperty('status');
    },
  );

  test('a reason is one word, and cannot write lines of its own', async () => {
    const forged = finds('database', () => ({ state: 'degraded', reason: 'slow\n[+] database up' }));
    const endpoints = createHealthEndpoints(await startedWith([forged]), {
      formats: [plainText()],
      authorise: () => true,
    });
    expect((await get(endpoints, '/health')).body).toBe('degraded\n[~] database other\n');
  });
});

describe('unlike configuration that nothing ever reads, ours', () => {
  test('the probes that the reference shows are answered', async () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../../docs/reference/health.md'), 'utf8');
    const probes = [...page.matchAll(/httpGet: \{ path: (\S+),/g)].map(([, at]) => at ?? '');
    expect(probes).toHaveLength(3);
    await using server = await listen(createHealthEndpoints(await startedWith([])).node);
    for (const at of probes) expect((await ask(server, at)).status).toBe(200);
  });
});
