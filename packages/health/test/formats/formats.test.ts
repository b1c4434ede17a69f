import { describe, expect, test } from 'vitest';
import {
  agentJson,
  componentsJson,
  healthJson,
  microProfileJson,
  plainText,
  serverJson,
  statusJson,
  type Alert,
  type CheckStats,
  type HealthFormat,
  type HealthReport,
} from '../../src/index.ts';
import { withoutDetails } from '../../src/health-report.ts';

const atMs = Date.UTC(2026, 0, 1);
const alert: Alert = {
  name: 'check:database',
  severity: 'critical',
  message: 'database is down: ECONNREFUSED',
  raisedAtMs: atMs,
};
const report: HealthReport = {
  group: 'overall',
  state: 'down',
  detailed: true,
  atMs,
  uptimeMs: 61_500,
  checks: [
    {
      name: 'database',
      state: 'down',
      critical: true,
      componentType: 'datastore',
      reason: 'ECONNREFUSED',
      message: 'connect 10.0.0.3',
      durationMs: 3,
      checkedAtMs: atMs,
      flapping: false,
    },
    {
      name: 'disk',
      state: 'degraded',
      critical: false,
      componentType: 'system',
      reason: 'low-space',
      observedValue: 5,
      observedUnit: 'GB',
      details: { path: '/' },
      durationMs: 1,
      checkedAtMs: atMs,
      flapping: false,
    },
    {
      name: 'cache',
      state: 'up',
      critical: false,
      componentType: 'component',
      durationMs: 1,
      checkedAtMs: atMs,
      flapping: false,
    },
  ],
  alerts: [alert],
  requests: { requests: 200, failures: 10, meanMs: 12, p95Ms: 80, byProtocol: { mcp: 150, a2a: 50 } },
  recommendations: ['database: look at it'],
};
const stats = [{ name: 'database', runs: 3 } as CheckStats];

const render = (format: HealthFormat, from = report): unknown => JSON.parse(format.render(from, stats));

describe('application/health+json', () => {
  test('tells each check as the draft wants it', () => {
    const time = '2026-01-01T00:00:00.000Z';
    expect(render(healthJson({ releaseId: 'r1' }))).toEqual({
      status: 'fail',
      releaseId: 'r1',
      checks: {
        database: [{ componentType: 'datastore', status: 'fail', time, output: 'connect 10.0.0.3' }],
        disk: [
          {
            componentType: 'system',
            observedValue: 5,
            observedUnit: 'GB',
            status: 'warn',
            time,
            output: 'low-space',
          },
        ],
        cache: [{ componentType: 'component', status: 'pass', time }],
      },
    });
  });

  test.each([
    ['up', 'pass'],
    ['degraded', 'warn'],
    ['down', 'fail'],
    ['unknown', 'fail'],
  ] as const)('%s is %s', (state, status) => {
    expect(render(healthJson(), withoutDetails({ ...report, state }))).toEqual({ status });
  });

  test('says why nobody knows yet', () => {
    expect(render(healthJson(), withoutDetails({ ...report, state: 'unknown', reason: 'starting' }))).toEqual(
      {
        status: 'fail',
        output: 'starting',
      },
    );
  });
});

test('plain text has the state on the first line, then one line a check', () => {
  expect(plainText().render(report, stats)).toBe(
    'down\n[-] database ECONNREFUSED\n[~] disk low-space\n[+] cache up\n',
  );
  expect(plainText().render(withoutDetails(report), stats)).toBe('down\n');
});

test('components JSON has upper-case states and components by name', () => {
  expect(render(componentsJson())).toMatchObject({
    status: 'DOWN',
    components: {
      database: { status: 'DOWN', details: { reason: 'ECONNREFUSED', error: 'connect 10.0.0.3' } },
      disk: { status: 'DEGRADED', details: { path: '/' } },
      cache: { status: 'UP' },
    },
  });
  expect(render(componentsJson(), withoutDetails(report))).toEqual({ status: 'DOWN' });
});

test('MicroProfile JSON knows up and down only, and always has a list of checks', () => {
  expect(render(microProfileJson())).toMatchObject({
    status: 'DOWN',
    checks: [
      { name: 'database', status: 'DOWN' },
      { name: 'disk', status: 'UP', data: { state: 'degraded' } },
      { name: 'cache', status: 'UP' },
    ],
  });
  expect(render(microProfileJson(), withoutDetails(report))).toEqual({ status: 'DOWN', checks: [] });
});

describe('the health of an agent', () => {
  const format = agentJson({ agentId: 'billing', environment: 'test', metrics: () => ({ heapMb: 40 }) });

  test('has status, identity, health and performance', () => {
    expect(render(format)).toEqual({
      status: 'unhealthy',
      agent_id: 'billing',
      environment: 'test',
      health: {
        overall: 'UNHEALTHY',
        checks: [
          {
            name: 'database',
            status: 'UNHEALTHY',
            message: 'connect 10.0.0.3',
            responseTime: 3,
            timestamp: atMs,
          },
          { name: 'disk', status: 'DEGRADED', message: 'low-space', responseTime: 1, timestamp: atMs },
          { name: 'cache', status: 'HEALTHY', responseTime: 1, timestamp: atMs },
        ],
        metrics: { heapMb: 40 },
        alerts: [alert],
        recommendations: ['database: look at it'],
      },
      performance: {
        responseTime: { average: 12, p95: 80 },
        uptime: 61,
        requestCounts: { total: 200, success: 190, failed: 10, byProtocol: { mcp: 150, a2a: 50 } },
        errorRate: 5,
      },
    });
  });

  test('has no rate of errors before the first request that is no number', () => {
    const idle = { ...report, requests: { requests: 0, failures: 0, meanMs: 0 } };
    expect(render(format, idle)).toMatchObject({
      performance: { errorRate: 0, requestCounts: { total: 0 } },
    });
  });

  test('tells strangers the status and the uptime', () => {
    expect(render(format, withoutDetails(report))).toEqual({
      status: 'unhealthy',
      agent_id: 'billing',
      environment: 'test',
      health: { overall: 'UNHEALTHY', checks: [], metrics: {}, alerts: [], recommendations: [] },
      performance: { uptime: 61 },
    });
  });
});

test('the health of a server is flat, with figures of its own', () => {
  const format = serverJson({ figures: () => ({ websocket_clients: 3, events_received: 70 }) });
  expect(render(format, withoutDetails({ ...report, state: 'up' }))).toEqual({
    status: 'healthy',
    uptime_seconds: 61,
    websocket_clients: 3,
    events_received: 70,
    timestamp: '2026-01-01T00:00:00.000Z',
  });
  expect(render(serverJson(), report)).toMatchObject({ status: 'unhealthy' });
});

describe('the whole status', () => {
  test('has everything that is known', () => {
    expect(render(statusJson({ figures: () => ({ tokens: { active: 2 } }) }))).toMatchObject({
      status: 'down',
      uptimeSeconds: 61,
      checks: [{ name: 'database' }, { name: 'disk' }, { name: 'cache' }],
      alerts: [{ name: 'check:database' }],
      recommendations: ['database: look at it'],
      requests: { requests: 200 },
      statistics: [{ name: 'database', runs: 3 }],
      tokens: { active: 2 },
    });
  });

  test('has nothing but state and time for strangers', () => {
    expect(render(statusJson({ figures: () => ({ secret: 1 }) }), withoutDetails(report))).toEqual({
      status: 'down',
      uptimeSeconds: 61,
      timestamp: '2026-01-01T00:00:00.000Z',
    });
  });
});
