import { check, having, readOptions, type, type Rules } from '@holdfast/pipeline';
import type { Credential } from '../backends/backend.ts';
import type { Broker, Grant, Introspection } from '../broker/broker.ts';
import type { Principal } from '../broker/principal.ts';
import type { ResourceType } from '../broker/resource.ts';

/** Options of {@link credentialManager}. */
export interface CredentialManagerOptions {
  /** What everything is asked of. */
  readonly broker: Broker;
  /** The reference of a resource that callers know by type and name, e.g. `op://prod/${name}`. */
  readonly refOf: (type: ResourceType, name: string) => string;
}

/** What a caller wants, in the words of the earlier system. */
export interface ManagedRequest {
  readonly resourceType: ResourceType;
  readonly resourceName: string;
  /** Whole minutes: 1 to 15 for an agent. Default what the policy says. */
  readonly ttlMinutes?: number | undefined;
}

/** A token of the earlier system: here a handle, worth nothing without being the one whom it was issued to. */
export interface ManagedToken {
  readonly token: string;
  /** In seconds. */
  readonly expires_in: number;
  /** `type/name` */
  readonly resource: string;
  /** In ISO 8601, as `2026-01-01T00:00:00.000Z`. */
  readonly issued_at: string;
  readonly expires_at: string;
  readonly ttl_minutes: number;
}

/** Whether the manager and everything behind it answers. */
export interface ManagerHealth {
  readonly status: 'healthy' | 'unhealthy';
  readonly backends: Readonly<Record<string, 'up' | 'down'>>;
}

/**
 * The calls of the earlier system, one to one. Who calls is a principal that was authenticated, never a name in a request;
 * every call asks the policy and is written down by the broker.
 */
export interface CredentialManager {
  /**
   * Gets a credential for the caller itself, to be cleared after use.
   *
   * @throws {@link BrokerError} when it is refused
   * @throws {@link BackendError} when there is no such credential
   */
  fetchCredentials(caller: Principal, request: ManagedRequest): Promise<Credential>;
  /** Issues a token for a resource; the credential stays where it is until the token is used. */
  issueEphemeralToken(caller: Principal, request: ManagedRequest): Promise<ManagedToken>;
  /** The same: whether the credential exists is seen to before a token is issued. */
  fetchAndIssueToken(caller: Principal, request: ManagedRequest): Promise<ManagedToken>;
  /** What a token is good for; `active: false` and nothing else for whatever is not the caller's to know. */
  validateToken(caller: Principal, token: string): Promise<Introspection>;
  /** Turns a token into its credential, once. */
  getCredentialsFromToken(caller: Principal, token: string): Promise<Credential>;
  healthCheck(): Promise<ManagerHealth>;
}

const SECONDS_A_MINUTE = 60;

const rules: Rules<CredentialManagerOptions> = {
  broker: having('issue', 'redeem', 'introspect', 'health'),
  refOf: type('function'),
};

function toToken({ resourceType, resourceName }: ManagedRequest, grant: Grant): ManagedToken {
  const { handle = '', issuedAtMs, expiresAtMs } = grant;
  const seconds = Math.floor((expiresAtMs - issuedAtMs) / 1_000);
  return {
    token: handle,
    expires_in: seconds,
    resource: `${resourceType}/${resourceName}`,
    issued_at: new Date(issuedAtMs).toISOString(),
    expires_at: new Date(expiresAtMs).toISOString(),
    ttl_minutes: seconds / SECONDS_A_MINUTE,
  };
}

/**
 * Makes the face of the earlier system over a broker, so that its callers can be moved one by one.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { credentialManager, type Broker, type Principal } from '@holdfast/credential-broker';
 *
 * async function run(broker: Broker, caller: Principal) {
 *   const manager = credentialManager({ broker, refOf: (_type, name) => `op://prod/${name}` });
 *   const request = { resourceType: 'database', resourceName: 'orders-db', ttlMinutes: 5 } as const;
 *   const { token } = await manager.fetchAndIssueToken(caller, request);
 *   const credential = await manager.getCredentialsFromToken(caller, token);
 *   console.log(Object.keys(credential));
 * }
 * ```
 */
export function credentialManager(options: CredentialManagerOptions): CredentialManager {
  const { broker, refOf } = readOptions('credentialManager', options, rules, {});
  check('credentialManager: broker', broker, rules.broker);
  check('credentialManager: refOf', refOf, rules.refOf);

  const issue = (principal: Principal, { resourceType, resourceName, ttlMinutes }: ManagedRequest) =>
    broker.issue({
      principal,
      resource: { type: resourceType, ref: refOf(resourceType, resourceName) },
      ...(ttlMinutes !== undefined && { ttlSeconds: ttlMinutes * SECONDS_A_MINUTE }),
    });
  const redeem = async (caller: Principal, token: string) => (await broker.redeem(token, caller)).credential;
  const issueToken = async (caller: Principal, request: ManagedRequest) => {
    return toToken(request, await issue(caller, request));
  };
  return {
    fetchCredentials: async (caller, request) => redeem(caller, (await issue(caller, request)).handle ?? ''),
    issueEphemeralToken: issueToken,
    fetchAndIssueToken: issueToken,
    validateToken: (caller, token) => broker.introspect(token, caller),
    getCredentialsFromToken: redeem,
    async healthCheck() {
      const backends = await broker.health();
      const up = Object.values(backends).every((state) => state === 'up');
      return { status: up ? 'healthy' : 'unhealthy', backends };
    },
  };
}
