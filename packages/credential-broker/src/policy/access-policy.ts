import type { Principal } from '../broker/principal.ts';
import type { Resource } from '../broker/resource.ts';
import type { DeliveryMode } from '../leases/lease.ts';

/** What is asked of a policy. */
export interface AccessRequest {
  readonly principal: Principal;
  readonly resource: Resource;
  /** What is to be done with it, e.g. `read`; every one must be allowed. */
  readonly scope: readonly string[];
  readonly audience?: string | undefined;
  readonly mode: DeliveryMode;
  /** For how long, in milliseconds; nothing for as long as the policy gives by default. */
  readonly ttlMs?: number | undefined;
}

/** Who has to agree before a credential is given: nobody, the one who asks, or somebody else. */
export type ApprovalKind = 'none' | 'self' | 'third-party';

/** What a policy says: the same for whoever enforces it and whoever explains it. */
export type Decision =
  | {
      readonly allowed: true;
      /** The rule that allows it. */
      readonly rule: string;
      /** For how long, in milliseconds: what was asked, else the default of the rule. */
      readonly ttlMs: number;
      /** The longest that renewals may make it, in milliseconds. */
      readonly maxTtlMs: number;
      readonly approval: ApprovalKind;
      /** Whether it ends with its first use. */
      readonly oneTime: boolean;
      /** Whether the redeemer must prove a key. */
      readonly proof: boolean;
    }
  | {
      readonly allowed: false;
      /** The rule that forbids it; nothing where no rule allows it. */
      readonly rule: string | undefined;
      /** What is missing, in words for people. Names nothing that the one who asks did not name. */
      readonly reason: string;
    };

/** Decides who may have which credential. Denies what no rule allows. */
export interface AccessPolicy {
  /** Changes with every change of the rules; approvals are bound to it. */
  readonly version: string;
  decide(request: AccessRequest): Decision;
}
