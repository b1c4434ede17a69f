import {
  BackendError,
  memoryLeases,
  type BrokerOptions,
  type LeaseStore,
  type Principal,
  type Revocation,
} from '@holdfast/credential-broker';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ANN, ask, expectCode, STRANGER, WORKER } from './rig.ts';

const operators: Partial<BrokerOptions> = { isOperator: ({ roles }) => roles?.includes('operator') === true };
const OPERATOR: Principal = { ...ANN, roles: ['operator'] };

describe('revoke', () => {
  it('ends a lease here and at its backend, and counts, tells and writes it down', async () => {
    const { broker, db, events, leases, log } = aBroker();
    const grant = await broker.issue(ask('db'));
    await broker.redeem(grant.handle ?? '', AGENT);
    expect(db.alive.size).toBe(1);
    expect(await broker.revoke({ leaseId: grant.leaseId }, AGENT)).toBe(1);
    expect(db.alive.size).toBe(0);
    expect((await leases.find(grant.leaseId))?.state).toBe('revoked');
    expect(broker.stats()).toMatchObject({ revoked: { database: 1 }, active: { database: 0 } });
    expect(events.at(-1)).toEqual({ type: 'ended', leaseId: grant.leaseId, reason: 'revoked' });
    expect(log.at(-1)).toMatchObject({ action: 'credential.revoked', outcome: 'success' });
    expect(await broker.revoke({ leaseId: grant.leaseId }, AGENT)).toBe(0);
  });

  it('ends all leases of a principal, or of resources, in its own tenant alone', async () => {
    const { broker, leases } = aBroker({}, operators);
    const issue = (id: string, ref: string, tenant = 'acme') =>
      broker.issue(ask('db', { principal: { ...AGENT, id, tenant }, resource: { type: 'database', ref } }));
    await issue('a', 'db://prod/x');
    await issue('a', 'db://dev/x');
    await issue('b', 'db://prod/y');
    const foreign = await issue('a', 'db://prod/x', 'evil');
    expect(await broker.revoke({ principal: 'a' }, OPERATOR)).toBe(2);
    expect(await broker.revoke({ prefix: 'db://prod/' }, OPERATOR)).toBe(1);
    expect(await broker.revoke({ prefix: 'db://' }, OPERATOR)).toBe(0);
    expect((await leases.find(foreign.leaseId))?.state).toBe('active');
  });

  it.each([
    ['vault://prod/', true],
    ['vault://prod/orders', true],
    ['vault://', true],
    ['vault', true],
    ['vault://other/', false],
    ['vault://prod/orders-2', false],
    ['db://prod/', false],
    ['vault2://', false],
  ])('of all below %j forgets what was kept of it: %j', async (prefix, forgets) => {
    const { broker, vault } = aBroker({}, { ...operators, guard: {} });
    const redeem = async () => {
      const grant = await broker.issue(ask('vault'));
      (await broker.redeem(grant.handle ?? '', AGENT))[Symbol.dispose]();
    };
    await redeem();
    await redeem();
    expect([vault.count('inspect'), vault.count('issue')]).toEqual([1, 1]);
    await broker.revoke({ prefix }, OPERATOR);
    await redeem();
    const asked = forgets ? 2 : 1;
    expect([vault.count('inspect'), vault.count('issue')]).toEqual([asked, asked]);
  });

  it('of all below a prefix by anybody but an operator keeps what is kept for all', async () => {
    const { broker, vault } = aBroker({}, { ...operators, guard: {} });
    await broker.issue(ask('vault'));
    for (const who of [AGENT, { ...OPERATOR, id: 'nobody', roles: [] }, { ...STRANGER, tenant: 'evil' }])
      await broker.revoke({ prefix: 'v' }, who);
    await broker.issue(ask('vault'));
    expect(vault.count('inspect')).toBe(1);
  });

  it('keeps nothing that was on its way when all below a prefix was revoked', async () => {
    const { broker, vault } = aBroker({}, { ...operators, guard: {} });
    let answer = () => {};
    vault.hold = new Promise<void>((resolve) => (answer = resolve));
    const first = broker.issue(ask('vault'));
    await broker.revoke({ prefix: 'vault://' }, OPERATOR);
    answer();
    await first;
    await broker.issue(ask('vault'));
    expect(vault.count('inspect')).toBe(2);
  });

  it('of one lease, or of a principal, keeps what is kept for others', async () => {
    const { broker, vault } = aBroker({}, { ...operators, guard: {} });
    const { leaseId } = await broker.issue(ask('vault'));
    await broker.revoke({ leaseId }, OPERATOR);
    await broker.revoke({ principal: AGENT.id }, OPERATOR);
    await broker.issue(ask('vault'));
    expect(vault.count('inspect')).toBe(1);
  });

  it('ends any number of leases', async () => {
    const { broker, leases } = aBroker({}, operators);
    for (let count = 0; count < 350; count++) await broker.issue(ask('vault'));
    expect(await broker.revoke({ prefix: 'vault://' }, OPERATOR)).toBe(350);
    expect(await leases.active()).toEqual({});
  });

  it('ends nothing of others, and does not say whether it is there', async () => {
    const { broker, leases, log } = aBroker();
    const grant = await broker.issue(ask('db', { redeemer: WORKER.id }));
    const { leaseId } = grant;
    for (const who of [STRANGER, ANN, { ...WORKER, tenant: 'evil' }]) {
      expect(await broker.revoke({ leaseId }, who)).toBe(0);
      expect(await broker.revoke({ principal: AGENT.id }, who)).toBe(0);
      expect(await broker.revoke({ prefix: 'db://' }, who)).toBe(0);
    }
    expect(await broker.revoke({ leaseId: 'made-up' }, STRANGER)).toBe(0);
    expect((await leases.find(leaseId))?.state).toBe('active');
    // Nor does the audit log, which has every attempt.
    const attempts = log.filter(({ outcome }) => outcome === 'denied');
    expect(attempts.map(({ actor }) => actor.id)).toEqual([STRANGER.id, ANN.id, WORKER.id, STRANGER.id]);
    for (const { tenant, actor, ...event } of attempts) {
      void [tenant, actor];
      expect(event).toEqual({
        action: 'credential.revoked',
        resource: { type: 'unknown', id: 'unknown' },
        outcome: 'denied',
        reason: 'there is no such thing, or it has ended',
        details: {},
      });
    }
    expect(await broker.revoke({ leaseId }, WORKER)).toBe(1);
  });

  it('ends what was made from a lease, also from one that was used up by it', async () => {
    const { broker, db } = aBroker();
    const grant = await broker.issue(ask('db'));
    const child = await broker.attenuate(grant.handle ?? '', AGENT, { redeemer: WORKER.id });
    const grandchild = await broker.attenuate(child.handle ?? '', WORKER, {});
    await broker.redeem(grandchild.handle ?? '', WORKER);
    expect(db.alive.size).toBe(1);
    expect(await broker.revoke({ principal: AGENT.id }, AGENT)).toBe(3);
    expect(db.alive.size).toBe(0);
  });

  it('lets nobody redeem what is over, although the backend cannot end it yet, and tries again', async () => {
    const { broker, clock, db, events, leases } = aBroker();
    const grant = await broker.issue(ask('db'));
    await broker.redeem(grant.handle ?? '', AGENT);
    db.failing = new BackendError('unavailable', 'it is down');
    expect(await broker.revoke({ leaseId: grant.leaseId }, AGENT)).toBe(1);
    expect((await broker.introspect(grant.handle ?? '', AGENT)).active).toBe(false);
    expect(events.filter(({ type }) => type === 'cleanup-failed')).toHaveLength(1);
    await clock.advance(3_600_000);
    const tries = db.count('revoke');
    // Twice as long each time, up to 5 minutes: 9 tries to get there, and 12 more an hour.
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(25);
    db.failing = undefined;
    await clock.advance(301_000);
    expect(db.alive.size).toBe(0);
    expect(await leases.active()).toEqual({});
    expect(events.filter(({ type }) => type === 'ended')).toHaveLength(1);
    expect(broker.stats()).toMatchObject({ revoked: { database: 1 }, expired: {}, active: {} });
    await clock.advance(7_200_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait for the audit log to end what it ends', async () => {
    let down = false;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const { broker, leases } = aBroker({}, { audit });
    for (let count = 0; count < 3; count++) await broker.issue(ask('vault'));
    down = true;
    await expectCode(broker.revoke({ principal: AGENT.id }, AGENT), 'ERR_BROKER_AUDIT');
    expect(await leases.active()).toEqual({});
  });

  it('ends also what was made from a lease while the audit log takes nothing', async () => {
    let down = false;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const { broker, db, leases } = aBroker({ oneTime: false }, { audit });
    const { leaseId, handle = '' } = await broker.issue(ask('db'));
    const child = await broker.attenuate(handle, AGENT, {});
    await broker.redeem(handle, AGENT);
    await broker.redeem(child.handle ?? '', AGENT);
    expect(db.alive.size).toBe(2);
    down = true;
    await expectCode(broker.revoke({ leaseId }, AGENT), 'ERR_BROKER_AUDIT');
    expect(db.alive.size).toBe(0);
    expect(await leases.active()).toEqual({});
  });

  it('is not lost on a use of the lease that begins at the same time', async () => {
    const store = memoryLeases();
    let beforeUse = () => Promise.resolve();
    const leases: LeaseStore = {
      ...store,
      insert: async (lease) => {
        if (lease.parent !== undefined) await beforeUse();
        await store.insert(lease);
      },
    };
    const { broker, db } = aBroker({ oneTime: false }, { leases });
    const { leaseId, handle = '' } = await broker.issue(ask('db'));
    beforeUse = async () => void (await broker.revoke({ leaseId }, AGENT));
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
    expect(db.alive.size).toBe(0);
    expect(await store.active()).toEqual({});
  });

  it('says so when it could not end a lease that others change all the time', async () => {
    const store = memoryLeases();
    let busy = false;
    const leases: LeaseStore = {
      ...store,
      change: async (lease, change) => {
        if (busy) await store.change(lease, { expiresAtMs: lease.expiresAtMs });
        return store.change(lease, change);
      },
    };
    const { broker } = aBroker({}, { leases });
    const { leaseId } = await broker.issue(ask('vault'));
    busy = true;
    await expectCode(broker.revoke({ leaseId }, AGENT), 'ERR_BROKER_STORE');
    busy = false;
    expect(await broker.revoke({ leaseId }, AGENT)).toBe(1);
  });

  it.each([
    [{}, 'revoke: '],
    [{ leaseId: '' }, 'revoke: leaseId must be a string of 1 to 512 characters'],
    [{ leaseId: 'a', prefix: 'b' }, 'revoke: what must have one field'],
    [{ tenant: 'acme' }, 'revoke: what must have leaseId, tokenId, principal or prefix'],
    [{ prefix: 7 }, 'revoke: prefix must be a string'],
    [null, 'revoke: what must be an object'],
  ])('refuses %j', async (what, message) => {
    const { broker } = aBroker();
    await expect(broker.revoke(what as unknown as Revocation, AGENT)).rejects.toThrow(message);
  });
});
