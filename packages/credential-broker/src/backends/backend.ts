import type { Resource } from '../broker/resource.ts';
import type { Secret } from '../secret/secret.ts';

/** A credential: its fields by name, such as `username` and `password`. */
export type Credential = Readonly<Record<string, Secret>>;

/** What a backend is asked for. */
export interface BackendRequest {
  readonly resource: Resource;
  /** The part of the reference behind the name of the backend: `prod/orders-db` of `op://prod/orders-db`. */
  readonly path: string;
  /** What the credential must allow, and no more where the backend can tell. */
  readonly scope: readonly string[];
  /** For how long it has to be good, in milliseconds; more than 0. */
  readonly ttlMs: number;
  readonly tenant: string;
  /** The id of the principal; for names that people can recognise. */
  readonly principal: string;
  /** The id of the lease it is for; unique. */
  readonly leaseId: string;
  /** What the backend needs besides, such as the public key to certify. Names and values are bounded by the broker. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** A credential, and how long the backend keeps it alive. */
export interface BackendLease {
  readonly credential: Credential;
  /** When the backend ends it, in milliseconds since the Unix epoch; nothing for a secret that the backend only keeps. */
  readonly expiresAtMs?: number | undefined;
  /** Whether it is good for this one use alone, such as a one-time password: it is neither kept nor given to others. */
  readonly fleeting?: boolean | undefined;
  /** What {@link Backend.renew} and {@link Backend.revoke} know it by. No secret: it is stored with the lease. */
  readonly ref?: string | undefined;
}

/** What a backend says of a credential without giving it out. */
export interface BackendInfo {
  /** The longest life it can give, in milliseconds. Default: no limit. */
  readonly maxTtlMs?: number | undefined;
}

/** How many requests the provider of a backend grants. */
export interface BackendQuota {
  /** Requests per window. */
  readonly requests: number;
  readonly windowMs: number;
  /** How many requests one call of the backend makes at most. */
  readonly perCall: number;
}

/**
 * Where credentials come from. Every method rejects with a {@link BackendError}; none waits longer than its signal.
 */
export interface Backend {
  /** What it is, e.g. `1password-connect`; for metrics and events. */
  readonly kind: string;
  /**
   * Whether it only keeps secrets, the same for whoever may have them, so that one answer may serve several; save one that
   * is {@link BackendLease.fleeting}, ends by itself or has to be ended. Default `false`: it makes each credential for one
   * lease.
   */
  readonly keepsSecrets?: boolean | undefined;
  /** What its provider grants; the broker stays below. Default: no limit. */
  readonly quota?: BackendQuota | undefined;
  /** Whether the credential exists, and how long it may live. */
  inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo>;
  /** Reads or makes the credential. */
  issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease>;
  /**
   * Prolongs a credential that it made.
   *
   * @returns when it ends now, in milliseconds since the Unix epoch
   */
  renew?(ref: string, ttlMs: number, signal: AbortSignal): Promise<number>;
  /** Ends a credential that it made. Resolves also when it is gone already. */
  revoke?(ref: string, signal: AbortSignal): Promise<void>;
  /** Resolves when the backend answers. */
  health(signal: AbortSignal): Promise<void>;
  /** Frees what it holds. */
  close?(): Promise<void> | void;
}
