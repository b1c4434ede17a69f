/** Who asks for a credential, as the service that authenticated them says. Nothing in a request can change it. */
export interface Principal {
  /** Who it is, the same for as long as possible. 1 to 256 characters. */
  readonly id: string;
  /** Whose it is: nothing crosses from one tenant to another. 1 to 64 characters. */
  readonly tenant: string;
  /** What kind of party it is. */
  readonly type: 'agent' | 'workload' | 'user';
  /** What it may be matched by in a policy, besides its id. Default none. */
  readonly roles?: readonly string[] | undefined;
  /** The person for whom it acts, where that is known. */
  readonly onBehalfOf?: string | undefined;
  /** The SHA-256 thumbprint (RFC 7638) of a key that it has proven to hold in this request, e.g. by DPoP or mTLS. */
  readonly keyThumbprint?: string | undefined;
}
