import { BackendError, fileLeases, memoryLeases } from '@holdfast/credential-broker';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ask, expectCode, WORKER, thumbprint } from './rig.ts';

describe('expiry', () => {
  it('ends what is over at its backend, and has no timer afterwards', async () => {
    const { broker, clock, db, events, leases } = aBroker();
    const grants = [];
    for (let count = 0; count < 250; count++) grants.push(await broker.issue(ask('db')));
    for (const { handle } of grants) await broker.redeem(handle ?? '', AGENT);
    expect(db.alive.size).toBe(250);
    expect(broker.stats().active).toEqual({ database: 250 });
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([1, 0]);
    await clock.advance(301_000);
    expect(db.alive.size).toBe(0);
    expect(await leases.active()).toEqual({});
    expect(broker.stats()).toMatchObject({ expired: { database: 250 }, active: {} });
    expect(broker.snapshot().tokens.active).toBe(0);
    expect(events.filter(({ type }) => type === 'ended')).toHaveLength(250);
    await clock.advance(3_600_000);
    expect(clock.pendingTimers).toBe(0);
    expect(await leases.find(grants[0]?.leaseId ?? '')).toBeUndefined();
  });

  it('has one timer for many leases that end at different times', async () => {
    const { broker, clock, leases } = aBroker();
    for (let count = 0; count < 100; count++) await broker.issue(ask('vault', { ttlSeconds: 60 + count }));
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(100_000);
    expect(await leases.active()).toEqual({ api: 60 });
    await clock.advance(61_000);
    expect(await leases.active()).toEqual({});
  });

  it('forgets what was used up although nothing is left to expire', async () => {
    const { broker, clock, leases } = aBroker();
    const { leaseId, handle } = await broker.issue(ask('vault'));
    await broker.redeem(handle ?? '', AGENT);
    expect(broker.stats().active).toEqual({ api: 0 });
    await clock.advance(310_000);
    expect((await leases.find(leaseId))?.state).toBe('consumed');
    await clock.advance(3_600_000);
    expect(await leases.find(leaseId)).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('goes on where the process before left off', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'broker-'));
    const first = aBroker({}, { leases: await fileLeases({ dir }) });
    const { handle } = await first.broker.issue(ask('db'));
    await first.broker.redeem(handle ?? '', AGENT);
    await first.broker.close();
    expect(first.clock.pendingTimers).toBe(0);
    const second = aBroker({}, { leases: await fileLeases({ dir }), backends: { db: first.db } });
    expect(first.db.alive.size).toBe(1);
    await expect
      .poll(async () => {
        await second.clock.advance(301_000);
        return first.db.alive.size;
      })
      .toBe(0);
    await second.broker.close();
    await rm(dir, { recursive: true });
  });

  it('waits for a store that gives no answer', async () => {
    const leases = memoryLeases();
    const { broker, clock, db } = aBroker({}, { leases });
    const { handle } = await broker.issue(ask('db'));
    await broker.redeem(handle ?? '', AGENT);
    const { due } = leases;
    leases.due = () => Promise.reject(new Error('connection lost'));
    await clock.advance(400_000);
    expect(db.alive.size).toBe(1);
    leases.due = due;
    await clock.advance(2_000);
    expect(db.alive.size).toBe(0);
  });

  it('does not keep one lease that is stuck from holding up the others', async () => {
    const { broker, clock, db } = aBroker();
    const { revoke } = db;
    db.revoke = (ref, signal) =>
      ref === 'role-1'
        ? Promise.reject(new BackendError('denied', 'no'))
        : (revoke?.(ref, signal) ?? Promise.resolve());
    for (let count = 0; count < 150; count++) {
      const { handle } = await broker.issue(ask('db'));
      await broker.redeem(handle ?? '', AGENT);
    }
    await clock.advance(301_000);
    expect([...db.alive.keys()]).toEqual(['role-1']);
  });

  it('is not forgotten for a lease that is given while it is being looked for the next to expire', async () => {
    const leases = memoryLeases();
    const { broker, clock, db } = aBroker({}, { leases });
    const { due } = leases;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    leases.due = async (byMs, limit) => {
      const found = await due(byMs, limit);
      if (byMs === Number.MAX_SAFE_INTEGER) await held;
      return found;
    };
    await broker.issue(ask('vault', { ttlSeconds: 60 }));
    await clock.advance(61_000);
    const { handle } = await broker.issue(ask('db', { ttlSeconds: 60 }));
    await broker.redeem(handle ?? '', AGENT);
    release();
    await clock.advance(62_000);
    expect(db.count('revoke')).toBe(1);
  });

  it('is not undone by a clock that is set back', async () => {
    const { broker, clock, db } = aBroker();
    const { handle = '' } = await broker.issue(ask('db'));
    await clock.advance(299_000);
    clock.jumpWall(-86_400_000);
    await clock.advance(1_001);
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
    // And what is given then still ends.
    const late = await broker.issue(ask('db'));
    await broker.redeem(late.handle ?? '', AGENT);
    await clock.advance(302_000);
    expect(db.alive.size).toBe(0);
  });
});

describe('renew', () => {
  it('prolongs a lease from now on, and its credential at the backend', async () => {
    const { broker, clock, db, events, log } = aBroker();
    const { leaseId, handle } = await broker.issue(ask('db'));
    await broker.redeem(handle ?? '', AGENT);
    await clock.advance(200_000);
    const { expiresAtMs } = await broker.renew(leaseId, AGENT);
    expect(expiresAtMs).toBe(clock.wallNow() + 300_000);
    expect([...db.alive.values()]).toEqual([expiresAtMs]);
    expect(events.at(-1)).toEqual({ type: 'renewed', leaseId, expiresAtMs });
    expect(log.at(-1)).toMatchObject({ action: 'credential.renewed', outcome: 'success' });
    await clock.advance(299_000);
    expect(db.alive.size).toBe(1);
    await clock.advance(3_000);
    expect(db.alive.size).toBe(0);
  });

  it('never goes beyond what the policy gives at most, however often', async () => {
    const { broker, clock } = aBroker({ maxTtlSeconds: 600 });
    const startMs = clock.wallNow();
    const { leaseId } = await broker.issue(ask('vault'));
    for (let count = 0; count < 5; count++) {
      await clock.advance(100_000);
      const { expiresAtMs } = await broker.renew(leaseId, AGENT, 900);
      expect(expiresAtMs).toBe(startMs + 600_000);
    }
    await clock.advance(100_000);
    await expectCode(broker.renew(leaseId, AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('makes nothing shorter', async () => {
    const { broker, clock } = aBroker();
    const { leaseId, expiresAtMs } = await broker.issue(ask('vault', { ttlSeconds: 600 }));
    expect(await broker.renew(leaseId, AGENT, 60)).toEqual({ expiresAtMs });
    expect(expiresAtMs).toBe(clock.wallNow() + 600_000);
  });

  it('asks the policy again', async () => {
    const leases = memoryLeases();
    const { broker } = aBroker({}, { leases });
    const { leaseId } = await broker.issue(ask('vault'));
    const strict = aBroker([], { leases }).broker;
    await expectCode(strict.renew(leaseId, AGENT), 'ERR_BROKER_DENIED');
    const tight = aBroker({ maxTtlSeconds: 300 }, { leases }).broker;
    const { expiresAtMs } = await tight.renew(leaseId, AGENT);
    expect(expiresAtMs).toBe((await leases.find(leaseId))?.expiresAtMs);
  });

  it.each([0, -60, 60.5, NaN, Infinity, 2 ** 53])('refuses %d seconds', async (ttlSeconds) => {
    const { broker } = aBroker();
    const { leaseId } = await broker.issue(ask('vault'));
    await expect(broker.renew(leaseId, AGENT, ttlSeconds)).rejects.toThrow(
      'renew: ttlSeconds must be an integer >= 60 and <= 900',
    );
  });

  it('is for the parties of the lease alone', async () => {
    const { broker } = aBroker();
    const { leaseId } = await broker.issue(ask('vault', { redeemer: WORKER.id }));
    await broker.renew(leaseId, WORKER);
    for (const who of [
      { ...AGENT, tenant: 'evil' },
      { ...AGENT, id: 'other' },
      { ...WORKER, tenant: 'evil' },
    ]) {
      await expectCode(broker.renew(leaseId, who), 'ERR_BROKER_UNKNOWN');
    }
    await expectCode(broker.renew('made-up', AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('wants the proof of the key from the redeemer, and none from whoever asked for the lease', async () => {
    const { broker, clock, log } = aBroker();
    const bound = { redeemer: WORKER.id, keyThumbprint: thumbprint('jkt') };
    const { leaseId } = await broker.issue(ask('vault', bound));
    await clock.advance(10_000);
    for (const who of [WORKER, { ...WORKER, keyThumbprint: thumbprint('other') }]) {
      await expectCode(broker.renew(leaseId, who), 'ERR_BROKER_PROOF_REQUIRED');
    }
    expect(log.at(-1)).toMatchObject({ action: 'credential.renewed', outcome: 'denied' });
    await broker.renew(leaseId, { ...WORKER, keyThumbprint: thumbprint('jkt') });
    await broker.renew(leaseId, AGENT);
  });

  it.each([NaN, Infinity, -1])('prolongs nothing by a backend that says %d', async (said) => {
    const { broker, clock, db } = aBroker();
    const { leaseId, handle, expiresAtMs } = await broker.issue(ask('db'));
    await broker.redeem(handle ?? '', AGENT);
    await clock.advance(60_000);
    db.renew = async () => said;
    expect(await broker.renew(leaseId, AGENT)).toEqual({ expiresAtMs });
  });

  it('never goes beyond what the backend gives at most', async () => {
    const { broker, clock, db } = aBroker();
    db.maxTtlMs = 120_000;
    const { leaseId, handle, issuedAtMs } = await broker.issue(ask('db'));
    await broker.redeem(handle ?? '', AGENT);
    await clock.advance(60_000);
    expect(await broker.renew(leaseId, AGENT)).toEqual({ expiresAtMs: issuedAtMs + 120_000 });
  });

  it('looks for nothing that is no id', async () => {
    const store = memoryLeases();
    let looked = 0;
    const leases = { ...store, find: (id: string) => (looked++, store.find(id)) };
    const { broker } = aBroker({}, { leases });
    for (const id of ['x'.repeat(1_000_000), 'a\0b', '', null as unknown as string]) {
      await expectCode(broker.renew(id, AGENT), 'ERR_BROKER_UNKNOWN');
      await expectCode(broker.approvals.find(id, AGENT), 'ERR_BROKER_UNKNOWN');
      await expectCode(broker.approvals.approve(id, AGENT), 'ERR_BROKER_UNKNOWN');
    }
    expect(await broker.revoke({ leaseId: 'a b' }, AGENT)).toBe(0);
    expect(looked).toBe(0);
  });

  it('leaves a lease as it is whose backend cannot prolong it', async () => {
    const { broker, clock, db } = aBroker();
    delete db.renew;
    const { leaseId, handle, expiresAtMs } = await broker.issue(ask('db'));
    await broker.redeem(handle ?? '', AGENT);
    await clock.advance(100_000);
    expect(await broker.renew(leaseId, AGENT)).toEqual({ expiresAtMs });
  });

  it('is no renewal when the audit log does not take it', async () => {
    let down = false;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const { broker, clock, leases } = aBroker({}, { audit });
    const { leaseId, expiresAtMs } = await broker.issue(ask('vault'));
    await clock.advance(100_000);
    down = true;
    await expectCode(broker.renew(leaseId, AGENT), 'ERR_BROKER_AUDIT');
    expect((await leases.find(leaseId))?.expiresAtMs).toBe(expiresAtMs);
  });
});
