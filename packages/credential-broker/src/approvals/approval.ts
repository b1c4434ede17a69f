import type { Principal } from '../broker/principal.ts';
import type { ApprovalKind } from '../policy/access-policy.ts';

/** Where a request for approval stands. */
export type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'expired';

/** A request that waits for somebody's consent. */
export interface Approval {
  readonly id: string;
  readonly tenant: string;
  /** The id of the principal who asks. */
  readonly requester: string;
  /** The person for whom that principal acts, where that is known. */
  readonly onBehalfOf: string | undefined;
  readonly kind: Exclude<ApprovalKind, 'none'>;
  /** SHA-256 over everything that was asked and the version of the policy, in base64url: consent to nothing else. */
  readonly requestHash: string;
  /**
   * All that would be given, for the one who decides, each as a line of text: also for how long at once and with renewals,
   * whether once, the thumbprints of the keys, and the `parameters` as JSON.
   */
  readonly summary: Readonly<Record<string, string>>;
  readonly state: ApprovalState;
  /** The id of the one who decided. */
  readonly decidedBy: string | undefined;
  /** In milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * What people decide about. Whatever is of another tenant, or not for the one who asks, is unknown to them.
 *
 * `third-party` needs somebody else: not the one who asked, nor the person for whom they act, nor the one who gets it,
 * and, unless `mayApprove` says otherwise, a user. `self` needs exactly them: the person for whom an agent acts, else whoever asked.
 */
export interface Approvals {
  /** Requests that a principal may decide, in the order of their ids, after one of them; at most `limit`, 1 to 1,000. */
  list(approver: Principal, after?: string, limit?: number): Promise<readonly Approval[]>;
  /**
   * One of them, or one's own.
   *
   * @throws {@link BrokerError} `ERR_BROKER_UNKNOWN`
   */
  find(id: string, principal: Principal): Promise<Approval>;
  /**
   * Consents to a request, once and to nothing else.
   *
   * @throws {@link BrokerError} `ERR_BROKER_UNKNOWN`, or `ERR_BROKER_APPROVAL_INVALID` when it waits no longer
   */
  approve(id: string, approver: Principal): Promise<Approval>;
  /**
   * Refuses it, for good.
   *
   * @throws {@link BrokerError} `ERR_BROKER_UNKNOWN`, or `ERR_BROKER_APPROVAL_INVALID` when it waits no longer
   */
  deny(id: string, approver: Principal): Promise<Approval>;
}
