import { BackendError, credentialManager, type CredentialManagerOptions } from '@holdfast/credential-broker';
import { tokenBucket } from '@holdfast/limiter';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, expectCode, STRANGER, WORKER } from '../broker/rig.ts';
import { CANARY } from '../broker/stub-backend.ts';

const orders = { resourceType: 'database', resourceName: 'orders' } as const;

function aManager(...given: Parameters<typeof aBroker>) {
  const rig = aBroker(...given);
  const manager = credentialManager({ broker: rig.broker, refOf: (_, name) => `vault://prod/${name}` });
  return { ...rig, manager };
}

describe('the calls of the earlier system', () => {
  it('fetch a credential for the caller', async () => {
    const { manager, log } = aManager();
    const credential = await manager.fetchCredentials(AGENT, orders);
    expect(credential['password']?.reveal()).toContain(CANARY);
    expect(log.map(({ action }) => action)).toEqual(['credential.issued', 'credential.redeemed']);
  });

  it.each(['issueEphemeralToken', 'fetchAndIssueToken'] as const)(
    'issue a token in the old shape: %s',
    async (call) => {
      const { manager } = aManager();
      expect(await manager[call](AGENT, { ...orders, ttlMinutes: 2 })).toEqual({
        token: expect.stringMatching(/^hf_[\w-]{43}$/) as string,
        expires_in: 120,
        resource: 'database/orders',
        issued_at: '2026-01-01T00:00:00.000Z',
        expires_at: '2026-01-01T00:02:00.000Z',
        ttl_minutes: 2,
      });
    },
  );

  it('validate a token, and turn it into its credential', async () => {
    const { manager } = aManager();
    const { token } = await manager.fetchAndIssueToken(AGENT, orders);
    expect(await manager.validateToken(AGENT, token)).toMatchObject({
      active: true,
      sub: 'agent-7',
      rt: 'database',
    });
    const credential = await manager.getCredentialsFromToken(AGENT, token);
    expect(credential['password']?.reveal()).toContain(CANARY);
    expect(await manager.validateToken(AGENT, token)).toEqual({ active: false });
  });

  it('tell whether the backends answer', async () => {
    const { manager, vault } = aManager();
    expect(await manager.healthCheck()).toEqual({ status: 'healthy', backends: { db: 'up', vault: 'up' } });
    vault.failing = new BackendError('unavailable', 'it is down');
    expect(await manager.healthCheck()).toEqual({
      status: 'unhealthy',
      backends: { db: 'up', vault: 'down' },
    });
  });

  it('check their options', () => {
    const wrong = (options: object) => () => credentialManager(options as CredentialManagerOptions);
    expect(wrong({})).toThrow('credentialManager: broker must be an object with the methods');
    expect(wrong({ broker: aBroker().broker })).toThrow('credentialManager: refOf must be a function');
  });
});

describe('what was wrong with the earlier system', () => {
  it('an id in the request is no longer believed: the caller is who was authenticated', async () => {
    const { manager, log } = aManager();
    const spoofed = { ...orders, requesting_agent_id: 'victim-agent' };
    await manager.fetchAndIssueToken(AGENT, spoofed);
    expect(log[0]?.actor).toEqual({ id: 'agent-7', type: 'agent' });
    expect(JSON.stringify(log)).not.toContain('victim');
  });

  it.each([0, -1, 16, 100_000, 1.001, NaN])(
    'a time to live of %d minutes is refused, not taken as it is',
    async (ttlMinutes) => {
      const { manager } = aManager();
      await expect(manager.issueEphemeralToken(AGENT, { ...orders, ttlMinutes })).rejects.toThrow(
        'issue: ttlSeconds must be an integer >= 60 and <= 900',
      );
    },
  );

  it('the number of active tokens falls when they end', async () => {
    const { manager, broker, clock } = aManager({ oneTime: false });
    const tokens = [];
    for (let count = 0; count < 10; count++) tokens.push(await manager.issueEphemeralToken(AGENT, orders));
    expect(broker.snapshot().tokens).toEqual({ active: 10, total_generated: 10, avg_ttl_minutes: 5 });
    await broker.revoke({ principal: AGENT.id }, AGENT);
    expect(broker.snapshot().tokens).toEqual({ active: 0, total_generated: 10, avg_ttl_minutes: 5 });
    await manager.issueEphemeralToken(AGENT, orders);
    await clock.advance(301_000);
    expect(broker.snapshot().tokens.active).toBe(0);
  });

  it('a token is given whole, and is of no use to others', async () => {
    const { manager } = aManager();
    const { token } = await manager.issueEphemeralToken(AGENT, orders);
    for (const other of [WORKER, STRANGER, { ...AGENT, id: 'agent-8' }]) {
      await expectCode(manager.getCredentialsFromToken(other, token), 'ERR_BROKER_UNKNOWN');
      expect(await manager.validateToken(other, token)).toEqual({ active: false });
    }
    await manager.getCredentialsFromToken(AGENT, token);
  });

  it('a token needs no shared key to be used, and holds no credential', async () => {
    const { manager, vault } = aManager();
    const { token } = await manager.issueEphemeralToken(AGENT, orders);
    expect(vault.count('issue')).toBe(0);
    expect(token.split('.')).toHaveLength(1);
  });

  it('a token can be revoked', async () => {
    const { manager, broker } = aManager();
    const { token } = await manager.issueEphemeralToken(AGENT, orders);
    await broker.revoke({ principal: AGENT.id }, AGENT);
    expect(await manager.validateToken(AGENT, token)).toEqual({ active: false });
    await expectCode(manager.getCredentialsFromToken(AGENT, token), 'ERR_BROKER_UNKNOWN');
  });

  it('an error says nothing of what went wrong inside', async () => {
    const { manager, vault } = aManager();
    const { token } = await manager.issueEphemeralToken(AGENT, orders);
    vault.failing = new Error(`connection to 10.0.0.7 as root:${CANARY} failed`);
    const error: unknown = await manager
      .getCredentialsFromToken(AGENT, token)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_BROKER_BACKEND', failure: 'unavailable' });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/10\.0\.0\.7|canary/);
  });

  it('callers that ask too often are slowed down', async () => {
    const { manager } = aManager({}, { limit: tokenBucket({ limit: 2, windowMs: 60_000 }) });
    await manager.issueEphemeralToken(AGENT, orders);
    await manager.issueEphemeralToken(AGENT, orders);
    await expectCode(manager.issueEphemeralToken(AGENT, orders), 'ERR_BROKER_RATE_LIMITED');
  });

  it('times are in one time zone, said once', async () => {
    const { manager } = aManager();
    const { issued_at, expires_at } = await manager.issueEphemeralToken(AGENT, orders);
    for (const instant of [issued_at, expires_at]) {
      expect(new Date(instant).toISOString()).toBe(instant);
    }
  });
});
