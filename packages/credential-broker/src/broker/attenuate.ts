import { check, type } from '@holdfast/pipeline';
import type { Lease } from '../leases/lease.ts';
import type { Grant, Narrowing } from './broker.ts';
import { unknown, type BrokerCore } from './broker-core.ts';
import { endLease } from './end-lease.ts';
import { BrokerError } from './errors.ts';
import { ancestorsOf, findForRedeemer, MAX_DEPTH } from './find-lease.ts';
import { hashHandle, newHandle, newId } from './handle.ts';
import { grantOf } from './issue.ts';
import { aboutLease } from './lease-details.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal, checkText, checkThumbprint } from './read-principal.ts';
import { readScope, readTtl } from './read-request.ts';

const action = 'credential.attenuated';
const OBJECT = type('object');

/** What a narrower lease is to be, checked. */
interface Narrower {
  readonly scope: readonly string[] | undefined;
  readonly ttlMs: number | undefined;
  readonly audience: string | undefined;
  readonly redeemer: string;
  readonly keyThumbprint: string | undefined;
}

function readNarrowing(principal: Principal, narrowing: Narrowing): Narrower {
  check('attenuate: narrowing', narrowing, OBJECT);
  const { scope, ttlSeconds, audience, redeemer = principal.id, keyThumbprint, ...others } = narrowing;
  if (Object.keys(others).length > 0) throw new TypeError('attenuate: a narrowing has no such field');
  checkText('attenuate: redeemer', redeemer, 256);
  if (audience !== undefined) checkText('attenuate: audience', audience, 256);
  if (keyThumbprint !== undefined) checkThumbprint('attenuate: keyThumbprint', keyThumbprint);
  return {
    scope: scope && readScope('attenuate', scope),
    ttlMs: readTtl('attenuate', ttlSeconds, { ...principal, type: 'workload' }),
    audience,
    redeemer,
    keyThumbprint,
  };
}

/** Makes a narrower lease of one. A lease for one use is used up by it. */
export async function attenuate(
  core: BrokerCore,
  handle: string,
  principal: Principal,
  narrowing: Narrowing,
): Promise<Grant> {
  checkPrincipal('attenuate', principal);
  const asked = readNarrowing(principal, narrowing);
  core.admit(principal);
  const parent = await findForRedeemer(core, handle, principal);
  if (parent === undefined) {
    const resource = { type: 'unknown', id: 'unknown' };
    return core.refuse(principal, { action, resource, details: {} }, unknown());
  }
  const wrong = await unfit(core, parent, principal, asked);
  if (wrong !== undefined) return core.refuse(principal, { action, ...aboutLease(parent) }, wrong);
  const narrowed = newHandle();
  const lease = narrow(parent, principal, asked, core.now(), hashHandle(narrowed));
  if (parent.oneTime) {
    // It stays, without a handle: what ends it ends what was made from it.
    const used = await core.store((leases) => leases.change(parent, { handleHash: undefined }));
    if (used === undefined) return core.refuse(principal, { action, ...aboutLease(parent) }, unknown());
  }
  await core.insert(lease);
  try {
    await core.record(principal, { action, ...aboutLease(lease), outcome: 'success' });
  } catch (error) {
    await endLease(core, lease, 'revoked');
    throw error;
  }
  core.gave(lease);
  return grantOf(lease, { handle: narrowed });
}

async function unfit(
  core: BrokerCore,
  parent: Lease,
  principal: Principal,
  asked: Narrower,
): Promise<BrokerError | undefined> {
  const { keyThumbprint, scope, audience } = parent;
  if (keyThumbprint !== undefined) {
    const isBound = asked.redeemer === principal.id || asked.keyThumbprint !== undefined;
    if (principal.keyThumbprint !== keyThumbprint || !isBound) {
      return new BrokerError(
        'ERR_BROKER_PROOF_REQUIRED',
        'the lease is bound to a key, and what is made of it too',
      );
    }
  }
  const widens =
    asked.scope?.some((one) => !scope.includes(one)) === true ||
    (audience !== undefined && asked.audience !== undefined && asked.audience !== audience);
  if (widens) return new BrokerError('ERR_BROKER_DENIED', 'a lease can only be made narrower');
  const ancestors = await ancestorsOf(core, parent);
  return (ancestors?.length ?? 0) + 1 < MAX_DEPTH
    ? undefined
    : new BrokerError('ERR_BROKER_DENIED', `a lease can be made narrower ${MAX_DEPTH - 1} times`);
}

function narrow(
  parent: Lease,
  { id: principal }: Principal,
  asked: Narrower,
  nowMs: number,
  handleHash: string,
): Lease {
  const own = asked.redeemer === principal ? parent.keyThumbprint : undefined;
  return {
    ...parent,
    id: newId(),
    parent: parent.id,
    principal,
    redeemer: asked.redeemer,
    scope: asked.scope ?? parent.scope,
    audience: parent.audience ?? asked.audience,
    keyThumbprint: asked.keyThumbprint ?? own,
    handleHash,
    issuedAtMs: nowMs,
    expiresAtMs: Math.min(parent.expiresAtMs, nowMs + (asked.ttlMs ?? Infinity)),
    maxExpiresAtMs: parent.expiresAtMs,
    version: 0,
  };
}
