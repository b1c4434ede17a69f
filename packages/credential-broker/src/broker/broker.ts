import type { EventSource } from '@holdfast/pipeline';
import type { Approvals } from '../approvals/approval.ts';
import type { Credential } from '../backends/backend.ts';
import type { DeliveryMode, Lease } from '../leases/lease.ts';
import type { Decision } from '../policy/access-policy.ts';
import type { BrokerEvent } from './events.ts';
import type { Principal } from './principal.ts';
import type { Resource } from './resource.ts';

/** What is asked of a broker. Its texts are well-formed, of one line, and without characters that cannot be seen. */
export interface CredentialRequest {
  /** Who asks, as the service that authenticated them says. */
  readonly principal: Principal;
  readonly resource: Resource;
  /** What is to be done with it. Default `['read']`. 1 to 16, each of 1 to 64 characters. */
  readonly scope?: readonly string[] | undefined;
  /** Who it is to be used at. At most 256 characters. */
  readonly audience?: string | undefined;
  /** How it is to be delivered. Default `reference`. */
  readonly mode?: DeliveryMode | undefined;
  /** For how long, in whole seconds: 60 to 900 for an agent, 1 to 86,400 for others. Default what the policy says, 300. */
  readonly ttlSeconds?: number | undefined;
  /** The workload that may redeem it. Default: the principal itself. */
  readonly redeemer?: string | undefined;
  /** The thumbprint (RFC 7638) of the key that the redeemer has to prove. Default: the principal's, if it proved one. */
  readonly keyThumbprint?: string | undefined;
  /** The public key that a `sealed` credential is encrypted to. */
  readonly sealTo?: JsonWebKey | undefined;
  /** Whether the first redemption ends it. Default `true`, or what the policy says. */
  readonly oneTime?: boolean | undefined;
  /** Why it is needed; kept in the audit log. At most 512 characters. */
  readonly reason?: string | undefined;
  /** The approval that this exact request was given. */
  readonly approvalId?: string | undefined;
  /** What it came by, such as `mcp`, for {@link BrokerSnapshot}. At most 32 characters: letters, digits and `-`. */
  readonly protocol?: string | undefined;
  /** What the backend needs besides, such as `publicKey` for a certificate; may have several lines. At most 16, each of at most 4,096 characters. */
  readonly parameters?: Readonly<Record<string, string>> | undefined;
}

/** What the one who asked may have: safe to show to a model, save for `credential`. */
export interface Grant {
  readonly leaseId: string;
  readonly mode: DeliveryMode;
  readonly resource: Resource;
  readonly scope: readonly string[];
  readonly audience: string | undefined;
  /** `reference` and `injected`: worth nothing without being the redeemer. */
  readonly handle: string | undefined;
  /** `sealed`: a signed token that carries the credential, encrypted to the key of the workload. */
  readonly token: string | undefined;
  /** `disclose`: the credential itself. */
  readonly credential: Credential | undefined;
  /** In milliseconds since the Unix epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** A credential in use. Clears its secrets when it is disposed of. */
export interface Redeemed extends Disposable {
  readonly leaseId: string;
  readonly resource: Resource;
  readonly scope: readonly string[];
  readonly credential: Credential;
  /** In milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
}

/**
 * Looks at a lease that is about to be used. What it throws refuses the use, with its message in the audit log, and
 * leaves the lease as it is.
 *
 * @returns what the audit log is told of the use; no secret
 */
export type LeaseCheck = (
  lease: Pick<Lease, 'resource' | 'scope' | 'audience'>,
) => Readonly<Record<string, string>>;

/** How a lease is made narrower; what is left out stays as it is. */
export interface Narrowing {
  /** A part of the scope. */
  readonly scope?: readonly string[] | undefined;
  /** In whole seconds, within what is left of the parent. */
  readonly ttlSeconds?: number | undefined;
  /** Can be set where the parent has none. */
  readonly audience?: string | undefined;
  /** Who may redeem the narrower one. Default: who narrows. */
  readonly redeemer?: string | undefined;
  readonly keyThumbprint?: string | undefined;
}

/** Which leases end: one, that of a token, those of a principal, or all whose resource begins with something. */
export type Revocation =
  | { readonly leaseId: string }
  | { readonly tokenId: string }
  | { readonly principal: string }
  | { readonly prefix: string };

/** What RFC 7662 says of a token; `active: false` and nothing else for whatever is not the caller's to know. */
export interface Introspection {
  readonly active: boolean;
  readonly [claim: string]: unknown;
}

/** What the broker has done since it was made, in the shape that earlier systems showed at `/status`. */
export interface BrokerSnapshot {
  readonly timestamp: string;
  readonly uptime_seconds: number;
  readonly uptime_human: string;
  readonly requests: {
    readonly total: number;
    readonly successful: number;
    readonly failed: number;
    readonly success_rate_percent: number;
  };
  readonly tokens: {
    readonly active: number;
    readonly total_generated: number;
    readonly avg_ttl_minutes: number;
  };
  readonly performance: { readonly avg_response_time_ms: number };
  readonly protocols: Readonly<Record<string, number>>;
  readonly resource_types: Readonly<Record<string, number>>;
}

/** Counts by type of resource. */
export interface BrokerStats {
  readonly issued: Readonly<Record<string, number>>;
  readonly denied: Readonly<Record<string, number>>;
  readonly redeemed: Readonly<Record<string, number>>;
  readonly revoked: Readonly<Record<string, number>>;
  readonly expired: Readonly<Record<string, number>>;
  readonly active: Readonly<Record<string, number>>;
}

/** Gives out credentials that are short-lived, narrow, accounted for and taken back. */
export interface Broker extends EventSource<BrokerEvent> {
  /**
   * Gives a right to a credential, in the form that was asked for.
   *
   * @throws {@link TypeError} when the request is not one, {@link RangeError} when its time is out of bounds
   * @throws {@link BrokerError} when it is refused; `ERR_BROKER_APPROVAL_REQUIRED` names the approval to wait for
   * @throws {@link BackendError} when there is no such credential, or its backend gives nothing
   * @throws {@link TokenError} when a credential cannot be sealed, or `sealTo` is no public key that it could be sealed to
   */
  issue(request: CredentialRequest): Promise<Grant>;
  /**
   * Turns a handle into its credential, for the redeemer that the grant names.
   *
   * @throws {@link BrokerError} `ERR_BROKER_UNKNOWN` for a handle that is foreign, used, ended or made up alike
   * @throws {@link BackendError} when the backend gives nothing; a handle for one use is used up nevertheless
   */
  redeem(handle: string, redeemer: Principal): Promise<Redeemed>;
  /**
   * Redeems, runs, and clears the secrets whatever happens. The one way to a credential that is to be injected: it is
   * for those who run within the broker's process.
   *
   * @throws what `redeem` does, and whatever `use` and `check` do
   */
  withSecret<T>(
    handle: string,
    redeemer: Principal,
    use: (credential: Credential) => T | PromiseLike<T>,
    check?: LeaseCheck,
  ): Promise<T>;
  /**
   * Prolongs a lease from now on, within what the policy says by now. Makes none shorter, and leaves as it is what its
   * backend cannot prolong.
   *
   * @param ttlSeconds - whole seconds: 60 to 900 for an agent, 1 to 86,400 for others. Default what the policy says
   * @throws {@link RangeError} when the time is out of bounds
   * @throws {@link BrokerError} when it is refused, or there is no such lease
   * @throws {@link BackendError} when the backend gives no answer
   */
  renew(
    leaseId: string,
    principal: Principal,
    ttlSeconds?: number,
  ): Promise<{ readonly expiresAtMs: number }>;
  /**
   * Ends leases and those made from them, at the backend as well: what cannot be ended there now is tried again. Its own
   * leases are anybody's to end, others are for operators.
   *
   * @returns how many; 0 for what is foreign or not there
   * @throws {@link BrokerError} `ERR_BROKER_AUDIT` when the log did not take it; the leases have ended nevertheless
   */
  revoke(what: Revocation, principal: Principal): Promise<number>;
  /**
   * Makes a narrower lease of one that the principal may redeem. One for one use is used up by it.
   *
   * @throws {@link BrokerError} `ERR_BROKER_DENIED` when it would be wider in anything, `ERR_BROKER_UNKNOWN` when there is
   *   no such lease
   */
  attenuate(handle: string, principal: Principal, narrowing: Narrowing): Promise<Grant>;
  /** Says what a token or handle is good for, to those who may know. */
  introspect(token: string, caller: Principal): Promise<Introspection>;
  /**
   * Says what {@link Broker.issue} would decide, by the same rules; gives nothing and asks no backend.
   *
   * @throws {@link TypeError} when the request is not one, {@link RangeError} when its time is out of bounds
   */
  explain(request: CredentialRequest): Decision;
  /** What it has done since it was made, in the shape of earlier systems. */
  snapshot(): BrokerSnapshot;
  /** Counts by type of resource, for metrics. */
  stats(): BrokerStats;
  /** Which backends answer, by the names that references know them by. */
  health(): Promise<Readonly<Record<string, 'up' | 'down'>>>;
  /** The requests that wait for somebody's consent. */
  readonly approvals: Approvals;
  /** Whether it was closed. */
  readonly closed: boolean;
  /** Stops; leases stay as they are. */
  close(): Promise<void>;
}
