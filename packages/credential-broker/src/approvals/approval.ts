import type { ApprovalKind } from '../policy/access-policy.ts';

/** Where a request for approval stands. */
export type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'expired';

/** A request that waits for somebody's consent. */
export interface Approval {
  readonly id: string;
  readonly tenant: string;
  /** The id of the principal who asks. */
  readonly requester: string;
  readonly kind: Exclude<ApprovalKind, 'none'>;
  /** SHA-256 over everything that was asked and the version of the policy, in base64url: consent to nothing else. */
  readonly requestHash: string;
  /** What is asked for, for the one who decides. */
  readonly summary: Readonly<Record<string, string>>;
  readonly state: ApprovalState;
  /** The id of the one who decided. */
  readonly decidedBy: string | undefined;
  /** In milliseconds since the Unix epoch. */
  readonly requestedAtMs: number;
  readonly expiresAtMs: number;
}
