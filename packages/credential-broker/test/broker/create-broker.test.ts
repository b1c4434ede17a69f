import {
  brokerDefaults,
  createBroker,
  definePolicy,
  generateSigningKey,
  guardBackend,
  keyRing,
  type BrokerOptions,
} from '@holdfast/credential-broker';
import { createMetrics, observe } from '@holdfast/metrics';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ask, expectCode, STRANGER, WORKER } from './rig.ts';
import { stubBackend } from './stub-backend.ts';

describe('the options of a broker', () => {
  const good = aBroker().options;
  it.each([
    [{ backends: {} }, 'createBroker: backends must be an object with at least one backend'],
    [
      { backends: { 'a b': good.backends['db'] } },
      'createBroker: backends must have backends under names such as op: "a b" is not',
    ],
    [
      { backends: { op: {} } },
      'createBroker: backends must have backends under names such as op: "op" is not',
    ],
    [{ policy: [] }, 'createBroker: policy must be an object with the method decide'],
    [{ policy: undefined }, 'createBroker: policy must be given'],
    [
      { audit: 'off' },
      'createBroker: audit must be an object with the method append, or "none", got a string of length 3',
    ],
    [{ audit: undefined }, 'createBroker: audit must be given'],
    [{ leases: new Map() }, 'createBroker: leases must be an object with the methods insert'],
    [
      { tokens: { keys: keyRing({ signing: [generateSigningKey()] }), issuer: '' } },
      'createBroker: tokens must be an object with keys and an issuer',
    ],
    [{ tokens: { issuer: 'x' } }, 'createBroker: tokens must be an object with keys and an issuer'],
    [{ limit: 600 }, 'createBroker: limit must be an object with the method start, or "none"'],
    [{ auditTimeoutMs: 0 }, 'createBroker: auditTimeoutMs must be an integer >= 1 and <= 60000, got 0'],
    [{ storeTimeoutMs: NaN }, 'createBroker: storeTimeoutMs must be an integer >= 1 and <= 60000, got NaN'],
    [{ backendTimeoutMs: 1e9 }, 'createBroker: backendTimeoutMs must be an integer >= 1 and <= 300000'],
    [{ approvalMs: 1 }, 'createBroker: approvalMs must be an integer >= 1000'],
    [{ keepMs: -1 }, 'createBroker: keepMs must be an integer >= 0'],
    [{ mayApprove: true }, 'createBroker: mayApprove must be a function'],
    [{ keys: [] }, 'createBroker has no option "keys"'],
  ])('%# are checked', (change, message) => {
    expect(() => createBroker({ ...good, ...change } as BrokerOptions)).toThrow(message);
  });

  it('have defaults that give nobody a right', () => {
    expect(brokerDefaults.isOperator({ ...AGENT, roles: ['admin'] })).toBe(false);
    expect(brokerDefaults.limit).toMatchObject({ limit: 600, windowMs: 60_000 });
  });
});

describe('a broker', () => {
  it('guards its backends: their answers are kept for a while', async () => {
    const { broker, clock, vault } = aBroker({}, { guard: {} });
    for (let count = 0; count < 5; count++) await broker.issue(ask('vault'));
    expect(vault.count('inspect')).toBe(1);
    await clock.advance(31_000);
    await broker.issue(ask('vault'));
    expect(vault.count('inspect')).toBe(2);
  });

  it('asks the policy before what is kept', async () => {
    const { broker } = aBroker({ tenants: ['acme'] }, { guard: {} });
    await broker.issue(ask('vault'));
    await expectCode(broker.issue(ask('vault', { principal: STRANGER })), 'ERR_BROKER_DENIED');
  });

  it('lets a revocation beat what is kept', async () => {
    const { broker } = aBroker({ oneTime: false }, { guard: {} });
    const { handle = '', leaseId } = await broker.issue(ask('vault'));
    await broker.redeem(handle, AGENT);
    await broker.revoke({ leaseId }, AGENT);
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('puts no second guard around one', async () => {
    const stub = stubBackend('keeper', () => 0);
    const guarded = guardBackend(stub, { cacheMs: 0 });
    const { broker } = aBroker({}, { guard: {}, backends: { vault: guarded } });
    await broker.issue(ask('vault'));
    await broker.issue(ask('vault'));
    expect(stub.count('inspect')).toBe(2);
  });

  it('shows what it did in the shape of the earlier status', async () => {
    const { broker, clock } = aBroker({ tenants: ['acme'] });
    await broker.issue(ask('db', { protocol: 'mcp', ttlSeconds: 60 }));
    await broker.issue(ask('vault', { protocol: 'a2a', ttlSeconds: 180 }));
    await broker.issue(ask('vault', { protocol: 'a2a', ttlSeconds: 120 }));
    await expectCode(broker.issue(ask('db', { principal: STRANGER })), 'ERR_BROKER_DENIED');
    await clock.advance(3_725_500);
    expect(broker.snapshot()).toEqual({
      timestamp: '2026-01-01T01:02:05.500Z',
      uptime_seconds: 3_725,
      uptime_human: '1h 2m 5s',
      requests: { total: 4, successful: 3, failed: 1, success_rate_percent: 75 },
      tokens: { active: 0, total_generated: 3, avg_ttl_minutes: 2 },
      performance: { avg_response_time_ms: 0 },
      protocols: { mcp: 1, a2a: 2 },
      resource_types: { database: 1, api: 2 },
    });
  });

  it('measures how long it takes', async () => {
    const { broker, clock, db } = aBroker();
    let release = () => {};
    db.hold = new Promise((resolve) => (release = resolve));
    const issued = broker.issue(ask('db'));
    await clock.advance(40);
    release();
    await issued;
    expect(broker.snapshot().performance.avg_response_time_ms).toBe(40);
  });

  it('counts no more protocols than it has room for', async () => {
    const { broker } = aBroker();
    for (let count = 0; count < 40; count++) await broker.issue(ask('vault', { protocol: `p${count}` }));
    const { protocols } = broker.snapshot();
    expect(Object.keys(protocols)).toHaveLength(17);
    expect(protocols['other']).toBe(24);
  });

  it('keeps no process alive, and has no timer at rest', async () => {
    const { clock, broker } = aBroker();
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(0);
    await broker.issue(ask('db'));
    expect(clock.refedTimers).toBe(0);
    await broker.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is shown by the metrics that watch it', async () => {
    const { broker } = aBroker();
    const metrics = createMetrics();
    observe(metrics, broker);
    const { handle = '' } = await broker.issue(ask('db'));
    await broker.redeem(handle, AGENT);
    await broker.issue(ask('vault'));
    const text = String((await metrics.expose()).body);
    expect(text).toContain('resource_type="database"');
    expect(text).toContain('resource_type="api"');
  });

  it('does not mind a listener that throws', async () => {
    const errors: unknown[] = [];
    const { broker } = aBroker({}, { onListenerError: (error) => errors.push(error) });
    broker.on('issued', () => {
      throw new Error('listener');
    });
    await broker.issue(ask('db'));
    expect(errors).toHaveLength(1);
  });

  it('decides by the policy that is in force', async () => {
    const open = definePolicy({ rules: [{ id: 'a', tenants: ['**'], refs: ['**'] }] });
    const closed = definePolicy({ rules: [] });
    let current = open;
    const policy = {
      get version() {
        return current.version;
      },
      decide: (request: Parameters<typeof open.decide>[0]) => current.decide(request),
    };
    const { broker } = aBroker({}, { policy });
    await broker.issue(ask('vault', { principal: WORKER }));
    current = closed;
    await expectCode(broker.issue(ask('vault', { principal: WORKER })), 'ERR_BROKER_DENIED');
  });
});
