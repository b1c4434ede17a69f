import { BackendError, fileLeases, type Credential } from '@holdfast/credential-broker';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ANN, ask, expectCode, refusal, STRANGER, WORKER, thumbprint } from './rig.ts';
import { CANARY } from './stub-backend.ts';

const handleOf = ({ handle = '' }: { readonly handle: string | undefined }) => handle;

describe('redeem', () => {
  it.each(['db', 'vault'] as const)(
    'gives the credential to the redeemer that the grant names (%s)',
    async (scheme) => {
      const { broker, log, events } = aBroker();
      const grant = await broker.issue(ask(scheme, { redeemer: WORKER.id }));
      const redeemed = await broker.redeem(handleOf(grant), WORKER);
      expect(redeemed).toMatchObject({
        leaseId: grant.leaseId,
        scope: ['read'],
        expiresAtMs: grant.expiresAtMs,
      });
      expect(redeemed.credential['password']?.reveal()).toContain(CANARY);
      expect(log.at(-1)).toMatchObject({
        actor: { id: 'worker-1' },
        action: 'credential.redeemed',
        outcome: 'success',
      });
      expect(events.at(-1)).toMatchObject({ type: 'redeemed', leaseId: grant.leaseId });
      redeemed[Symbol.dispose]();
      expect(() => redeemed.credential['password']?.reveal()).toThrow('disposed');
    },
  );

  it.each(['db', 'vault'] as const)(
    'of a one-time handle has one winner of 1,000 at once (%s)',
    async (scheme) => {
      const { broker, [scheme]: backend } = aBroker();
      const handle = handleOf(await broker.issue(ask(scheme)));
      const results = await Promise.allSettled(
        Array.from({ length: 1_000 }, () => broker.redeem(handle, AGENT)),
      );
      const codes = results.map((one) =>
        one.status === 'fulfilled' ? 'won' : (one.reason as { code: string }).code,
      );
      expect(codes.filter((code) => code === 'won')).toHaveLength(1);
      expect(codes.filter((code) => code === 'ERR_BROKER_UNKNOWN')).toHaveLength(999);
      expect(backend.count('issue')).toBe(1);
    },
  );

  it('of a handle that was used stays refused after a restart', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'broker-'));
    const first = aBroker({}, { leases: await fileLeases({ dir }) });
    const used = handleOf(await first.broker.issue(ask('vault')));
    const fresh = handleOf(await first.broker.issue(ask('vault')));
    await first.broker.redeem(used, AGENT);
    await first.broker.close();
    const second = aBroker({}, { leases: await fileLeases({ dir }) });
    await expectCode(second.broker.redeem(used, AGENT), 'ERR_BROKER_UNKNOWN');
    await second.broker.redeem(fresh, AGENT);
    await second.broker.close();
    await rm(dir, { recursive: true });
  });

  it('treats what is foreign, ended, used or made up exactly alike', async () => {
    const { broker, clock, log } = aBroker({ oneTime: true });
    const issue = async () => handleOf(await broker.issue(ask('vault')));
    const [foreign, used, revoked, expired] = [await issue(), await issue(), await issue(), await issue()];
    await broker.redeem(used, AGENT);
    await broker.revoke({ leaseId: (await broker.introspect(revoked, AGENT))['jti'] as string }, AGENT);
    const attempts = [
      () => broker.redeem(foreign, STRANGER),
      () => broker.redeem(foreign, WORKER),
      () => broker.redeem(foreign, { ...AGENT, id: 'ann' }),
      () => broker.redeem(used, AGENT),
      () => broker.redeem(revoked, AGENT),
      () => broker.redeem(`hf_${'A'.repeat(43)}`, AGENT),
      () => broker.redeem('', AGENT),
      () => broker.redeem('x'.repeat(1_000_000), AGENT),
      () => broker.redeem(undefined as unknown as string, AGENT),
    ];
    const errors = [];
    log.length = 0;
    for (const attempt of attempts) errors.push(await refusal(attempt()));
    await clock.advance(301_000);
    errors.push(await refusal(broker.redeem(expired, AGENT)));
    for (const { message, code, cause } of errors) {
      expect([message, code, cause]).toEqual([
        'there is no such thing, or it has ended',
        'ERR_BROKER_UNKNOWN',
        undefined,
      ]);
    }
    // The audit log does not tell them apart either, save for who asked.
    expect(log).toHaveLength(10);
    for (const { tenant, actor, ...event } of log) {
      void [tenant, actor];
      expect(event).toEqual({
        action: 'credential.redeemed',
        resource: { type: 'unknown', id: 'unknown' },
        outcome: 'denied',
        reason: 'there is no such thing, or it has ended',
        details: {},
      });
    }
  });

  it('wants the proof of the key that the lease is bound to', async () => {
    const { broker } = aBroker();
    const handle = handleOf(await broker.issue(ask('vault', { keyThumbprint: thumbprint('jkt') })));
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_PROOF_REQUIRED');
    await expectCode(
      broker.redeem(handle, { ...AGENT, keyThumbprint: thumbprint('other') }),
      'ERR_BROKER_PROOF_REQUIRED',
    );
    await broker.redeem(handle, { ...AGENT, keyThumbprint: thumbprint('jkt') });
  });

  it('never gives out what is to be injected', async () => {
    const { broker, vault } = aBroker();
    const handle = handleOf(await broker.issue(ask('vault', { mode: 'injected' })));
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_DENIED');
    expect(vault.count('issue')).toBe(0);
  });

  it('gives a lease of its own to each use of a lease for several, which all end with it', async () => {
    const { broker, db, leases } = aBroker({ oneTime: false });
    const grant = await broker.issue(ask('db'));
    const uses = await Promise.all([1, 2, 3].map(() => broker.redeem(handleOf(grant), AGENT)));
    expect(new Set(uses.map(({ leaseId }) => leaseId)).size).toBe(3);
    expect(db.alive.size).toBe(3);
    expect(await broker.revoke({ leaseId: grant.leaseId }, AGENT)).toBe(4);
    expect(db.alive.size).toBe(0);
    expect(await leases.active()).toEqual({});
    await expectCode(broker.redeem(handleOf(grant), AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('lets a request be for one use where the rule would allow several, not the other way round', async () => {
    const several = aBroker({ oneTime: false }).broker;
    const once = handleOf(await several.issue(ask('vault', { oneTime: true })));
    await several.redeem(once, AGENT);
    await expectCode(several.redeem(once, AGENT), 'ERR_BROKER_UNKNOWN');
    const strict = aBroker({ oneTime: true }).broker;
    const handle = handleOf(await strict.issue(ask('vault', { oneTime: false })));
    await strict.redeem(handle, AGENT);
    await expectCode(strict.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('gives no longer than the backend keeps the credential alive', async () => {
    const { broker, clock, db, leases } = aBroker();
    const grant = await broker.issue(ask('db'));
    db.maxTtlMs = 20_000;
    const redeemed = await broker.redeem(handleOf(grant), AGENT);
    expect(redeemed.expiresAtMs).toBe(clock.wallNow() + 20_000);
    expect((await leases.find(grant.leaseId))?.expiresAtMs).toBe(redeemed.expiresAtMs);
  });

  it('uses the handle up when the backend gives nothing, and writes that down', async () => {
    const { broker, db, leases, log } = aBroker();
    const handle = handleOf(await broker.issue(ask('db')));
    db.failing = new BackendError('unavailable', 'it is down');
    await expect(broker.redeem(handle, AGENT)).rejects.toThrow(db.failing);
    expect(log.at(-1)).toMatchObject({
      action: 'credential.redeemed',
      outcome: 'failure',
      reason: 'unavailable',
    });
    db.failing = undefined;
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
    expect(await leases.active()).toEqual({});
  });

  it('ends at the backend what it made too late for anybody to wait for it', async () => {
    const { broker, clock, db } = aBroker();
    const handle = handleOf(await broker.issue(ask('db')));
    let release = () => {};
    db.hold = new Promise((resolve) => (release = resolve));
    const redeemed = broker.redeem(handle, AGENT).catch((error: unknown) => error);
    await clock.advance(15_000);
    expect(await redeemed).toMatchObject({ failure: 'unavailable' });
    release();
    db.hold = undefined;
    await clock.advance(0);
    expect([db.count('issue'), db.count('revoke'), db.alive.size]).toEqual([1, 1, 0]);
  });

  it('ends at the backend what was made when the audit log does not take the event', async () => {
    let down = false;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const { broker, db, leases } = aBroker({}, { audit });
    const handle = handleOf(await broker.issue(ask('db')));
    down = true;
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_AUDIT');
    expect([db.count('issue'), db.alive.size]).toEqual([1, 0]);
    expect(await leases.active()).toEqual({});
    expect(broker.stats().redeemed).toEqual({});
  });

  it.each(['db', 'vault'] as const)(
    'loses against a revocation while the backend is asked (%s)',
    async (scheme) => {
      for (const oneTime of [true, false]) {
        const { broker, clock, db, [scheme]: backend, leases } = aBroker({ oneTime });
        const grant = await broker.issue(ask(scheme));
        let release = () => {};
        backend.hold = new Promise((resolve) => (release = resolve));
        const redeemed = refusal(broker.redeem(handleOf(grant), AGENT));
        await clock.advance(0);
        const revoked = broker.revoke({ leaseId: grant.leaseId }, AGENT);
        await clock.advance(0);
        release();
        backend.hold = undefined;
        expect((await redeemed).code).toBe('ERR_BROKER_UNKNOWN');
        expect(await revoked).toBeGreaterThanOrEqual(1);
        expect(db.alive.size).toBe(0);
        expect(await leases.active()).toEqual({});
      }
    },
  );

  it('says so when the store of leases gives no answer', async () => {
    const { broker, leases } = aBroker();
    const handle = handleOf(await broker.issue(ask('vault')));
    leases.findByHandle = () => Promise.reject(new Error('connection lost'));
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_STORE');
  });
});

describe('withSecret', () => {
  it('clears the secrets once they were used, whatever comes of it', async () => {
    const { broker } = aBroker({ oneTime: false });
    const handle = handleOf(await broker.issue(ask('vault')));
    const seen: Credential[] = [];
    const length = await broker.withSecret(handle, AGENT, async (credential) => {
      seen.push(credential);
      return credential['password']?.reveal().length;
    });
    expect(length).toBeGreaterThan(CANARY.length);
    const oops = new Error('oops');
    const failing = broker.withSecret(handle, AGENT, (credential) => {
      seen.push(credential);
      throw oops;
    });
    await expect(failing).rejects.toBe(oops);
    expect(seen.map((credential) => credential['password']?.disposed)).toEqual([true, true]);
  });

  it('runs nothing for those who may not redeem', async () => {
    const { broker } = aBroker();
    const handle = handleOf(await broker.issue(ask('vault')));
    await expectCode(
      broker.withSecret(handle, ANN, () => expect.unreachable()),
      'ERR_BROKER_UNKNOWN',
    );
  });

  it('may use what is to be injected, which is given to nobody', async () => {
    const { broker } = aBroker({ oneTime: false });
    const handle = handleOf(await broker.issue(ask('vault', { mode: 'injected' })));
    await expectCode(broker.redeem(handle, AGENT), 'ERR_BROKER_DENIED');
    const seen = await broker.withSecret(handle, AGENT, ({ password }) => password?.reveal());
    expect(seen).toContain(CANARY);
  });

  it('leaves a lease for one use as it is when a check refuses the use, and writes both down', async () => {
    const { broker, db, log, events } = aBroker();
    const handle = handleOf(await broker.issue(ask('db')));
    const no = new Error('not today');
    const refused = broker.withSecret(
      handle,
      AGENT,
      () => expect.unreachable(),
      ({ resource, scope, audience }) => {
        expect([resource.ref, scope, audience]).toEqual(['db://prod/orders', ['read'], undefined]);
        throw no;
      },
    );
    await expect(refused).rejects.toBe(no);
    expect(log.at(-1)).toMatchObject({ outcome: 'denied', reason: 'not today' });
    expect(events.at(-1)).toMatchObject({ type: 'denied', code: 'ERR_BROKER_DENIED' });
    expect([db.count('issue'), broker.stats().denied]).toEqual([0, { database: 1 }]);
    await broker.withSecret(
      handle,
      AGENT,
      () => {},
      () => ({ origin: 'https://api.example' }),
    );
    expect(log.at(-1)).toMatchObject({
      outcome: 'success',
      details: { use: { origin: 'https://api.example' } },
    });
  });
});
