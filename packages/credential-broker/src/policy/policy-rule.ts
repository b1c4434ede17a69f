import type { Principal } from '../broker/principal.ts';
import type { ResourceType } from '../broker/resource.ts';
import type { DeliveryMode } from '../leases/lease.ts';
import type { ApprovalKind } from './access-policy.ts';

/**
 * One rule of a policy. It applies where everything that it names fits; what it does not name, it does not ask about.
 *
 * In patterns `*` stands for any characters except `/`, and `**` for any characters at all; everything else stands for
 * itself. A list has 1 to 256 entries of 1 to 512 characters.
 */
export interface PolicyRule {
  /** What decisions, leases and the audit log call it. 1 to 128 characters, unlike every other rule's. */
  readonly id: string;
  /** Whether it allows or forbids. A rule that forbids beats every rule that allows. Default `allow`. */
  readonly effect?: 'allow' | 'deny' | undefined;
  /** Patterns of the tenants that it is for. */
  readonly tenants: readonly string[];
  /**
   * Patterns of references, `op://prod/orders-*`. A rule that forbids holds for the parts of what they name as well, behind
   * `/`, `#` and `?`, and for the wholes that it is part of; for no whole where `**` stands in front of the part.
   */
  readonly refs: readonly string[];
  /** Default every type. */
  readonly resourceTypes?: readonly ResourceType[] | undefined;
  /** Patterns of the ids of principals. Default everybody. */
  readonly principals?: readonly string[] | undefined;
  /** Default every type. */
  readonly principalTypes?: readonly Principal['type'][] | undefined;
  /** Roles, one of which the principal must have. Default none needed. */
  readonly roles?: readonly string[] | undefined;
  /**
   * Patterns of what may be done. A rule that allows must name every scope of a request; one that forbids, any. Default
   * `read` where it allows, everything where it forbids.
   */
  readonly scopes?: readonly string[] | undefined;
  /**
   * Patterns of where it may be used. A request without an audience, good for use anywhere, does not fit then in a rule
   * that allows, and does in one that forbids. Default anywhere.
   */
  readonly audiences?: readonly string[] | undefined;
  /** Default every mode but `disclose` where it allows, every mode where it forbids. */
  readonly modes?: readonly DeliveryMode[] | undefined;
  /** For how long, where a request does not say, in whole seconds. 1 to 86,400. Default 300, or `maxTtlSeconds` if less. */
  readonly ttlSeconds?: number | undefined;
  /** For how long at most, renewals included, in whole seconds. 1 to 86,400. Default 900. */
  readonly maxTtlSeconds?: number | undefined;
  /** Who has to agree first. Default `none`. */
  readonly approval?: ApprovalKind | undefined;
  /** Whether a credential is given once. Default `true`. */
  readonly oneTime?: boolean | undefined;
  /** Whether the redeemer must prove a key. Default `false`. */
  readonly proof?: boolean | undefined;
}
