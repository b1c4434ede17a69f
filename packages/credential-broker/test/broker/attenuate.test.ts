import { memoryLeases, type Grant, type Narrowing, type Principal } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ask, expectCode, STRANGER, WORKER, thumbprint } from './rig.ts';

const handleOf = ({ handle = '' }: Grant) => handle;
const OTHER: Principal = { id: 'worker-2', tenant: 'acme', type: 'workload' };

describe('attenuate', () => {
  it('makes a narrower lease for somebody else', async () => {
    const { broker, clock, leases, log } = aBroker();
    const parent = await broker.issue(ask('vault', { scope: ['read', 'write'] }));
    const narrowing = { scope: ['read'], ttlSeconds: 30, audience: 'https://db', redeemer: WORKER.id };
    const child = await broker.attenuate(handleOf(parent), AGENT, narrowing);
    expect(child).toMatchObject({ scope: ['read'], audience: 'https://db', mode: 'reference' });
    expect(child.expiresAtMs).toBe(clock.wallNow() + 30_000);
    expect(await leases.find(child.leaseId)).toMatchObject({ parent: parent.leaseId, redeemer: 'worker-1' });
    expect(log.at(-1)).toMatchObject({ action: 'credential.attenuated', outcome: 'success' });
    await expectCode(broker.redeem(handleOf(child), AGENT), 'ERR_BROKER_UNKNOWN');
    expect((await broker.redeem(handleOf(child), WORKER)).scope).toEqual(['read']);
  });

  it('uses a lease for one use up: of parent and child one is redeemed', async () => {
    const { broker } = aBroker({ oneTime: true });
    const parent = await broker.issue(ask('vault'));
    const attempts = await Promise.allSettled(
      Array.from({ length: 50 }, (_, at) =>
        at % 2 === 0 ? broker.attenuate(handleOf(parent), AGENT, {}) : broker.redeem(handleOf(parent), AGENT),
      ),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('leaves a lease for several uses as it is', async () => {
    const { broker } = aBroker({ oneTime: false });
    const parent = await broker.issue(ask('vault'));
    const child = await broker.attenuate(handleOf(parent), AGENT, {});
    await broker.redeem(handleOf(parent), AGENT);
    await broker.redeem(handleOf(child), AGENT);
  });

  it.each<[Narrowing]>([
    [{ scope: ['read', 'admin'] }],
    [{ scope: ['admin'] }],
    [{ audience: 'https://evil' }],
  ])('refuses to widen: %j', async (narrowing) => {
    const { broker } = aBroker();
    const parent = await broker.issue(ask('vault', { audience: 'https://db' }));
    await expectCode(broker.attenuate(handleOf(parent), AGENT, narrowing), 'ERR_BROKER_DENIED');
    // And nothing was used up by it.
    await broker.redeem(handleOf(parent), AGENT);
  });

  it('is for those alone who may redeem', async () => {
    const { broker } = aBroker();
    const parent = await broker.issue(ask('vault', { redeemer: WORKER.id }));
    for (const who of [AGENT, STRANGER, { ...WORKER, tenant: 'evil' }]) {
      await expectCode(broker.attenuate(handleOf(parent), who, {}), 'ERR_BROKER_UNKNOWN');
    }
    await expectCode(broker.attenuate(`hf_${'A'.repeat(43)}`, WORKER, {}), 'ERR_BROKER_UNKNOWN');
  });

  it('never loses the key that has to be proven', async () => {
    const { broker, leases } = aBroker({ oneTime: false });
    const holder = { ...AGENT, keyThumbprint: thumbprint('mine') };
    const parent = handleOf(await broker.issue(ask('vault', { principal: holder })));
    await expectCode(broker.attenuate(parent, AGENT, {}), 'ERR_BROKER_PROOF_REQUIRED');
    await expectCode(broker.attenuate(parent, holder, { redeemer: OTHER.id }), 'ERR_BROKER_PROOF_REQUIRED');
    const own = await broker.attenuate(parent, holder, {});
    expect((await leases.find(own.leaseId))?.keyThumbprint).toBe(thumbprint('mine'));
    await expect(
      broker.attenuate(parent, holder, { redeemer: OTHER.id, keyThumbprint: 'theirs' }),
    ).rejects.toThrow('attenuate: keyThumbprint must be a SHA-256 thumbprint');
    const theirs = await broker.attenuate(parent, holder, {
      redeemer: OTHER.id,
      keyThumbprint: thumbprint('theirs'),
    });
    await expectCode(broker.redeem(handleOf(theirs), OTHER), 'ERR_BROKER_PROOF_REQUIRED');
    await broker.redeem(handleOf(theirs), { ...OTHER, keyThumbprint: thumbprint('theirs') });
  });

  it('goes on for so many times', async () => {
    const { broker } = aBroker();
    let handle = handleOf(await broker.issue(ask('vault')));
    for (let depth = 0; depth < 7; depth++) handle = handleOf(await broker.attenuate(handle, AGENT, {}));
    await expectCode(broker.attenuate(handle, AGENT, {}), 'ERR_BROKER_DENIED');
    await broker.redeem(handle, AGENT);
  });

  it('makes what ends with whatever it was made from', async () => {
    const { broker } = aBroker({ oneTime: false });
    const parent = await broker.issue(ask('vault'));
    const child = await broker.attenuate(handleOf(parent), AGENT, {});
    const grandchild = await broker.attenuate(handleOf(child), AGENT, { redeemer: WORKER.id });
    expect(await broker.revoke({ leaseId: child.leaseId }, AGENT)).toBe(2);
    await expectCode(broker.redeem(handleOf(grandchild), WORKER), 'ERR_BROKER_UNKNOWN');
    await broker.redeem(handleOf(parent), AGENT);
  });

  it('makes what is dead when its parent is, although nobody ended it', async () => {
    const leases = memoryLeases();
    const { broker } = aBroker({ oneTime: false }, { leases });
    const parent = await broker.issue(ask('vault'));
    const child = await broker.attenuate(handleOf(parent), AGENT, {});
    const lease = await leases.find(parent.leaseId);
    // As when a revocation came while the child was being made.
    if (lease !== undefined) await leases.change(lease, { state: 'revoked' });
    await expectCode(broker.redeem(handleOf(child), AGENT), 'ERR_BROKER_UNKNOWN');
    await expectCode(broker.renew(child.leaseId, AGENT), 'ERR_BROKER_UNKNOWN');
    expect(await broker.introspect(handleOf(child), AGENT)).toEqual({ active: false });
  });

  it.each([
    [{ ttlSeconds: 0 }, 'attenuate: ttlSeconds must be an integer >= 1'],
    [{ scope: [] }, 'attenuate: scope must be a list of 1 to 16'],
    [{ tenant: 'evil' }, 'attenuate: a narrowing has no such field'],
    [{ redeemer: '' }, 'attenuate: redeemer must be a string'],
    [null, 'attenuate: narrowing must be an object'],
  ])('refuses %j', async (narrowing, message) => {
    const { broker } = aBroker();
    const parent = await broker.issue(ask('vault'));
    await expect(broker.attenuate(handleOf(parent), AGENT, narrowing as Narrowing)).rejects.toThrow(message);
  });

  it('only ever narrows, whatever is asked, however often', async () => {
    const scopes = ['read', 'write', 'list'];
    const narrowing = fc.record(
      {
        scope: fc.subarray([...scopes, 'admin'], { minLength: 1 }),
        ttlSeconds: fc.integer({ min: 1, max: 2_000 }),
        audience: fc.constantFrom('https://a', 'https://b'),
        redeemer: fc.constantFrom(AGENT.id, WORKER.id, OTHER.id),
        keyThumbprint: fc.constantFrom(thumbprint('j1'), thumbprint('j2')),
      },
      { requiredKeys: [] },
    );
    const who = new Map([AGENT, WORKER, OTHER].map((one) => [one.id, one]));
    let [made, refused] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.array(narrowing, { maxLength: 6 }), fc.boolean(), async (steps, oneTime) => {
        const { broker, clock, leases } = aBroker({ oneTime });
        let grant = await broker.issue(ask('vault', { scope: scopes, keyThumbprint: thumbprint('j0') }));
        for (const step of steps) {
          await clock.advance(1_000);
          const parent = await leases.find(grant.leaseId);
          if (parent === undefined) throw new Error('lost');
          const holder = who.get(parent.redeemer) ?? AGENT;
          const proven = { ...holder, ...(parent.keyThumbprint && { keyThumbprint: parent.keyThumbprint }) };
          try {
            grant = await broker.attenuate(handleOf(grant), proven, step);
          } catch {
            refused++;
            continue;
          }
          made++;
          const child = await leases.find(grant.leaseId);
          if (child === undefined) throw new Error('lost');
          expect(parent.scope).toEqual(expect.arrayContaining([...child.scope]));
          expect(child.expiresAtMs).toBeLessThanOrEqual(parent.expiresAtMs);
          expect(child.maxExpiresAtMs).toBeLessThanOrEqual(parent.expiresAtMs);
          expect(child.oneTime).toBe(parent.oneTime);
          expect([child.tenant, child.resource, child.mode, child.rule, child.parent]).toEqual([
            parent.tenant,
            parent.resource,
            parent.mode,
            parent.rule,
            parent.id,
          ]);
          if (parent.audience !== undefined) expect(child.audience).toBe(parent.audience);
          if (parent.keyThumbprint !== undefined) expect(child.keyThumbprint).toBeDefined();
        }
      }),
      { numRuns: 200 },
    );
    expect(Math.min(made, refused)).toBeGreaterThan(50);
  });
});
