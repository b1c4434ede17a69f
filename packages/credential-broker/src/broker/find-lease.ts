import { isGoodAt } from '../leases/is-good-at.ts';
import type { Lease } from '../leases/lease.ts';
import type { BrokerCore } from './broker-core.ts';
import { hashHandle, isHandle } from './handle.ts';
import type { Principal } from './principal.ts';

/** A lease is narrowed at most so many times over. */
export const MAX_DEPTH = 8;

/** Whether a lease is good now, and all that it was made from is. */
export async function isAlive(core: BrokerCore, lease: Lease): Promise<boolean> {
  if (!isGoodAt(lease, core.now())) return false;
  return (await ancestorsOf(core, lease)) !== undefined;
}

/** What a lease was made from, the nearest first; nothing where one of them has ended before its time. */
export async function ancestorsOf(core: BrokerCore, lease: Lease): Promise<readonly Lease[] | undefined> {
  const ancestors: Lease[] = [];
  for (let { parent } = lease; parent !== undefined;) {
    const id = parent;
    const found = await core.store((leases) => leases.find(id));
    if (found === undefined || !isGoodAt(found, core.now())) return undefined;
    ancestors.push(found);
    ({ parent } = found);
  }
  return ancestors;
}

/** The lease of a handle, for those who may redeem it; nothing for everybody else. */
export async function findForRedeemer(
  core: BrokerCore,
  handle: string,
  { id, tenant }: Principal,
): Promise<Lease | undefined> {
  if (!isHandle(handle)) return undefined;
  const hash = hashHandle(handle);
  const lease = await core.store((leases) => leases.findByHandle(hash));
  if (lease?.tenant !== tenant || lease.redeemer !== id) return undefined;
  return (await isAlive(core, lease)) ? lease : undefined;
}
