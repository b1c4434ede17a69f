import type { Lease, LeaseChange } from '../leases/lease.ts';
import type { BrokerCore } from './broker-core.ts';
import { BrokerError } from './errors.ts';
import { newId } from './handle.ts';

/** How often a change is tried again because others changed the lease at the same time. */
const MAX_RACES = 20;

/**
 * Changes an active lease whatever others do to it meanwhile; nothing where it is active no longer.
 *
 * @throws {@link BrokerError} `ERR_BROKER_STORE` when others were faster every time, so that it is as it was
 */
async function changeAnyhow(core: BrokerCore, lease: Lease, change: LeaseChange): Promise<Lease | undefined> {
  let current: Lease | undefined = lease;
  for (let races = 0; current?.state === 'active'; races++) {
    if (races === MAX_RACES) throw new BrokerError('ERR_BROKER_STORE', 'others keep changing the lease');
    const read: Lease = current;
    const changed = await core.store((leases) => leases.change(read, change));
    if (changed !== undefined) return changed;
    current = await core.store((leases) => leases.find(lease.id));
  }
  return undefined;
}

/** Ends what the backend made for a lease. Whether it could: else the sweeper tries again. */
async function endAtBackend(core: BrokerCore, lease: Lease, backendRef: string): Promise<boolean> {
  try {
    await core.backends.revoke(lease, backendRef);
    return true;
  } catch (error) {
    core.sweeper.postpone(lease.id);
    core.emitter.emit({ type: 'cleanup-failed', leaseId: lease.id, error });
    return false;
  }
}

/**
 * Ends a lease, here first and then at its backend. It stays active, but over, until the backend has ended its
 * credential: so that it is tried again, also by the next process.
 *
 * @returns whether it was this call that ended it
 */
export async function endLease(
  core: BrokerCore,
  lease: Lease,
  state: 'revoked' | 'expired',
): Promise<boolean> {
  if (lease.state !== 'active') return false;
  // What expires does so as it was read: a renewal that comes first wins. What is revoked ends whatever it has become.
  const change = (to: LeaseChange) =>
    state === 'expired' ? core.store((leases) => leases.change(lease, to)) : changeAnyhow(core, lease, to);
  if (lease.backendRef === undefined) {
    const ended = await change({ state });
    // It may have got a credential since it was read.
    if (ended?.backendRef !== undefined) await owe(core, ended, ended.backendRef);
    if (ended !== undefined) tell(core, ended, state);
    return ended !== undefined;
  }
  const over = await change({ expiresAtMs: Math.min(core.now(), lease.expiresAtMs) });
  if (over?.backendRef === undefined) return false;
  const isFirst = core.sweeper.begin(over.id);
  if (isFirst) tell(core, over, state);
  if (await endAtBackend(core, over, over.backendRef)) {
    await core.store((leases) => leases.change(over, { state }));
    core.sweeper.settle(over.id);
  }
  return isFirst;
}

function tell(core: BrokerCore, { id, resource }: Lease, reason: 'revoked' | 'expired'): void {
  core.counts.activate(resource.type, -1);
  core.counts.add(reason, resource.type);
  if (core.emitter.active) core.emitter.emit({ type: 'ended', leaseId: id, reason });
}

/**
 * Ends what a backend made and no lease holds. Where that cannot be done now, a lease that is over already holds it, so
 * that it is tried again.
 */
export async function owe(core: BrokerCore, lease: Lease, backendRef: string): Promise<void> {
  try {
    await core.backends.revoke(lease, backendRef);
  } catch (error) {
    core.emitter.emit({ type: 'cleanup-failed', leaseId: lease.id, error });
    const id = newId();
    const debt: Lease = {
      ...lease,
      id,
      parent: lease.id,
      handleHash: undefined,
      tokenId: undefined,
      expiresAtMs: Math.min(core.now(), lease.expiresAtMs),
      state: 'active',
      backendRef,
      version: 0,
    };
    core.sweeper.begin(id);
    core.sweeper.postpone(id);
    await core.store((leases) => leases.insert(debt));
  }
}
