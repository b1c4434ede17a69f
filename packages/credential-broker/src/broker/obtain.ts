import type { BackendLease, Credential } from '../backends/backend.ts';
import { isGoodAt } from '../leases/is-good-at.ts';
import type { Lease } from '../leases/lease.ts';
import { clear } from './backend-desk.ts';
import { unknown, type BrokerCore } from './broker-core.ts';
import { endLease, owe } from './end-lease.ts';

/** A lease, and the credential that was got for it. */
export interface Obtained {
  readonly lease: Lease;
  readonly credential: Credential;
}

/** Throws away what was made: the secrets here, and the credential at its backend. */
async function discard(core: BrokerCore, lease: Lease, { credential, ref }: BackendLease): Promise<void> {
  clear(credential);
  if (ref !== undefined) await owe(core, lease, ref);
}

/**
 * Gets the credential of a lease from its backend, and keeps with the lease what the backend knows it by. Whoever ends
 * the lease meanwhile wins.
 *
 * @param last - whether the lease is used up by it
 * @throws {@link BrokerError} `ERR_BROKER_UNKNOWN` when the lease was ended meanwhile
 * @throws {@link BackendError} when the backend gives nothing
 */
export async function obtain(core: BrokerCore, lease: Lease, last: boolean): Promise<Obtained> {
  const abandoned = (made: BackendLease) =>
    void discard(core, lease, made).catch((error: unknown) =>
      core.emitter.emit({ type: 'cleanup-failed', leaseId: lease.id, error }),
    );
  const made = await core.backends.issue(lease, lease.expiresAtMs - core.now(), abandoned);
  let kept: Lease | undefined;
  try {
    kept = await keep(core, lease, made, last);
  } catch (error) {
    await discard(core, lease, made);
    throw error;
  }
  if (kept === undefined) {
    await discard(core, lease, made);
    throw unknown();
  }
  return { lease: kept, credential: made.credential };
}

/** @returns the lease after it; nothing where it was ended, or its time is over */
async function keep(
  core: BrokerCore,
  lease: Lease,
  { ref, expiresAtMs = Infinity }: BackendLease,
  last: boolean,
): Promise<Lease | undefined> {
  const endsAtMs = Math.min(lease.expiresAtMs, expiresAtMs);
  if (endsAtMs <= core.now()) return undefined;
  const change = {
    ...(ref !== undefined && { backendRef: ref }),
    ...(endsAtMs < lease.expiresAtMs && { expiresAtMs: endsAtMs }),
    ...(last && ref === undefined && { state: 'consumed' as const }),
  };
  if (Object.keys(change).length === 0) {
    const found = await core.store((leases) => leases.find(lease.id));
    return found && isGoodAt(found, core.now()) ? found : undefined;
  }
  const kept = await core.store((leases) => leases.change(lease, change));
  if (kept?.state === 'consumed') core.counts.activate(kept.resource.type, -1);
  else if (kept !== undefined) core.sweeper.expect(kept.expiresAtMs);
  return kept;
}

/**
 * Does the last thing before a credential is given. Where it fails, nothing is given, and everything taken back.
 */
export async function orTakeBack(
  core: BrokerCore,
  { lease, credential }: Obtained,
  finish: () => Promise<void>,
): Promise<void> {
  try {
    await finish();
  } catch (error) {
    clear(credential);
    await endLease(core, lease, 'revoked');
    throw error;
  }
}
