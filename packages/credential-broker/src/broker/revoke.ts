import { check, type } from '@holdfast/pipeline';
import type { LeaseFilter } from '../leases/lease-store.ts';
import type { Lease } from '../leases/lease.ts';
import type { Revocation } from './broker.ts';
import { unknown, type BrokerCore } from './broker-core.ts';
import { endLease } from './end-lease.ts';
import { isId } from './handle.ts';
import { aboutLease, NO_LEASE } from './lease-details.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal, checkText } from './read-principal.ts';

const action = 'credential.revoked';
/** Leases that are ended at once. */
const PAGE = 100;

const OBJECT = type('object');

/** Which leases are meant: one at most, or those that a filter finds. */
type Target = { readonly find: () => Promise<Lease | undefined> } | { readonly filter: LeaseFilter };

function targetOf(core: BrokerCore, what: Revocation, tenant: string): Target {
  check('revoke: what', what, OBJECT);
  const [[kind, value] = ['', ''], ...more] = Object.entries<unknown>(what);
  checkText(`revoke: ${kind}`, value, 512);
  if (more.length > 0) throw new TypeError('revoke: what must have one field');
  switch (kind) {
    case 'leaseId':
      return { find: async () => (isId(value) ? core.store((leases) => leases.find(value)) : undefined) };
    case 'tokenId':
      return {
        find: async () => (isId(value) ? core.store((leases) => leases.findByToken(value)) : undefined),
      };
    case 'principal':
      return { filter: { tenant, principal: value } };
    case 'prefix':
      return { filter: { tenant, prefix: value } };
    default:
      throw new TypeError('revoke: what must have leaseId, tokenId, principal or prefix');
  }
}

/**
 * Ends leases and what was made from them. What is of another tenant, or not the principal's to end, counts as not
 * there.
 */
export async function revoke(core: BrokerCore, what: Revocation, principal: Principal): Promise<number> {
  checkPrincipal('revoke', principal);
  const target = targetOf(core, what, principal.tenant);
  core.admit(principal);
  const revocation = new RevocationRun(core, principal);
  if ('filter' in target) {
    const { prefix } = target.filter;
    try {
      await revocation.endAll(target.filter, true);
    } finally {
      // It is kept for all tenants, so that not everybody may have it asked for anew.
      if (prefix !== undefined && core.settings.isOperator(principal)) core.backends.forget(prefix);
    }
  } else {
    const lease = await target.find();
    if (lease !== undefined && revocation.mayEnd(lease)) await revocation.end([lease]);
    else await core.record(principal, { action, ...NO_LEASE, outcome: 'denied', reason: unknown().message });
  }
  revocation.settle();
  return revocation.ended;
}

/** The ending of some leases, by one principal. */
class RevocationRun {
  ended = 0;
  private readonly core: BrokerCore;
  private readonly principal: Principal;
  private failure: { readonly error: unknown } | undefined;

  constructor(core: BrokerCore, principal: Principal) {
    this.core = core;
    this.principal = principal;
  }

  mayEnd(lease: Lease): boolean {
    const { principal } = this;
    if (lease.tenant !== principal.tenant) return false;
    const theirs = [lease.principal, lease.redeemer, lease.onBehalfOf];
    return theirs.includes(principal.id) || this.core.settings.isOperator(principal);
  }

  /** Ends what a filter finds, page by page. */
  async endAll(filter: LeaseFilter, ownOnly: boolean): Promise<void> {
    for (let after: string | undefined; ;) {
      const last = after;
      const page = await this.core.store((leases) => leases.list(filter, last, PAGE));
      await this.end(ownOnly ? page.filter((lease) => this.mayEnd(lease)) : page);
      after = page.at(-1)?.id;
      if (page.length < PAGE) return;
    }
  }

  /** Ends leases, and what was made from them, also where they have ended already. */
  async end(leases: readonly Lease[]): Promise<void> {
    const all = leases.map(async (lease) => {
      try {
        if (await endLease(this.core, lease, 'revoked')) {
          this.ended++;
          await this.record(lease);
        }
      } finally {
        await this.endAll({ tenant: lease.tenant, parent: lease.id }, false);
      }
    });
    for (const result of await Promise.allSettled(all)) {
      if (result.status === 'rejected') this.failure ??= { error: result.reason as unknown };
    }
  }

  /** @throws the first failure; everything else was ended nevertheless */
  settle(): void {
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** To end a lease does not wait for leave of the audit log, unlike everything that gives. */
  private record(lease: Lease): Promise<void> {
    return this.core.record(this.principal, { action, ...aboutLease(lease), outcome: 'success' });
  }
}
