import type { ApprovalState } from '../approvals/approval.ts';
import type { ResourceType } from './resource.ts';

/** What a broker did. No event holds a secret, a handle or a token. */
export type BrokerEvent =
  | {
      readonly type: 'issued';
      readonly leaseId: string;
      readonly resource: ResourceType;
      readonly ttlMs: number;
    }
  | { readonly type: 'redeemed'; readonly leaseId: string; readonly resource: ResourceType }
  | { readonly type: 'renewed'; readonly leaseId: string; readonly expiresAtMs: number }
  | { readonly type: 'ended'; readonly leaseId: string; readonly reason: 'revoked' | 'expired' }
  /** `resource` is `unknown` where there is none. */
  | { readonly type: 'denied'; readonly resource: string; readonly code: string }
  | {
      readonly type: 'approval';
      readonly approvalId: string;
      readonly state: Exclude<ApprovalState, 'expired'>;
    }
  | { readonly type: 'cleanup-failed'; readonly leaseId: string; readonly error: unknown };
