import { BrokerError } from '../broker/errors.ts';
import { ExpiryHeap } from '../leases/expiry-heap.ts';
import { SortedIds } from '../leases/sorted-ids.ts';
import type { ApprovalChange } from './approval-store.ts';
import type { Approval } from './approval.ts';

/** How many approvals may wait. */
export interface ApprovalBounds {
  readonly maxPerPrincipal: number;
  readonly maxPerTenant: number;
}

const requesterOf = (tenant: string, requester: string) => JSON.stringify([tenant, requester]);

/** Approvals in memory, found by whatever they are looked for by. */
export class ApprovalBook {
  private readonly bounds: ApprovalBounds;
  private readonly approvals = new Map<string, Approval>();
  /** Those that wait, by tenant, and by who asked for them. */
  private readonly tenants = new Map<string, SortedIds>();
  private readonly requesters = new Map<string, Set<string>>();
  /** When they end: those that wait or did, until they count no longer, and all of them, until they are forgotten. */
  private readonly waits = new ExpiryHeap();
  private readonly ends = new ExpiryHeap();

  constructor(bounds: ApprovalBounds) {
    this.bounds = bounds;
  }

  find(id: string): Approval | undefined {
    return this.approvals.get(id);
  }

  findPending(tenant: string, requester: string, requestHash: string): Approval | undefined {
    const ids = this.requesters.get(requesterOf(tenant, requester)) ?? [];
    return [...ids].map((id) => this.find(id)).find((one) => one?.requestHash === requestHash);
  }

  /** @throws {@link BrokerError} `ERR_BROKER_RATE_LIMITED` when too many wait already */
  insert(approval: Approval): void {
    const { id, tenant, requester, requestedAtMs, expiresAtMs: atMs } = approval;
    // What nobody can approve any more counts no longer.
    for (const over of this.waits.takeBefore(requestedAtMs + 1)) this.unlink(this.approvals.get(over));
    const ofTenant = this.tenants.get(tenant) ?? new SortedIds();
    const key = requesterOf(tenant, requester);
    const own = this.requesters.get(key) ?? new Set();
    if (own.size >= this.bounds.maxPerPrincipal) throw this.tooMany('principal', own, requestedAtMs);
    if (ofTenant.size >= this.bounds.maxPerTenant)
      throw this.tooMany('tenant', ofTenant.after(undefined), requestedAtMs);
    this.approvals.set(id, Object.freeze({ ...approval }));
    ofTenant.add(id);
    this.tenants.set(tenant, ofTenant);
    this.requesters.set(key, own.add(id));
    this.waits.add({ id, atMs });
    this.ends.add({ id, atMs });
  }

  change({ id, state }: Approval, change: ApprovalChange): Approval | undefined {
    const found = this.approvals.get(id);
    if (found?.state !== state) return undefined;
    const changed = Object.freeze({ ...found, ...change });
    this.approvals.set(id, changed);
    this.unlink(changed);
    return changed;
  }

  list(tenant: string, after: string | undefined, limit: number): readonly Approval[] {
    const found: Approval[] = [];
    for (const id of this.tenants.get(tenant)?.after(after) ?? []) {
      const approval = this.approvals.get(id);
      if (found.length >= limit) break;
      if (approval !== undefined) found.push(approval);
    }
    return found;
  }

  forget(beforeMs: number): number {
    let count = 0;
    for (const id of this.ends.takeBefore(beforeMs)) {
      this.unlink(this.approvals.get(id));
      this.approvals.delete(id);
      count++;
    }
    return count;
  }

  private tooMany(whose: 'principal' | 'tenant', waiting: Iterable<string>, nowMs: number): BrokerError {
    const message = `too many requests of this ${whose} wait for approval`;
    let firstMs = Infinity;
    for (const id of waiting) firstMs = Math.min(firstMs, this.find(id)?.expiresAtMs ?? nowMs);
    return new BrokerError('ERR_BROKER_RATE_LIMITED', message, { retryAfterMs: firstMs - nowMs });
  }

  /** It waits no longer. */
  private unlink(approval: Approval | undefined): void {
    if (approval === undefined) return;
    const { id, tenant, requester } = approval;
    const key = requesterOf(tenant, requester);
    const own = this.requesters.get(key);
    if (own?.delete(id) !== true) return;
    if (own.size === 0) this.requesters.delete(key);
    const ofTenant = this.tenants.get(tenant);
    ofTenant?.remove(id);
    if (ofTenant?.size === 0) this.tenants.delete(tenant);
  }
}
