import type { Lease, LeaseChange } from './lease.ts';

/** Which leases are meant; all that are given must hold. */
export interface LeaseFilter {
  readonly tenant: string;
  readonly principal?: string | undefined;
  /** What the reference of the resource begins with. */
  readonly prefix?: string | undefined;
  readonly parent?: string | undefined;
}

/**
 * Keeps leases. Every method is atomic; those that change something resolve once the change survives what the store
 * promises to survive.
 */
export interface LeaseStore {
  /**
   * Keeps a new lease.
   *
   * @throws {@link Error} when there is one with its id, handle or token
   */
  insert(lease: Lease): Promise<void>;
  /** The lease with an id. */
  find(id: string): Promise<Lease | undefined>;
  /** The lease with a handle. */
  findByHandle(handleHash: string): Promise<Lease | undefined>;
  /** The lease that a token was made for. */
  findByToken(tokenId: string): Promise<Lease | undefined>;
  /**
   * Changes a lease if it still is as it was read: active, and of the same version.
   *
   * @returns the lease after the change; `undefined` when somebody else changed it, or it is gone
   * @throws {@link Error} when there is another one with its new handle or token
   */
  change(lease: Lease, change: LeaseChange): Promise<Lease | undefined>;
  /** Active leases, in the order of their ids, after one of them; at most `limit`. */
  list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]>;
  /** Active leases that end by an instant, the first to end first; at most `limit`. */
  due(byMs: number, limit: number): Promise<readonly Lease[]>;
  /** Forgets leases that are not active and whose time ended before an instant. Resolves to how many. */
  forget(beforeMs: number): Promise<number>;
  /** How many leases are active now, by type of resource. */
  active(): Promise<Readonly<Record<string, number>>>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
