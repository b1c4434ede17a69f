import type { Approval } from './approval.ts';

/** What an approval becomes. */
export type ApprovalChange = Pick<Approval, 'state' | 'decidedBy'>;

/** Keeps approvals. Every method is atomic. */
export interface ApprovalStore {
  /**
   * Keeps a new one.
   *
   * @throws {@link BrokerError} `ERR_BROKER_RATE_LIMITED` when too many of its principal or tenant wait already
   */
  insert(approval: Approval): Promise<void>;
  /** The approval with an id. */
  find(id: string): Promise<Approval | undefined>;
  /** One that waits for this very request of this principal. */
  findPending(tenant: string, requester: string, requestHash: string): Promise<Approval | undefined>;
  /**
   * Changes an approval if its state still is as it was read.
   *
   * @returns the approval after the change; `undefined` when somebody else changed it, or it is gone
   */
  change(approval: Approval, change: ApprovalChange): Promise<Approval | undefined>;
  /** Those of a tenant that wait, in the order of their ids, after one of them; at most `limit`. */
  list(tenant: string, after: string | undefined, limit: number): Promise<readonly Approval[]>;
  /** Forgets those whose time ended before an instant. Resolves to how many. */
  forget(beforeMs: number): Promise<number>;
  /** Frees what it holds. */
  close(): Promise<void>;
}
