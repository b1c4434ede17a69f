import { ExpiryHeap, type Expiry } from './expiry-heap.ts';
import type { Lease, LeaseChange } from './lease.ts';
import type { LeaseFilter } from './lease-store.ts';
import { SortedIds } from './sorted-ids.ts';

const fits = (lease: Lease, { principal, prefix, parent }: LeaseFilter) =>
  lease.state === 'active' &&
  (principal === undefined || lease.principal === principal) &&
  (prefix === undefined || lease.resource.ref.startsWith(prefix)) &&
  (parent === undefined || lease.parent === parent);

/** Leases in memory, found by whatever they are looked for by. */
export class LeaseBook {
  private readonly leases = new Map<string, Lease>();
  private readonly handles = new Map<string, string>();
  private readonly tokens = new Map<string, string>();
  private readonly tenants = new Map<string, SortedIds>();
  private readonly children = new Map<string, SortedIds>();
  /** Holds ends that have changed or come early as well; they are dropped when they are met. */
  private readonly ends = new ExpiryHeap();
  /** Those that are not active any more, by their ends. */
  private readonly over = new ExpiryHeap();
  private readonly counts = new Map<string, number>();

  get size(): number {
    return this.leases.size;
  }

  all(): IterableIterator<Lease> {
    return this.leases.values();
  }

  find(id: string): Lease | undefined {
    return this.leases.get(id);
  }

  findByHandle(handleHash: string): Lease | undefined {
    return this.leases.get(this.handles.get(handleHash) ?? '');
  }

  findByToken(tokenId: string): Lease | undefined {
    return this.leases.get(this.tokens.get(tokenId) ?? '');
  }

  /** @throws {@link Error} when there is one with its id, handle or token */
  insert(lease: Lease): Lease {
    if (this.leases.has(lease.id)) throw new Error('there is a lease with this id');
    this.refuseTwins(lease);
    return this.put(Object.freeze({ ...lease }));
  }

  /** @throws {@link Error} when there is another one with its new handle or token */
  change({ id, version }: Lease, change: LeaseChange): Lease | undefined {
    const found = this.leases.get(id);
    if (found?.version !== version || found.state !== 'active') return undefined;
    const changed = Object.freeze({ ...found, ...change, version: version + 1 });
    this.refuseTwins(changed);
    return this.put(changed);
  }

  /** Keeps a lease in the place of what there was with its id. */
  put(lease: Lease): Lease {
    const { id, handleHash, tokenId } = lease;
    const old = this.leases.get(id);
    if (old === undefined) {
      this.idsOf(this.tenants, lease.tenant).add(id);
      if (lease.parent !== undefined) this.idsOf(this.children, lease.parent).add(id);
    } else {
      this.unlink(old);
    }
    this.leases.set(id, lease);
    if (handleHash !== undefined) this.handles.set(handleHash, id);
    if (tokenId !== undefined) this.tokens.set(tokenId, id);
    this.count(lease, 1);
    const end = { id, atMs: lease.expiresAtMs };
    if (lease.state !== 'active') this.over.add(end);
    else if (lease.expiresAtMs !== old?.expiresAtMs) this.ends.add(end);
    return lease;
  }

  list(filter: LeaseFilter, after: string | undefined, limit: number): readonly Lease[] {
    const ids =
      filter.parent === undefined ? this.tenants.get(filter.tenant) : this.children.get(filter.parent);
    const found: Lease[] = [];
    for (const id of ids?.after(after) ?? []) {
      if (found.length >= limit) break;
      const lease = this.leases.get(id);
      if (lease?.tenant === filter.tenant && fits(lease, filter)) found.push(lease);
    }
    return found;
  }

  due(byMs: number, limit: number): readonly Lease[] {
    const found: Lease[] = [];
    const kept = new Set<Expiry>();
    for (let { first } = this.ends; first !== undefined; first = this.ends.first) {
      if (found.length >= limit || first.atMs > byMs) break;
      this.ends.removeFirst();
      const lease = this.leases.get(first.id);
      // An end that was put off and put back again stands here twice.
      if (lease?.state !== 'active' || lease.expiresAtMs !== first.atMs || found.at(-1) === lease) continue;
      found.push(lease);
      kept.add(first);
    }
    for (const expiry of kept) this.ends.add(expiry);
    return found;
  }

  forget(beforeMs: number): number {
    let count = 0;
    for (const id of this.over.takeBefore(beforeMs)) {
      const lease = this.leases.get(id);
      // What a log tells twice stands here twice.
      if (lease === undefined) continue;
      this.remove(lease);
      count++;
    }
    return count;
  }

  active(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].filter(([, count]) => count > 0));
  }

  private idsOf(index: Map<string, SortedIds>, key: string): SortedIds {
    const ids = index.get(key) ?? new SortedIds();
    index.set(key, ids);
    return ids;
  }

  private remove(lease: Lease): void {
    const { id, tenant, parent } = lease;
    this.unlink(lease);
    this.leases.delete(id);
    this.dropId(this.tenants, tenant, id);
    if (parent !== undefined) this.dropId(this.children, parent, id);
  }

  private dropId(index: Map<string, SortedIds>, key: string, id: string): void {
    const ids = index.get(key);
    ids?.remove(id);
    if (ids?.size === 0) index.delete(key);
  }

  private refuseTwins({ id, handleHash, tokenId }: Lease): void {
    const holders = [this.handles.get(handleHash ?? ''), this.tokens.get(tokenId ?? '')];
    if (holders.some((holder) => holder !== undefined && holder !== id)) {
      throw new Error('there is a lease with this handle or token');
    }
  }

  private unlink(lease: Lease): void {
    if (lease.handleHash !== undefined) this.handles.delete(lease.handleHash);
    if (lease.tokenId !== undefined) this.tokens.delete(lease.tokenId);
    this.count(lease, -1);
  }

  private count({ state, resource }: Lease, by: number): void {
    if (state === 'active') this.counts.set(resource.type, (this.counts.get(resource.type) ?? 0) + by);
  }
}
