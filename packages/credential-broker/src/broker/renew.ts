import { isGoodAt } from '../leases/is-good-at.ts';
import type { Lease } from '../leases/lease.ts';
import type { Decision } from '../policy/access-policy.ts';
import { unknown, type BrokerCore } from './broker-core.ts';
import { BrokerError } from './errors.ts';
import { ancestorsOf } from './find-lease.ts';
import { isId } from './handle.ts';
import { aboutLease, NO_LEASE } from './lease-details.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal } from './read-principal.ts';
import { cappedTtl, readTtl } from './read-request.ts';

const action = 'credential.renewed';
const DEFAULT_TTL_MS = 300_000;

/** Prolongs a lease, from now on and never beyond what it was given at most. */
export async function renew(
  core: BrokerCore,
  leaseId: string,
  principal: Principal,
  ttlSeconds?: number,
): Promise<{ readonly expiresAtMs: number }> {
  checkPrincipal('renew', principal);
  const askedMs = readTtl('renew', ttlSeconds, principal);
  core.admit(principal);
  const lease = isId(leaseId) ? await core.store((leases) => leases.find(leaseId)) : undefined;
  const ancestors = lease && (await lineOf(core, lease, principal));
  if (lease === undefined || ancestors === undefined) {
    return core.refuse(principal, { action, ...NO_LEASE }, unknown());
  }
  if (lacksProof(lease, principal)) {
    const error = new BrokerError(
      'ERR_BROKER_PROOF_REQUIRED',
      'the redeemer has to prove the key of the lease',
    );
    return core.refuse(principal, { action, ...aboutLease(lease) }, error);
  }
  const decision = decideAgain(core, lease, principal, askedMs);
  if (decision?.allowed === false || lease.mode === 'sealed') {
    const error = new BrokerError('ERR_BROKER_DENIED', 'this lease cannot be renewed');
    return core.refuse(principal, { action, ...aboutLease(lease) }, error);
  }
  const nowMs = core.now();
  const ttlMs = decision?.ttlMs ?? askedMs ?? DEFAULT_TTL_MS;
  const ends = [
    nowMs + cappedTtl(ttlMs, principal),
    lease.maxExpiresAtMs,
    lease.issuedAtMs + (decision?.maxTtlMs ?? Infinity),
    ...ancestors.map(({ expiresAtMs }) => expiresAtMs),
  ];
  return prolong(core, lease, principal, Math.min(...ends));
}

/** What a lease was made from, for those who may renew it. */
async function lineOf(
  core: BrokerCore,
  lease: Lease,
  { id, tenant }: Principal,
): Promise<readonly Lease[] | undefined> {
  const isTheirs = lease.tenant === tenant && (lease.principal === id || lease.redeemer === id);
  if (!isTheirs || !isGoodAt(lease, core.now())) return undefined;
  return ancestorsOf(core, lease);
}

/** Whoever asked for a lease that somebody else redeems does not have the key that it is bound to. */
function lacksProof({ keyThumbprint, redeemer }: Lease, principal: Principal): boolean {
  return (
    keyThumbprint !== undefined && redeemer === principal.id && principal.keyThumbprint !== keyThumbprint
  );
}

/** What the policy says by now of the one whom it was asked about. */
function decideAgain(
  core: BrokerCore,
  { principal: holder, parent, resource, scope, audience, mode }: Lease,
  principal: Principal,
  ttlMs: number | undefined,
): Extract<Decision, { allowed: true }> | Extract<Decision, { allowed: false }> | undefined {
  if (principal.id !== holder || parent !== undefined) return undefined;
  return core.settings.policy.decide({ principal, resource, scope, audience, mode, ttlMs });
}

async function prolong(
  core: BrokerCore,
  lease: Lease,
  principal: Principal,
  wantedMs: number,
): Promise<{ readonly expiresAtMs: number }> {
  const { expiresAtMs: heldMs, backendRef } = lease;
  if (wantedMs <= heldMs) return { expiresAtMs: heldMs };
  let expiresAtMs = wantedMs;
  if (backendRef !== undefined) {
    const backendMs = await core.backends.renew(lease, backendRef, wantedMs - core.now());
    // What is no time prolongs nothing.
    const untilMs = Number.isFinite(backendMs) ? Math.floor(Number(backendMs)) : heldMs;
    expiresAtMs = Math.max(heldMs, Math.min(wantedMs, untilMs));
  }
  // Written first: a renewal that nobody can look up must not be one.
  await core.record(principal, { action, ...aboutLease({ ...lease, expiresAtMs }), outcome: 'success' });
  const renewed = await core.store((leases) => leases.change(lease, { expiresAtMs }));
  if (renewed === undefined) throw unknown();
  core.sweeper.expect(expiresAtMs);
  if (core.emitter.active) core.emitter.emit({ type: 'renewed', leaseId: lease.id, expiresAtMs });
  return { expiresAtMs };
}
