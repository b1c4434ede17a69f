import type { Resource } from '../broker/resource.ts';

/** How a credential reaches the one who uses it; see the guide on delivery modes. */
export type DeliveryMode = 'reference' | 'sealed' | 'injected' | 'disclose';

/** Where a lease stands. Only an `active` one changes. */
export type LeaseState = 'active' | 'consumed' | 'revoked' | 'expired';

/** The right of one principal to one credential for a while. Holds no secret: a handle is kept as its SHA-256. */
export interface Lease {
  /** Unique and without meaning; no authority by itself. */
  readonly id: string;
  readonly tenant: string;
  /** The id of the principal it was issued to. */
  readonly principal: string;
  readonly onBehalfOf: string | undefined;
  readonly resource: Resource;
  readonly scope: readonly string[];
  /** Who the credential is to be used at, as the issuer was told. */
  readonly audience: string | undefined;
  readonly mode: DeliveryMode;
  /** Whether it ends with the first redemption. */
  readonly oneTime: boolean;
  /** The id of the principal that may redeem it, of the same tenant. */
  readonly redeemer: string;
  /** The thumbprint (RFC 7638) of the key that the redeemer has to prove. */
  readonly keyThumbprint: string | undefined;
  /** SHA-256 of the handle, in base64url; unique. */
  readonly handleHash: string | undefined;
  /** The id of the token that carries the credential (`jti`); unique. */
  readonly tokenId: string | undefined;
  /** The lease that this one is a narrower form of; it ends with it. */
  readonly parent: string | undefined;
  /** The rule of the policy that allowed it. */
  readonly rule: string;
  /** All instants in milliseconds since the Unix epoch. */
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  /** No renewal goes beyond. */
  readonly maxExpiresAtMs: number;
  readonly state: LeaseState;
  /** What the backend knows the credential by, if it made one for this lease. */
  readonly backendRef: string | undefined;
  /** What the backend was told besides. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Counts the changes, from 0; what a change is compared with. */
  readonly version: number;
}

/** What a lease can become. A field that is given as `undefined` is cleared, and one that is not given stays. */
export type LeaseChange = Partial<
  Pick<Lease, 'state' | 'expiresAtMs' | 'backendRef' | 'handleHash' | 'tokenId'>
>;
