import type { Credential } from '../backends/backend.ts';
import type { DeliveryMode, Lease } from '../leases/lease.ts';
import { clear } from './backend-desk.ts';
import type { LeaseCheck, Redeemed } from './broker.ts';
import { unknown, type BrokerCore } from './broker-core.ts';
import { endLease } from './end-lease.ts';
import { BrokerError } from './errors.ts';
import { findForRedeemer, isAlive } from './find-lease.ts';
import { newId } from './handle.ts';
import { aboutLease, kindOf, NO_LEASE } from './lease-details.ts';
import { obtain, orTakeBack, type Obtained } from './obtain.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal } from './read-principal.ts';

const action = 'credential.redeemed';

/** How a credential is to be used. */
interface Use {
  /** Those that it may be for. One that is injected is given to nobody. */
  readonly modes: readonly DeliveryMode[];
  readonly check?: LeaseCheck | undefined;
}

/** Turns a handle into its credential. */
export async function redeem(
  core: BrokerCore,
  handle: string,
  redeemer: Principal,
  { modes, check }: Use = { modes: ['reference'] },
): Promise<Redeemed> {
  checkPrincipal('redeem', redeemer);
  core.admit(redeemer);
  const lease = await findForRedeemer(core, handle, redeemer);
  if (lease === undefined) return core.refuse(redeemer, { action, ...NO_LEASE }, unknown());
  const wrong = unfit(lease, redeemer, modes);
  if (wrong !== undefined) return core.refuse(redeemer, { action, ...aboutLease(lease) }, wrong);
  const use = await checked(core, lease, redeemer, check);
  const holder = await take(core, lease);
  if (holder === undefined) return core.refuse(redeemer, { action, ...aboutLease(lease) }, unknown());
  const obtained = await get(core, holder, redeemer);
  await orTakeBack(core, obtained, () => {
    const { resource, details } = aboutLease(obtained.lease);
    return core.record(redeemer, { action, resource, details: { ...details, ...use }, outcome: 'success' });
  });
  return toRedeemed(core, obtained);
}

function unfit(lease: Lease, redeemer: Principal, modes: readonly DeliveryMode[]): BrokerError | undefined {
  if (lease.keyThumbprint !== undefined && lease.keyThumbprint !== redeemer.keyThumbprint) {
    return new BrokerError('ERR_BROKER_PROOF_REQUIRED', 'the redeemer has to prove the key of the lease');
  }
  return modes.includes(lease.mode)
    ? undefined
    : new BrokerError('ERR_BROKER_DENIED', `the credential of this lease is for use as ${lease.mode} only`);
}

/** What the one who uses a lease says of it, before anything of it is used. */
async function checked(core: BrokerCore, lease: Lease, redeemer: Principal, check: LeaseCheck | undefined) {
  try {
    return check && { use: check(lease) };
  } catch (error) {
    return core.refuse(redeemer, { action, ...aboutLease(lease) }, error as Error);
  }
}

/**
 * Takes from a lease the right to one credential: a lease for one use loses its handle, which one of several at once
 * succeeds in. Of any other lease, what a backend makes for this use gets a lease of its own, to be ended with it.
 *
 * @returns the lease that holds the credential; nothing where somebody else was first
 */
async function take(core: BrokerCore, lease: Lease): Promise<Lease | undefined> {
  if (lease.oneTime) return core.store((leases) => leases.change(lease, { handleHash: undefined }));
  if (!core.backends.makesFor(lease)) return lease;
  const issuedAtMs = core.now();
  const parent = lease.id;
  const use: Lease = {
    ...lease,
    id: newId(),
    parent,
    oneTime: true,
    handleHash: undefined,
    issuedAtMs,
    version: 0,
  };
  await core.insert(use);
  // Whoever ended the lease before that did not find this use of it.
  if (await isAlive(core, use)) return use;
  await endLease(core, use, 'revoked');
  return undefined;
}

async function get(core: BrokerCore, holder: Lease, redeemer: Principal): Promise<Obtained> {
  try {
    return await obtain(core, holder, holder.oneTime);
  } catch (error) {
    if (holder.oneTime) await endLease(core, holder, 'revoked');
    await core.record(redeemer, { action, ...aboutLease(holder), outcome: 'failure', reason: kindOf(error) });
    throw error;
  }
}

function toRedeemed(core: BrokerCore, { lease, credential }: Obtained): Redeemed {
  const { id: leaseId, resource, scope, expiresAtMs } = lease;
  core.counts.add('redeemed', resource.type);
  if (core.emitter.active) core.emitter.emit({ type: 'redeemed', leaseId, resource: resource.type });
  return { leaseId, resource, scope, credential, expiresAtMs, [Symbol.dispose]: () => clear(credential) };
}

/** Redeems, runs, and clears the secrets whatever happens. */
export async function withSecret<T>(
  core: BrokerCore,
  handle: string,
  redeemer: Principal,
  use: (credential: Credential) => T | PromiseLike<T>,
  check?: LeaseCheck,
): Promise<T> {
  const redeemed = await redeem(core, handle, redeemer, { modes: ['reference', 'injected'], check });
  try {
    return await use(redeemed.credential);
  } finally {
    redeemed[Symbol.dispose]();
  }
}
