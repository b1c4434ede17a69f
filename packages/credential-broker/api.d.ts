// The public API of @holdfast/credential-broker, written by `npm run api`. A change here is a change for users.

declare module '@holdfast/credential-broker' {
  interface AccessPolicy {
    readonly version: string;
    decide(request: AccessRequest): Decision;
  }
  interface AccessRequest {
    readonly principal: Principal;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience?: string | undefined;
    readonly mode: DeliveryMode;
    readonly ttlMs?: number | undefined;
  }
  interface Actor {
    readonly sub: string;
    readonly iss?: string | undefined;
    readonly act?: Actor | undefined;
  }
  interface Approval {
    readonly id: string;
    readonly tenant: string;
    readonly requester: string;
    readonly onBehalfOf: string | undefined;
    readonly kind: Exclude<ApprovalKind, 'none'>;
    readonly requestHash: string;
    readonly summary: Readonly<Record<string, string>>;
    readonly state: ApprovalState;
    readonly decidedBy: string | undefined;
    readonly requestedAtMs: number;
    readonly expiresAtMs: number;
  }
  type ApprovalChange = Pick<Approval, 'state' | 'decidedBy'>;
  type ApprovalKind = 'none' | 'self' | 'third-party';
  type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'expired';
  interface ApprovalStore {
    insert(approval: Approval): Promise<void>;
    find(id: string): Promise<Approval | undefined>;
    findPending(tenant: string, requester: string, requestHash: string): Promise<Approval | undefined>;
    change(approval: Approval, change: ApprovalChange): Promise<Approval | undefined>;
    list(tenant: string, after: string | undefined, limit: number): Promise<readonly Approval[]>;
    forget(beforeMs: number): Promise<number>;
    close(): Promise<void>;
  }
  interface Approvals {
    list(approver: Principal, after?: string, limit?: number): Promise<readonly Approval[]>;
    find(id: string, principal: Principal): Promise<Approval>;
    approve(id: string, approver: Principal): Promise<Approval>;
    deny(id: string, approver: Principal): Promise<Approval>;
  }
  interface Backend {
    readonly kind: string;
    readonly keepsSecrets?: boolean | undefined;
    readonly quota?: BackendQuota | undefined;
    inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo>;
    issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease>;
    renew?(ref: string, ttlMs: number, signal: AbortSignal): Promise<number>;
    revoke?(ref: string, signal: AbortSignal): Promise<void>;
    health(signal: AbortSignal): Promise<void>;
    close?(): Promise<void> | void;
  }
  class BackendError extends Error {
    readonly name = 'BackendError';
    readonly code = 'ERR_BROKER_BACKEND';
    readonly failure: BackendFailure;
    readonly retryAfterMs: number | undefined;
    readonly transient: boolean;
    constructor(failure: BackendFailure, message: string, options?: BackendErrorOptions);
  }
  interface BackendErrorOptions extends ErrorOptions {
    readonly retryAfterMs?: number | undefined;
    readonly transient?: boolean | undefined;
  }
  type BackendFailure = 'not-found' | 'denied' | 'quota' | 'unavailable' | 'invalid';
  interface BackendInfo {
    readonly maxTtlMs?: number | undefined;
  }
  interface BackendLease {
    readonly credential: Credential;
    readonly expiresAtMs?: number | undefined;
    readonly fleeting?: boolean | undefined;
    readonly ref?: string | undefined;
  }
  interface BackendQuota {
    readonly requests: number;
    readonly windowMs: number;
    readonly perCall: number;
  }
  interface BackendRequest {
    readonly resource: Resource;
    readonly path: string;
    readonly scope: readonly string[];
    readonly ttlMs: number;
    readonly tenant: string;
    readonly principal: string;
    readonly leaseId: string;
    readonly parameters: Readonly<Record<string, string>>;
  }
  interface Broker extends EventSource<BrokerEvent> {
    issue(request: CredentialRequest): Promise<Grant>;
    redeem(handle: string, redeemer: Principal): Promise<Redeemed>;
    withSecret<T>(
      handle: string,
      redeemer: Principal,
      use: (credential: Credential) => T | PromiseLike<T>,
      check?: LeaseCheck,
    ): Promise<T>;
    renew(
      leaseId: string,
      principal: Principal,
      ttlSeconds?: number,
    ): Promise<{
      readonly expiresAtMs: number;
    }>;
    revoke(what: Revocation, principal: Principal): Promise<number>;
    attenuate(handle: string, principal: Principal, narrowing: Narrowing): Promise<Grant>;
    introspect(token: string, caller: Principal): Promise<Introspection>;
    explain(request: CredentialRequest): Decision;
    snapshot(): BrokerSnapshot;
    stats(): BrokerStats;
    health(): Promise<Readonly<Record<string, 'up' | 'down'>>>;
    readonly approvals: Approvals;
    readonly closed: boolean;
    close(): Promise<void>;
  }
  interface BrokerAudit {
    append(event: BrokerAuditEvent): Promise<unknown>;
  }
  interface BrokerAuditEvent {
    readonly tenant: string;
    readonly actor: {
      readonly id: string;
      readonly type: string;
    };
    readonly onBehalfOf?:
      | {
          readonly id: string;
        }
      | undefined;
    readonly action: string;
    readonly resource: {
      readonly type: string;
      readonly id: string;
    };
    readonly outcome: 'success' | 'denied' | 'failure';
    readonly reason?: string | undefined;
    readonly details: Readonly<Record<string, unknown>>;
  }
  class BrokerError extends Error {
    readonly name = 'BrokerError';
    readonly code: BrokerErrorCode;
    readonly retryAfterMs: number | undefined;
    readonly approvalId: string | undefined;
    constructor(code: BrokerErrorCode, message: string, options?: BrokerErrorOptions);
  }
  type BrokerErrorCode =
    | 'ERR_BROKER_DENIED'
    | 'ERR_BROKER_UNKNOWN'
    | 'ERR_BROKER_APPROVAL_REQUIRED'
    | 'ERR_BROKER_APPROVAL_INVALID'
    | 'ERR_BROKER_PROOF_REQUIRED'
    | 'ERR_BROKER_AUDIT'
    | 'ERR_BROKER_STORE'
    | 'ERR_BROKER_RATE_LIMITED'
    | 'ERR_BROKER_CLOSED';
  interface BrokerErrorOptions extends ErrorOptions {
    readonly retryAfterMs?: number | undefined;
    readonly approvalId?: string | undefined;
  }
  type BrokerEvent =
    | {
        readonly type: 'issued';
        readonly leaseId: string;
        readonly resource: ResourceType;
        readonly ttlMs: number;
      }
    | {
        readonly type: 'redeemed';
        readonly leaseId: string;
        readonly resource: ResourceType;
      }
    | {
        readonly type: 'renewed';
        readonly leaseId: string;
        readonly expiresAtMs: number;
      }
    | {
        readonly type: 'ended';
        readonly leaseId: string;
        readonly reason: 'revoked' | 'expired';
      }
    | {
        readonly type: 'denied';
        readonly resource: string;
        readonly code: string;
      }
    | {
        readonly type: 'approval';
        readonly approvalId: string;
        readonly state: Exclude<ApprovalState, 'expired'>;
      }
    | {
        readonly type: 'cleanup-failed';
        readonly leaseId: string;
        readonly error: unknown;
      };
  interface BrokerOptions {
    readonly backends: Readonly<Record<string, Backend>>;
    readonly policy: AccessPolicy;
    readonly audit: BrokerAudit | 'none';
    readonly leases?: LeaseStore | undefined;
    readonly approvals?: ApprovalStore | undefined;
    readonly tokens?: BrokerTokens | undefined;
    readonly guard?: GuardOptions | 'none' | undefined;
    readonly limit?: RateRule | 'none' | undefined;
    readonly mayApprove?: ((approver: Principal, approval: Approval) => boolean) | undefined;
    readonly isOperator?: ((principal: Principal) => boolean) | undefined;
    readonly approvalMs?: number | undefined;
    readonly auditTimeoutMs?: number | undefined;
    readonly storeTimeoutMs?: number | undefined;
    readonly backendTimeoutMs?: number | undefined;
    readonly keepMs?: number | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface BrokerSnapshot {
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
    readonly performance: {
      readonly avg_response_time_ms: number;
    };
    readonly protocols: Readonly<Record<string, number>>;
    readonly resource_types: Readonly<Record<string, number>>;
  }
  interface BrokerStats {
    readonly issued: Readonly<Record<string, number>>;
    readonly denied: Readonly<Record<string, number>>;
    readonly redeemed: Readonly<Record<string, number>>;
    readonly revoked: Readonly<Record<string, number>>;
    readonly expired: Readonly<Record<string, number>>;
    readonly active: Readonly<Record<string, number>>;
  }
  interface BrokerTokens {
    readonly keys: KeyRing;
    readonly issuer: string;
  }
  type Credential = Readonly<Record<string, Secret>>;
  interface CredentialManager {
    fetchCredentials(caller: Principal, request: ManagedRequest): Promise<Credential>;
    issueEphemeralToken(caller: Principal, request: ManagedRequest): Promise<ManagedToken>;
    fetchAndIssueToken(caller: Principal, request: ManagedRequest): Promise<ManagedToken>;
    validateToken(caller: Principal, token: string): Promise<Introspection>;
    getCredentialsFromToken(caller: Principal, token: string): Promise<Credential>;
    healthCheck(): Promise<ManagerHealth>;
  }
  interface CredentialManagerOptions {
    readonly broker: Broker;
    readonly refOf: (type: ResourceType, name: string) => string;
  }
  interface CredentialRequest {
    readonly principal: Principal;
    readonly resource: Resource;
    readonly scope?: readonly string[] | undefined;
    readonly audience?: string | undefined;
    readonly mode?: DeliveryMode | undefined;
    readonly ttlSeconds?: number | undefined;
    readonly redeemer?: string | undefined;
    readonly keyThumbprint?: string | undefined;
    readonly sealTo?: JsonWebKey | undefined;
    readonly oneTime?: boolean | undefined;
    readonly reason?: string | undefined;
    readonly approvalId?: string | undefined;
    readonly protocol?: string | undefined;
    readonly parameters?: Readonly<Record<string, string>> | undefined;
  }
  interface CredentialToken extends CredentialTokenContent {
    readonly sealed: string;
    readonly claims: TokenClaims;
  }
  interface CredentialTokenContent {
    readonly issuer: string;
    readonly audience: string;
    readonly tokenId: string;
    readonly subject: string;
    readonly tenant: string;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly keyThumbprint?: string | undefined;
    readonly actor?: Actor | undefined;
  }
  interface CredentialTokenVerifier {
    verify(token: string): Promise<CredentialToken>;
  }
  type CredentialTokenVerifierOptions = Omit<TokenVerifierOptions, 'type' | 'requiredClaims'>;
  type Decision =
    | {
        readonly allowed: true;
        readonly rule: string;
        readonly ttlMs: number;
        readonly maxTtlMs: number;
        readonly approval: ApprovalKind;
        readonly oneTime: boolean;
        readonly proof: boolean;
      }
    | {
        readonly allowed: false;
        readonly rule: string | undefined;
        readonly reason: string;
      };
  type DeliveryMode = 'reference' | 'sealed' | 'injected' | 'disclose';
  interface DpopChecker {
    check(proof: string, request: ProvenRequest): Promise<string>;
  }
  interface DpopCheckerOptions {
    readonly maxAgeMs?: number | undefined;
    readonly clockSkewMs?: number | undefined;
    readonly nonces?: DpopNonces | undefined;
    readonly maxProofsPerKey?: number | undefined;
    readonly maxProofs?: number | undefined;
    readonly replays?: ReplayWindow | undefined;
    readonly clock?: Clock | undefined;
  }
  interface DpopKey {
    readonly thumbprint: string;
    readonly alg: SigningKey['alg'];
    readonly jwk: JsonWebKey;
    readonly signWith: CryptoKey;
  }
  interface DpopNonces {
    current(): string;
    accepts(nonce: string): boolean;
  }
  interface DpopNoncesOptions {
    readonly rotateMs?: number | undefined;
    readonly secret?: Secret | undefined;
    readonly clock?: Clock | undefined;
  }
  interface DpopProofOptions {
    readonly key: DpopKey;
    readonly method: string;
    readonly url: string;
    readonly accessToken?: string | undefined;
    readonly nonce?: string | undefined;
    readonly clock?: Clock | undefined;
  }
  interface DueToken {
    readonly key: TokenKey;
    readonly dueAtMs: number;
  }
  interface ExchangeRequest {
    readonly subjectToken: string;
    readonly actorToken: string | undefined;
    readonly audience: string | undefined;
    readonly scope: readonly string[] | undefined;
  }
  interface ExchangeResponse {
    readonly access_token: string;
    readonly issued_token_type: 'urn:ietf:params:oauth:token-type:access_token';
    readonly token_type: 'Bearer' | 'DPoP';
    readonly expires_in: number;
    readonly scope: string;
  }
  interface FileLeasesOptions {
    readonly dir: string;
    readonly maxOutdated?: number | undefined;
  }
  interface Grant {
    readonly leaseId: string;
    readonly mode: DeliveryMode;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly handle: string | undefined;
    readonly token: string | undefined;
    readonly credential: Credential | undefined;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
  }
  interface GuardOptions {
    readonly timeoutMs?: number | undefined;
    readonly maxAttempts?: number | undefined;
    readonly failures?: number | undefined;
    readonly openMs?: number | undefined;
    readonly maxConcurrent?: number | undefined;
    readonly quotaRatio?: number | undefined;
    readonly quotaStore?: RateStore | undefined;
    readonly cacheMs?: number | undefined;
    readonly maxStaleMs?: number | undefined;
    readonly missingMs?: number | undefined;
    readonly maxEntries?: number | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface GuardStats {
    readonly kind: string;
    readonly calls: Readonly<Record<'inspect' | 'issue' | 'renew' | 'revoke' | 'health', number>>;
    readonly failures: Readonly<Record<BackendFailure, number>>;
    readonly cache: {
      readonly hits: number;
      readonly stale: number;
      readonly missing: number;
      readonly joined: number;
      readonly size: number;
    };
    readonly quota:
      | {
          readonly limit: number;
          readonly remaining: number;
          readonly refused: number;
        }
      | undefined;
    readonly breaker: CircuitState;
  }
  interface GuardedBackend extends Backend {
    invalidate(prefix?: string): void;
    stats(): GuardStats;
  }
  interface Introspection {
    readonly active: boolean;
    readonly [claim: string]: unknown;
  }
  interface IssueTokenOptions {
    readonly keys: KeyRing;
    readonly sealTo?: JsonWebKey | undefined;
  }
  interface JwkSet {
    readonly keys: readonly JsonWebKey[];
  }
  interface KeyOptions {
    readonly kid?: string | undefined;
    readonly notBeforeMs?: number | undefined;
    readonly retireAtMs?: number | undefined;
  }
  interface KeyRing extends VerificationKeys {
    find(kid: string): SigningKey | undefined;
    signer(): SigningKey;
    findSealing(kid: string): SealingKey | undefined;
    sealer(): SealingKey;
    add(key: SigningKey | SealingKey): void;
    retire(kid: string, atMs?: number): void;
    jwks(): JwkSet;
  }
  interface KeyRingOptions {
    readonly signing: readonly SigningKey[];
    readonly sealing?: readonly SealingKey[] | undefined;
    readonly clock?: Clock | undefined;
  }
  interface Lease {
    readonly id: string;
    readonly tenant: string;
    readonly principal: string;
    readonly onBehalfOf: string | undefined;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly mode: DeliveryMode;
    readonly oneTime: boolean;
    readonly redeemer: string;
    readonly keyThumbprint: string | undefined;
    readonly handleHash: string | undefined;
    readonly tokenId: string | undefined;
    readonly parent: string | undefined;
    readonly rule: string;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly maxExpiresAtMs: number;
    readonly state: LeaseState;
    readonly backendRef: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
    readonly version: number;
  }
  type LeaseChange = Partial<Pick<Lease, 'state' | 'expiresAtMs' | 'backendRef' | 'handleHash' | 'tokenId'>>;
  type LeaseCheck = (
    lease: Pick<Lease, 'resource' | 'scope' | 'audience'>,
  ) => Readonly<Record<string, string>>;
  class LeaseFileError extends Error {
    readonly name = 'LeaseFileError';
    readonly code = 'ERR_LEASE_FILE';
    readonly failure: LeaseFileFailure;
    constructor(failure: LeaseFileFailure, options?: ErrorOptions);
  }
  type LeaseFileFailure = 'locked' | 'corrupt' | 'failed' | 'closed';
  interface LeaseFilter {
    readonly tenant: string;
    readonly principal?: string | undefined;
    readonly prefix?: string | undefined;
    readonly parent?: string | undefined;
  }
  type LeaseState = 'active' | 'consumed' | 'revoked' | 'expired';
  interface LeaseStore {
    insert(lease: Lease): Promise<void>;
    find(id: string): Promise<Lease | undefined>;
    findByHandle(handleHash: string): Promise<Lease | undefined>;
    findByToken(tokenId: string): Promise<Lease | undefined>;
    change(lease: Lease, change: LeaseChange): Promise<Lease | undefined>;
    list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]>;
    due(byMs: number, limit: number): Promise<readonly Lease[]>;
    forget(beforeMs: number): Promise<number>;
    active(): Promise<Readonly<Record<string, number>>>;
    close(): Promise<void>;
  }
  interface ManagedRequest {
    readonly resourceType: ResourceType;
    readonly resourceName: string;
    readonly ttlMinutes?: number | undefined;
  }
  interface ManagedToken {
    readonly token: string;
    readonly expires_in: number;
    readonly resource: string;
    readonly issued_at: string;
    readonly expires_at: string;
    readonly ttl_minutes: number;
  }
  interface ManagerHealth {
    readonly status: 'healthy' | 'unhealthy';
    readonly backends: Readonly<Record<string, 'up' | 'down'>>;
  }
  interface MemoryApprovalsOptions {
    readonly maxPerPrincipal?: number | undefined;
    readonly maxPerTenant?: number | undefined;
  }
  const NEVER_MS = 8640000000000000;
  interface NamedKeyOptions extends KeyOptions {
    readonly kid: string;
  }
  interface NarrowClaimsOptions {
    readonly subject: TokenClaims;
    readonly actor: TokenClaims;
    readonly request: Pick<ExchangeRequest, 'audience' | 'scope'>;
    readonly tokenId: string;
    readonly issuer: string;
    readonly nowMs: number;
    readonly maxTtlMs: number;
    readonly audiences?: readonly string[] | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  interface Narrowing {
    readonly scope?: readonly string[] | undefined;
    readonly ttlSeconds?: number | undefined;
    readonly audience?: string | undefined;
    readonly redeemer?: string | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  class OAuthError extends Error {
    readonly name = 'OAuthError';
    readonly code = 'ERR_BROKER_OAUTH';
    readonly error: OAuthErrorName;
    constructor(error: OAuthErrorName, description: string);
    get status(): 400 | 401;
    toJSON(): {
      readonly error: OAuthErrorName;
      readonly error_description: string;
    };
  }
  type OAuthErrorName =
    | 'invalid_request'
    | 'invalid_client'
    | 'invalid_grant'
    | 'unsupported_grant_type'
    | 'invalid_scope'
    | 'invalid_target'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce';
  interface OpeningKey {
    readonly alg: 'dir' | 'ECDH-ES';
    readonly openWith: CryptoKey;
  }
  interface Policy extends AccessPolicy {
    readonly rules: readonly PolicyRule[];
    readonly warnings: readonly PolicyMistake[];
  }
  interface PolicyDocument {
    readonly rules: readonly PolicyRule[];
  }
  class PolicyError extends Error {
    readonly name = 'PolicyError';
    readonly code = 'ERR_POLICY';
    readonly mistakes: readonly PolicyMistake[];
    constructor(source: string, mistakes: readonly PolicyMistake[]);
  }
  type PolicyEvent =
    | {
        readonly type: 'policy.reloaded';
        readonly version: string;
        readonly warnings: readonly PolicyMistake[];
      }
    | {
        readonly type: 'policy.refused';
        readonly error: unknown;
      };
  interface PolicyMistake {
    readonly message: string;
    readonly line?: number | undefined;
    readonly column?: number | undefined;
  }
  interface PolicyRule {
    readonly id: string;
    readonly effect?: 'allow' | 'deny' | undefined;
    readonly tenants: readonly string[];
    readonly refs: readonly string[];
    readonly resourceTypes?: readonly ResourceType[] | undefined;
    readonly principals?: readonly string[] | undefined;
    readonly principalTypes?: readonly Principal['type'][] | undefined;
    readonly roles?: readonly string[] | undefined;
    readonly scopes?: readonly string[] | undefined;
    readonly audiences?: readonly string[] | undefined;
    readonly modes?: readonly DeliveryMode[] | undefined;
    readonly ttlSeconds?: number | undefined;
    readonly maxTtlSeconds?: number | undefined;
    readonly approval?: ApprovalKind | undefined;
    readonly oneTime?: boolean | undefined;
    readonly proof?: boolean | undefined;
  }
  interface Principal {
    readonly id: string;
    readonly tenant: string;
    readonly type: 'agent' | 'workload' | 'user';
    readonly roles?: readonly string[] | undefined;
    readonly onBehalfOf?: string | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  interface ProvenRequest {
    readonly method: string;
    readonly url: string;
    readonly accessToken?: string | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  const RESOURCE_TYPES: readonly ['database', 'api', 'ssh', 'generic'];
  interface Redactor {
    register(secret: Secret | string | Uint8Array): () => void;
    clean(text: string): string;
    cleanBytes(bytes: Uint8Array): Uint8Array;
    cleanDeep(value: unknown): unknown;
    stream(): TransformStream<Uint8Array, Uint8Array>;
  }
  interface RedactorOptions {
    readonly minLength?: number | undefined;
  }
  interface Redeemed extends Disposable {
    readonly leaseId: string;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly credential: Credential;
    readonly expiresAtMs: number;
  }
  interface RefreshLock {
    take(name: string): Promise<(() => Promise<void>) | undefined>;
  }
  interface ReplayWindow {
    firstUse(
      thumbprint: string,
      proofId: string,
      untilMs: number,
      isBound: boolean,
    ): boolean | PromiseLike<boolean>;
  }
  interface Resource {
    readonly type: ResourceType;
    readonly ref: string;
  }
  type ResourceType = (typeof RESOURCE_TYPES)[number];
  type Revocation =
    | {
        readonly leaseId: string;
      }
    | {
        readonly tokenId: string;
      }
    | {
        readonly principal: string;
      }
    | {
        readonly prefix: string;
      };
  interface ScheduledKey {
    readonly kid: string;
    readonly notBeforeMs: number;
    readonly retireAtMs: number;
  }
  interface SealedRow extends SealedRowName {
    readonly box: string;
    readonly expiresAtMs: number;
    readonly dueAtMs: number;
    readonly removeAtMs: number;
    readonly version: number;
  }
  interface SealedRowCounts {
    readonly valid: number;
    readonly expired: number;
  }
  type SealedRowKind = 'flow' | 'token';
  interface SealedRowName {
    readonly kind: SealedRowKind;
    readonly tenant: string;
    readonly id: string;
  }
  interface SealedRows {
    find(name: SealedRowName): Promise<SealedRow | undefined>;
    put(row: SealedRow): Promise<boolean>;
    take(name: SealedRowName): Promise<SealedRow | undefined>;
    due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]>;
    removeOver(kind: SealedRowKind, byMs: number): Promise<number>;
    count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts>;
  }
  interface SealedTokensOptions {
    readonly rows: SealedRows;
    readonly keys: SealingKeys;
  }
  interface SealingKey extends OpeningKey, ScheduledKey {
    readonly use: 'enc';
    readonly alg: 'dir';
  }
  interface SealingKeys {
    sealer(): SealingKey;
    findSealing(kid: string): SealingKey | undefined;
  }
  class Secret {
    constructor(value: string | Uint8Array);
    reveal(): string;
    bytes(): Uint8Array;
    get disposed(): boolean;
    dispose(): void;
    [Symbol.dispose](): void;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
  }
  type SigningAlgorithm = 'EdDSA' | 'ES256' | 'RS256' | 'HS256';
  interface SigningKey extends VerificationKey, ScheduledKey {
    readonly use: 'sig';
    readonly signWith: CryptoKey;
    readonly jwk: JsonWebKey | undefined;
  }
  interface StoredToken {
    readonly token: Token;
    readonly dueAtMs: number;
    readonly removeAtMs: number;
    readonly failures: number;
    readonly version: number;
  }
  interface Token {
    readonly accessToken: Secret;
    readonly refreshToken?: Secret | undefined;
    readonly tokenType: string;
    readonly scope: readonly string[];
    readonly obtainedAtMs: number;
    readonly expiresAtMs: number;
  }
  type TokenClaims = Readonly<Record<string, unknown>>;
  class TokenError extends Error {
    readonly name = 'TokenError';
    readonly code = 'ERR_BROKER_TOKEN';
    readonly failure: TokenFailure;
    constructor(failure: TokenFailure, message: string);
  }
  type TokenEvent =
    | {
        readonly type: 'token.refreshed';
        readonly key: TokenKey;
        readonly expiresAtMs: number;
      }
    | {
        readonly type: 'token.refresh-failed';
        readonly key: TokenKey;
        readonly dueAtMs: number;
        readonly error: unknown;
      }
    | {
        readonly type: 'token.stuck';
        readonly key: TokenKey;
        readonly error: unknown;
      }
    | {
        readonly type: 'token.ended';
        readonly key: TokenKey;
      }
    | {
        readonly type: 'token.removed';
        readonly count: number;
      }
    | {
        readonly type: 'token.sweep-failed';
        readonly error: unknown;
      };
  type TokenFailure =
    | 'malformed'
    | 'type'
    | 'key'
    | 'signature'
    | 'issuer'
    | 'audience'
    | 'claims'
    | 'expired'
    | 'not-yet-valid'
    | 'sealed'
    | 'proof'
    | 'nonce'
    | 'replayed';
  interface TokenKey {
    readonly tenant: string;
    readonly name: string;
  }
  interface TokenManager extends EventSource<TokenEvent>, AsyncDisposable {
    put(key: TokenKey, token: Token): Promise<void>;
    get(key: TokenKey, options?: TokenWaitOptions): Promise<Token>;
    renew(key: TokenKey, options?: TokenWaitOptions): Promise<Token>;
    remove(key: TokenKey): Promise<void>;
    sweep(): Promise<void>;
    stats(): TokenStats;
    close(): Promise<void>;
  }
  class TokenManagerError extends Error {
    readonly name = 'TokenManagerError';
    readonly code = 'ERR_TOKEN_MANAGER';
    readonly failure: TokenManagerFailure;
    readonly retryAfterMs: number | undefined;
    constructor(failure: TokenManagerFailure, message: string, retryAfterMs?: number);
  }
  type TokenManagerFailure = 'missing' | 'ended' | 'waiting' | 'busy' | 'timeout' | 'closed';
  interface TokenManagerOptions {
    readonly store: TokenStore;
    readonly refresh: (key: TokenKey, token: Token, signal: AbortSignal) => Promise<Token>;
    readonly lock?: RefreshLock | undefined;
    readonly refreshBeforeMs?: number | undefined;
    readonly refreshAtRatio?: number | undefined;
    readonly jitterRatio?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly retryMs?: number | undefined;
    readonly maxRetryMs?: number | undefined;
    readonly sweepMs?: number | undefined;
    readonly concurrency?: number | undefined;
    readonly keepMs?: number | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
    readonly random?: (() => number) | undefined;
  }
  interface TokenRequest {
    readonly token: string;
    readonly hint: string | undefined;
  }
  interface TokenStats {
    readonly valid: number;
    readonly expired: number;
    readonly refreshed: number;
    readonly failed: number;
    readonly ended: number;
    readonly yielded: number;
    readonly removed: number;
  }
  interface TokenStore {
    find(key: TokenKey): Promise<StoredToken | undefined>;
    put(key: TokenKey, stored: StoredToken): Promise<boolean>;
    remove(key: TokenKey): Promise<void>;
    due(byMs: number, limit: number): Promise<readonly DueToken[]>;
    removeOver(byMs: number): Promise<number>;
    count(nowMs: number): Promise<SealedRowCounts>;
  }
  interface TokenVerifier {
    verify(token: string): Promise<TokenClaims>;
  }
  interface TokenVerifierOptions {
    readonly keys: VerificationKeys;
    readonly issuer: string;
    readonly audience: string | readonly string[];
    readonly type: string;
    readonly requiredClaims?: readonly string[] | undefined;
    readonly clockSkewMs?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface TokenWaitOptions {
    readonly signal?: AbortSignal | undefined;
  }
  interface VerificationKey {
    readonly kid: string;
    readonly alg: SigningAlgorithm;
    readonly verifyWith: CryptoKey;
  }
  interface VerificationKeys {
    find(kid: string): VerificationKey | undefined | PromiseLike<VerificationKey | undefined>;
  }
  interface WatchPolicyOptions {
    readonly everyMs?: number | undefined;
    readonly onListenerError?: ListenerErrorHandler | undefined;
    readonly clock?: Clock | undefined;
  }
  interface WatchedPolicy extends Policy, EventSource<PolicyEvent> {
    reload(): Promise<void>;
    close(): void;
  }
  interface WorkloadKey extends OpeningKey {
    readonly alg: 'ECDH-ES';
    readonly jwk: JsonWebKey;
  }
  const brokerDefaults: {
    limit: RateRule | 'none';
    mayApprove: ({ type }: Principal, _approval: Approval) => boolean;
    isOperator: (_principal: Principal) => boolean;
    approvalMs: number;
    auditTimeoutMs: number;
    storeTimeoutMs: number;
    backendTimeoutMs: number;
    keepMs: number;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function createBroker(options: BrokerOptions): Broker;
  function createCredentialTokenVerifier(options: CredentialTokenVerifierOptions): CredentialTokenVerifier;
  function createDpopChecker(options?: DpopCheckerOptions): DpopChecker;
  function createDpopNonces(options?: DpopNoncesOptions): DpopNonces;
  function createDpopProof(options: DpopProofOptions): Promise<string>;
  function createRedactor(options?: RedactorOptions): Redactor;
  function createTokenManager(options: TokenManagerOptions): TokenManager;
  function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier;
  function credentialManager(options: CredentialManagerOptions): CredentialManager;
  function definePolicy(document: PolicyDocument): Policy;
  function dpopKey(privateKey: KeyObject | string): DpopKey;
  function exchangeResponse(token: string, claims: TokenClaims): ExchangeResponse;
  function fileLeases(options: FileLeasesOptions): Promise<LeaseStore>;
  const fileLeasesDefaults: {
    maxOutdated: number;
  };
  function generateDpopKey(alg?: 'ES256' | 'EdDSA' | 'RS256'): DpopKey;
  function generateSealingKey(options?: NamedKeyOptions): SealingKey;
  function generateSigningKey(alg?: 'EdDSA' | 'ES256' | 'RS256', options?: KeyOptions): SigningKey;
  function generateWorkloadKey(curve?: 'X25519' | 'P-256'): WorkloadKey;
  function guardBackend(backend: Backend, options?: GuardOptions): GuardedBackend;
  const guardDefaults: {
    timeoutMs: number;
    maxAttempts: number;
    failures: number;
    openMs: number;
    maxConcurrent: number;
    quotaRatio: number;
    cacheMs: number;
    maxStaleMs: number;
    missingMs: number;
    maxEntries: number;
    clock: Clock;
    random: () => number;
  };
  function introspectionOf(claims: TokenClaims | undefined): Introspection;
  function issueCredentialToken(
    content: CredentialTokenContent,
    credential: Credential,
    { keys, sealTo }: IssueTokenOptions,
  ): Promise<string>;
  function keyRing(options: KeyRingOptions): KeyRing;
  function legacySecret(secret: Secret | string, options: NamedKeyOptions): SigningKey;
  function loadPolicy(file: string): Promise<Policy>;
  function memoryApprovals(options?: MemoryApprovalsOptions): ApprovalStore;
  const memoryApprovalsDefaults: {
    maxPerPrincipal: number;
    maxPerTenant: number;
  };
  function memoryLeases(): LeaseStore;
  function memoryLock(): RefreshLock;
  function memoryRows(): SealedRows;
  function memoryTokens(): TokenStore;
  function narrowClaims(options: NarrowClaimsOptions): TokenClaims;
  function openSealed(token: CredentialToken, key: OpeningKey): Promise<Credential>;
  function parsePolicy(text: string, source?: string): Policy;
  function publicKeys(set: JwkSet): {
    find(kid: string): VerificationKey | undefined;
  } & VerificationKeys;
  function readExchangeRequest(form: URLSearchParams): ExchangeRequest;
  function readTokenRequest(form: URLSearchParams): TokenRequest;
  function sealedTokens(options: SealedTokensOptions): TokenStore;
  function sealingKey(secret: Secret, options: NamedKeyOptions): SealingKey;
  function secretWeakness(secret: string | Uint8Array, minBytes?: number): string | undefined;
  function signToken(key: SigningKey, type: string, claims: TokenClaims): Promise<string>;
  function signingKey(privateKey: KeyObject | string, options?: KeyOptions): SigningKey;
  const tokenManagerDefaults: {
    refreshBeforeMs: number;
    refreshAtRatio: number;
    jitterRatio: number;
    timeoutMs: number;
    retryMs: number;
    maxRetryMs: number;
    sweepMs: number;
    concurrency: number;
    keepMs: number;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
    random: () => number;
  };
  function watchPolicy(file: string, options?: WatchPolicyOptions): Promise<WatchedPolicy>;
  const watchPolicyDefaults: {
    everyMs: number;
    onListenerError: ListenerErrorHandler;
    clock: Clock;
  };
  function workloadKey(privateKey: KeyObject | string): WorkloadKey;
  export {
    AccessPolicy,
    AccessRequest,
    Actor,
    Approval,
    ApprovalChange,
    ApprovalKind,
    ApprovalState,
    ApprovalStore,
    Approvals,
    Backend,
    BackendError,
    BackendErrorOptions,
    BackendFailure,
    BackendInfo,
    BackendLease,
    BackendQuota,
    BackendRequest,
    Broker,
    BrokerAudit,
    BrokerAuditEvent,
    BrokerError,
    BrokerErrorCode,
    BrokerErrorOptions,
    BrokerEvent,
    BrokerOptions,
    BrokerSnapshot,
    BrokerStats,
    BrokerTokens,
    Credential,
    CredentialManager,
    CredentialManagerOptions,
    CredentialRequest,
    CredentialToken,
    CredentialTokenContent,
    CredentialTokenVerifier,
    CredentialTokenVerifierOptions,
    Decision,
    DeliveryMode,
    DpopChecker,
    DpopCheckerOptions,
    DpopKey,
    DpopNonces,
    DpopNoncesOptions,
    DpopProofOptions,
    DueToken,
    ExchangeRequest,
    ExchangeResponse,
    FileLeasesOptions,
    Grant,
    GuardOptions,
    GuardStats,
    GuardedBackend,
    Introspection,
    IssueTokenOptions,
    JwkSet,
    KeyOptions,
    KeyRing,
    KeyRingOptions,
    Lease,
    LeaseChange,
    LeaseCheck,
    LeaseFileError,
    LeaseFileFailure,
    LeaseFilter,
    LeaseState,
    LeaseStore,
    ManagedRequest,
    ManagedToken,
    ManagerHealth,
    MemoryApprovalsOptions,
    NEVER_MS,
    NamedKeyOptions,
    NarrowClaimsOptions,
    Narrowing,
    OAuthError,
    OAuthErrorName,
    OpeningKey,
    Policy,
    PolicyDocument,
    PolicyError,
    PolicyEvent,
    PolicyMistake,
    PolicyRule,
    Principal,
    ProvenRequest,
    RESOURCE_TYPES,
    Redactor,
    RedactorOptions,
    Redeemed,
    RefreshLock,
    ReplayWindow,
    Resource,
    ResourceType,
    Revocation,
    ScheduledKey,
    SealedRow,
    SealedRowCounts,
    SealedRowKind,
    SealedRowName,
    SealedRows,
    SealedTokensOptions,
    SealingKey,
    SealingKeys,
    Secret,
    SigningAlgorithm,
    SigningKey,
    StoredToken,
    Token,
    TokenClaims,
    TokenError,
    TokenEvent,
    TokenFailure,
    TokenKey,
    TokenManager,
    TokenManagerError,
    TokenManagerFailure,
    TokenManagerOptions,
    TokenRequest,
    TokenStats,
    TokenStore,
    TokenVerifier,
    TokenVerifierOptions,
    TokenWaitOptions,
    VerificationKey,
    VerificationKeys,
    WatchPolicyOptions,
    WatchedPolicy,
    WorkloadKey,
    brokerDefaults,
    createBroker,
    createCredentialTokenVerifier,
    createDpopChecker,
    createDpopNonces,
    createDpopProof,
    createRedactor,
    createTokenManager,
    createTokenVerifier,
    credentialManager,
    definePolicy,
    dpopKey,
    exchangeResponse,
    fileLeases,
    fileLeasesDefaults,
    generateDpopKey,
    generateSealingKey,
    generateSigningKey,
    generateWorkloadKey,
    guardBackend,
    guardDefaults,
    introspectionOf,
    issueCredentialToken,
    keyRing,
    legacySecret,
    loadPolicy,
    memoryApprovals,
    memoryApprovalsDefaults,
    memoryLeases,
    memoryLock,
    memoryRows,
    memoryTokens,
    narrowClaims,
    openSealed,
    parsePolicy,
    publicKeys,
    readExchangeRequest,
    readTokenRequest,
    sealedTokens,
    sealingKey,
    secretWeakness,
    signToken,
    signingKey,
    tokenManagerDefaults,
    watchPolicy,
    watchPolicyDefaults,
    workloadKey,
  };
}

declare module '@holdfast/credential-broker/backends' {
  type EnvironmentName = 'development' | 'staging' | 'production';
  interface EnvironmentOptions {
    readonly env: Variables;
    readonly name?: EnvironmentName | undefined;
    readonly prefix?: string | undefined;
    readonly fallbacks?: Readonly<Record<string, readonly string[]>> | undefined;
    readonly onWarning?: ((warning: string) => void) | undefined;
  }
  interface FileVaultOptions {
    readonly file: string;
    readonly passphrase?: Secret | undefined;
    readonly key?: Secret | undefined;
  }
  interface OnePasswordConnectOptions {
    readonly url: string;
    readonly token: Secret;
    readonly vaults?: Readonly<Record<string, string>> | undefined;
    readonly ids?: boolean | undefined;
    readonly quota?: BackendQuota | undefined;
    readonly maxAnswerBytes?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface QuotaFile extends RateStore, Disposable {
    close(): void;
  }
  interface QuotaFileOptions {
    readonly file: string;
    readonly clock?: Clock | undefined;
  }
  interface SshCertificatesOptions {
    readonly caKey: Secret | string;
    readonly principals: readonly string[];
    readonly maxTtlMs?: number | undefined;
    readonly criticalOptions?:
      Readonly<Partial<Record<'force-command' | 'source-address', string>>> | undefined;
    readonly extensions?: readonly SshExtension[] | undefined;
    readonly sshKeygen?: string | undefined;
    readonly clock?: Clock | undefined;
  }
  type SshExtension = (typeof EXTENSIONS)[number];
  type Variables = Readonly<Record<string, string | undefined>>;
  function detectEnvironment(env: Variables): EnvironmentName;
  function environment(options: EnvironmentOptions): Backend;
  function fileVault(options: FileVaultOptions): Backend;
  function isWeakSecret(secret: string): boolean;
  function onePasswordConnect(options: OnePasswordConnectOptions): Backend;
  const onePasswordConnectDefaults: {
    ids: true;
    quota: BackendQuota;
    maxAnswerBytes: number;
    clock: Clock;
  };
  const onePasswordQuotas: Readonly<{
    business: BackendQuota;
    teams: BackendQuota;
  }>;
  function quotaFile(options: QuotaFileOptions): QuotaFile;
  function sshCertificates(options: SshCertificatesOptions): Backend;
  const sshCertificatesDefaults: {
    maxTtlMs: number;
    criticalOptions: NonNullable<SshCertificatesOptions['criticalOptions']>;
    extensions: readonly SshExtension[];
    sshKeygen: string;
    clock: Clock;
  };
  // Not exported, but part of the types above.
  interface Backend {
    readonly kind: string;
    readonly keepsSecrets?: boolean | undefined;
    readonly quota?: BackendQuota | undefined;
    inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo>;
    issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease>;
    renew?(ref: string, ttlMs: number, signal: AbortSignal): Promise<number>;
    revoke?(ref: string, signal: AbortSignal): Promise<void>;
    health(signal: AbortSignal): Promise<void>;
    close?(): Promise<void> | void;
  }
  interface BackendInfo {
    readonly maxTtlMs?: number | undefined;
  }
  interface BackendLease {
    readonly credential: Credential;
    readonly expiresAtMs?: number | undefined;
    readonly fleeting?: boolean | undefined;
    readonly ref?: string | undefined;
  }
  interface BackendQuota {
    readonly requests: number;
    readonly windowMs: number;
    readonly perCall: number;
  }
  interface BackendRequest {
    readonly resource: Resource;
    readonly path: string;
    readonly scope: readonly string[];
    readonly ttlMs: number;
    readonly tenant: string;
    readonly principal: string;
    readonly leaseId: string;
    readonly parameters: Readonly<Record<string, string>>;
  }
  type Credential = Readonly<Record<string, Secret>>;
  const EXTENSIONS: readonly [
    'permit-pty',
    'permit-agent-forwarding',
    'permit-port-forwarding',
    'permit-user-rc',
    'permit-X11-forwarding',
  ];
  const RESOURCE_TYPES: readonly ['database', 'api', 'ssh', 'generic'];
  interface Resource {
    readonly type: ResourceType;
    readonly ref: string;
  }
  type ResourceType = (typeof RESOURCE_TYPES)[number];
  class Secret {
    constructor(value: string | Uint8Array);
    reveal(): string;
    bytes(): Uint8Array;
    get disposed(): boolean;
    dispose(): void;
    [Symbol.dispose](): void;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
  }
  export {
    EnvironmentName,
    EnvironmentOptions,
    FileVaultOptions,
    OnePasswordConnectOptions,
    QuotaFile,
    QuotaFileOptions,
    SshCertificatesOptions,
    SshExtension,
    Variables,
    detectEnvironment,
    environment,
    fileVault,
    isWeakSecret,
    onePasswordConnect,
    onePasswordConnectDefaults,
    onePasswordQuotas,
    quotaFile,
    sshCertificates,
    sshCertificatesDefaults,
  };
}

declare module '@holdfast/credential-broker/egress' {
  interface Egress {
    fetch(url: string | URL, init?: EgressInit): Promise<Response>;
    check(url: string | URL, options?: EgressCheckOptions): Promise<void>;
    close(): Promise<void>;
  }
  interface EgressCheckOptions {
    readonly signal?: AbortSignal | undefined;
  }
  class EgressError extends Error {
    readonly name = 'EgressError';
    readonly code = 'ERR_EGRESS';
    readonly reason: EgressReason;
    constructor(reason: EgressReason, message: string, options?: ErrorOptions);
  }
  interface EgressInit {
    readonly method?: string | undefined;
    readonly headers?: ConstructorParameters<typeof Headers>[0];
    readonly body?: string | Uint8Array | undefined;
    readonly maxRedirects?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  interface EgressOptions {
    readonly allowNetworks?: readonly string[] | undefined;
    readonly allowHttp?: boolean | undefined;
    readonly ports?: readonly number[] | undefined;
    readonly maxRedirects?: number | undefined;
    readonly maxBytes?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly resolve?: ResolveHost | undefined;
    readonly clock?: Clock | undefined;
  }
  type EgressReason =
    | 'url'
    | 'protocol'
    | 'port'
    | 'address'
    | 'header'
    | 'body'
    | 'unresolved'
    | 'redirect'
    | 'size'
    | 'timeout'
    | 'network';
  type ResolveHost = (hostname: string) => Promise<readonly string[]>;
  function createEgress(options?: EgressOptions): Egress;
  export {
    Egress,
    EgressCheckOptions,
    EgressError,
    EgressInit,
    EgressOptions,
    EgressReason,
    ResolveHost,
    createEgress,
  };
}

declare module '@holdfast/credential-broker/oauth' {
  interface Auth0ProviderOptions extends OAuthApplication {
    readonly issuer: string;
    readonly audience: string;
  }
  interface AzureProviderOptions extends OAuthApplication {
    readonly directory: string;
    readonly authority?: string | undefined;
  }
  interface DiscoveredProviderOptions extends OAuthApplication {
    readonly name: string;
    readonly issuer: string;
    readonly parameters?: Readonly<Record<string, string>> | undefined;
  }
  interface GithubProviderOptions extends OAuthApplication {
    readonly clientSecret: Secret;
    readonly url?: string | undefined;
    readonly apiUrl?: string | undefined;
  }
  interface GoogleProviderOptions extends OAuthApplication {
    readonly issuer?: string | undefined;
  }
  interface OAuthApplication {
    readonly clientId: string;
    readonly clientSecret?: Secret | undefined;
    readonly scope?: readonly string[] | undefined;
  }
  interface OAuthAuthorization {
    readonly url: URL;
    readonly expiresAtMs: number;
  }
  interface OAuthCallback {
    readonly url: string | URL;
    readonly tenant: string;
    readonly browser: string;
  }
  interface OAuthClient {
    initiate(initiation: OAuthInitiation): Promise<OAuthAuthorization>;
    callback(callback: OAuthCallback): Promise<OAuthGrant>;
    refresh(key: TokenKey, token: Token): Promise<Token>;
    revoke(token: Token): Promise<boolean>;
  }
  class OAuthClientError extends Error {
    readonly name = 'OAuthClientError';
    readonly code = 'ERR_OAUTH_CLIENT';
    readonly failure: OAuthClientFailure;
    readonly error: string | undefined;
    constructor(
      failure: OAuthClientFailure,
      message: string,
      options?: ErrorOptions & {
        readonly error?: string | undefined;
      },
    );
  }
  type OAuthClientFailure =
    'redirect' | 'state' | 'denied' | 'response' | 'grant' | 'refused' | 'unavailable';
  interface OAuthClientOptions {
    readonly provider: OAuthProvider;
    readonly redirectUris: readonly string[];
    readonly rows: SealedRows;
    readonly keys: SealingKeys;
    readonly flowTtlMs?: number | undefined;
    readonly egress?: Pick<Egress, 'fetch'> | undefined;
    readonly clock?: Clock | undefined;
  }
  interface OAuthGrant {
    readonly key: TokenKey;
    readonly token: Token;
    readonly subject?: string | undefined;
    readonly data?: string | undefined;
  }
  interface OAuthInitiation {
    readonly key: TokenKey;
    readonly redirectUri: string;
    readonly browser: string;
    readonly scope?: readonly string[] | undefined;
    readonly data?: string | undefined;
  }
  interface OAuthProvider extends OAuthApplication {
    readonly name: string;
    readonly server: string | ServerMetadata;
    readonly scope: readonly string[];
    readonly parameters?: Readonly<Record<string, string>> | undefined;
    readonly scopeSeparator?: string | undefined;
    readonly mend?: ((response: Response) => Promise<Response>) | undefined;
    readonly revoke?: ((egress: Pick<Egress, 'fetch'>, token: Token) => Promise<void>) | undefined;
  }
  function auth0Provider(options: Auth0ProviderOptions): OAuthProvider;
  function azureProvider(options: AzureProviderOptions): OAuthProvider;
  function createOAuthClient(options: OAuthClientOptions): OAuthClient;
  function discoveredProvider(options: DiscoveredProviderOptions): OAuthProvider;
  function githubProvider(options: GithubProviderOptions): OAuthProvider;
  function googleProvider(options: GoogleProviderOptions): OAuthProvider;
  const oauthClientDefaults: {
    flowTtlMs: number;
    clock: Clock;
  };
  // Not exported, but part of the types above.
  interface Egress {
    fetch(url: string | URL, init?: EgressInit): Promise<Response>;
    check(url: string | URL, options?: EgressCheckOptions): Promise<void>;
    close(): Promise<void>;
  }
  interface EgressCheckOptions {
    readonly signal?: AbortSignal | undefined;
  }
  interface EgressInit {
    readonly method?: string | undefined;
    readonly headers?: ConstructorParameters<typeof Headers>[0];
    readonly body?: string | Uint8Array | undefined;
    readonly maxRedirects?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  interface OpeningKey {
    readonly alg: 'dir' | 'ECDH-ES';
    readonly openWith: CryptoKey;
  }
  interface ScheduledKey {
    readonly kid: string;
    readonly notBeforeMs: number;
    readonly retireAtMs: number;
  }
  interface SealedRow extends SealedRowName {
    readonly box: string;
    readonly expiresAtMs: number;
    readonly dueAtMs: number;
    readonly removeAtMs: number;
    readonly version: number;
  }
  interface SealedRowCounts {
    readonly valid: number;
    readonly expired: number;
  }
  type SealedRowKind = 'flow' | 'token';
  interface SealedRowName {
    readonly kind: SealedRowKind;
    readonly tenant: string;
    readonly id: string;
  }
  interface SealedRows {
    find(name: SealedRowName): Promise<SealedRow | undefined>;
    put(row: SealedRow): Promise<boolean>;
    take(name: SealedRowName): Promise<SealedRow | undefined>;
    due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]>;
    removeOver(kind: SealedRowKind, byMs: number): Promise<number>;
    count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts>;
  }
  interface SealingKey extends OpeningKey, ScheduledKey {
    readonly use: 'enc';
    readonly alg: 'dir';
  }
  interface SealingKeys {
    sealer(): SealingKey;
    findSealing(kid: string): SealingKey | undefined;
  }
  class Secret {
    constructor(value: string | Uint8Array);
    reveal(): string;
    bytes(): Uint8Array;
    get disposed(): boolean;
    dispose(): void;
    [Symbol.dispose](): void;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
  }
  interface Token {
    readonly accessToken: Secret;
    readonly refreshToken?: Secret | undefined;
    readonly tokenType: string;
    readonly scope: readonly string[];
    readonly obtainedAtMs: number;
    readonly expiresAtMs: number;
  }
  interface TokenKey {
    readonly tenant: string;
    readonly name: string;
  }
  export {
    Auth0ProviderOptions,
    AzureProviderOptions,
    DiscoveredProviderOptions,
    GithubProviderOptions,
    GoogleProviderOptions,
    OAuthApplication,
    OAuthAuthorization,
    OAuthCallback,
    OAuthClient,
    OAuthClientError,
    OAuthClientFailure,
    OAuthClientOptions,
    OAuthGrant,
    OAuthInitiation,
    OAuthProvider,
    auth0Provider,
    azureProvider,
    createOAuthClient,
    discoveredProvider,
    githubProvider,
    googleProvider,
    oauthClientDefaults,
  };
}

declare module '@holdfast/credential-broker/injection' {
  interface ForwardProxy {
    listen(
      port?: number,
      host?: string,
    ): Promise<{
      readonly host: string;
      readonly port: number;
    }>;
    close(): Promise<void>;
  }
  interface ForwardProxyOptions {
    readonly injector: Pick<Injector, 'fetch'>;
    readonly authenticate: (
      request: IncomingMessage,
      login: ProxyLogin | undefined,
    ) => ProxyUser | undefined | Promise<ProxyUser | undefined>;
    readonly maxBodyBytes?: number | undefined;
    readonly requestTimeoutMs?: number | undefined;
    readonly maxConnections?: number | undefined;
    readonly closeTimeoutMs?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface InjectedRequest {
    readonly url: string | URL;
    readonly method?: string | undefined;
    readonly headers?: ConstructorParameters<typeof Headers>[0];
    readonly body?: string | Uint8Array | undefined;
    readonly upgrade?: boolean | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  type Injection =
    | {
        readonly into: 'header';
        readonly name: string;
        readonly template: string;
      }
    | {
        readonly into: 'basic';
        readonly username?: string | undefined;
        readonly password?: string | undefined;
      }
    | {
        readonly into: 'query' | 'form';
        readonly name: string;
        readonly template: string;
      }
    | {
        readonly into: 'json';
        readonly pointer: string;
        readonly template: string;
      };
  class InjectionError extends Error {
    readonly name = 'InjectionError';
    readonly code = 'ERR_INJECTION';
    readonly reason: InjectionReason;
    constructor(reason: InjectionReason, message: string);
  }
  type InjectionReason = 'request' | 'denied' | 'credential' | 'response';
  interface InjectionRule {
    readonly id: string;
    readonly refs: readonly string[];
    readonly origin: string;
    readonly methods?: readonly string[] | undefined;
    readonly paths: readonly string[];
    readonly scope?: string | undefined;
    readonly inject: readonly Injection[];
    readonly requestHeaders?: readonly string[] | undefined;
    readonly responseHeaders?: readonly string[] | undefined;
  }
  interface Injector {
    fetch(handle: string, principal: Principal, request: InjectedRequest): Promise<Response>;
  }
  interface InjectorOptions {
    readonly broker: Pick<Broker, 'withSecret'>;
    readonly egress: Egress;
    readonly redactor: Redactor;
    readonly rules: readonly InjectionRule[];
    readonly maxRequestBytes?: number | undefined;
    readonly maxResponseBytes?: number | undefined;
    readonly timeoutMs?: number | undefined;
    readonly clock?: Clock | undefined;
  }
  interface ProxyLogin {
    readonly username: string;
    readonly password: string;
  }
  interface ProxyUser {
    readonly principal: Principal;
    readonly handle: string;
  }
  function createForwardProxy(options: ForwardProxyOptions): ForwardProxy;
  function createInjector(options: InjectorOptions): Injector;
  const forwardProxyDefaults: {
    maxBodyBytes: number;
    requestTimeoutMs: number;
    maxConnections: number;
    closeTimeoutMs: number;
    clock: Clock;
  };
  const injectorDefaults: {
    maxRequestBytes: number;
    maxResponseBytes: number;
    timeoutMs: number;
    clock: Clock;
  };
  // Not exported, but part of the types above.
  interface Approval {
    readonly id: string;
    readonly tenant: string;
    readonly requester: string;
    readonly onBehalfOf: string | undefined;
    readonly kind: Exclude<ApprovalKind, 'none'>;
    readonly requestHash: string;
    readonly summary: Readonly<Record<string, string>>;
    readonly state: ApprovalState;
    readonly decidedBy: string | undefined;
    readonly requestedAtMs: number;
    readonly expiresAtMs: number;
  }
  type ApprovalKind = 'none' | 'self' | 'third-party';
  type ApprovalState = 'pending' | 'approved' | 'denied' | 'used' | 'expired';
  interface Approvals {
    list(approver: Principal, after?: string, limit?: number): Promise<readonly Approval[]>;
    find(id: string, principal: Principal): Promise<Approval>;
    approve(id: string, approver: Principal): Promise<Approval>;
    deny(id: string, approver: Principal): Promise<Approval>;
  }
  interface Broker extends EventSource<BrokerEvent> {
    issue(request: CredentialRequest): Promise<Grant>;
    redeem(handle: string, redeemer: Principal): Promise<Redeemed>;
    withSecret<T>(
      handle: string,
      redeemer: Principal,
      use: (credential: Credential) => T | PromiseLike<T>,
      check?: LeaseCheck,
    ): Promise<T>;
    renew(
      leaseId: string,
      principal: Principal,
      ttlSeconds?: number,
    ): Promise<{
      readonly expiresAtMs: number;
    }>;
    revoke(what: Revocation, principal: Principal): Promise<number>;
    attenuate(handle: string, principal: Principal, narrowing: Narrowing): Promise<Grant>;
    introspect(token: string, caller: Principal): Promise<Introspection>;
    explain(request: CredentialRequest): Decision;
    snapshot(): BrokerSnapshot;
    stats(): BrokerStats;
    health(): Promise<Readonly<Record<string, 'up' | 'down'>>>;
    readonly approvals: Approvals;
    readonly closed: boolean;
    close(): Promise<void>;
  }
  type BrokerEvent =
    | {
        readonly type: 'issued';
        readonly leaseId: string;
        readonly resource: ResourceType;
        readonly ttlMs: number;
      }
    | {
        readonly type: 'redeemed';
        readonly leaseId: string;
        readonly resource: ResourceType;
      }
    | {
        readonly type: 'renewed';
        readonly leaseId: string;
        readonly expiresAtMs: number;
      }
    | {
        readonly type: 'ended';
        readonly leaseId: string;
        readonly reason: 'revoked' | 'expired';
      }
    | {
        readonly type: 'denied';
        readonly resource: string;
        readonly code: string;
      }
    | {
        readonly type: 'approval';
        readonly approvalId: string;
        readonly state: Exclude<ApprovalState, 'expired'>;
      }
    | {
        readonly type: 'cleanup-failed';
        readonly leaseId: string;
        readonly error: unknown;
      };
  interface BrokerSnapshot {
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
    readonly performance: {
      readonly avg_response_time_ms: number;
    };
    readonly protocols: Readonly<Record<string, number>>;
    readonly resource_types: Readonly<Record<string, number>>;
  }
  interface BrokerStats {
    readonly issued: Readonly<Record<string, number>>;
    readonly denied: Readonly<Record<string, number>>;
    readonly redeemed: Readonly<Record<string, number>>;
    readonly revoked: Readonly<Record<string, number>>;
    readonly expired: Readonly<Record<string, number>>;
    readonly active: Readonly<Record<string, number>>;
  }
  type Credential = Readonly<Record<string, Secret>>;
  interface CredentialRequest {
    readonly principal: Principal;
    readonly resource: Resource;
    readonly scope?: readonly string[] | undefined;
    readonly audience?: string | undefined;
    readonly mode?: DeliveryMode | undefined;
    readonly ttlSeconds?: number | undefined;
    readonly redeemer?: string | undefined;
    readonly keyThumbprint?: string | undefined;
    readonly sealTo?: JsonWebKey | undefined;
    readonly oneTime?: boolean | undefined;
    readonly reason?: string | undefined;
    readonly approvalId?: string | undefined;
    readonly protocol?: string | undefined;
    readonly parameters?: Readonly<Record<string, string>> | undefined;
  }
  type Decision =
    | {
        readonly allowed: true;
        readonly rule: string;
        readonly ttlMs: number;
        readonly maxTtlMs: number;
        readonly approval: ApprovalKind;
        readonly oneTime: boolean;
        readonly proof: boolean;
      }
    | {
        readonly allowed: false;
        readonly rule: string | undefined;
        readonly reason: string;
      };
  type DeliveryMode = 'reference' | 'sealed' | 'injected' | 'disclose';
  interface Egress {
    fetch(url: string | URL, init?: EgressInit): Promise<Response>;
    check(url: string | URL, options?: EgressCheckOptions): Promise<void>;
    close(): Promise<void>;
  }
  interface EgressCheckOptions {
    readonly signal?: AbortSignal | undefined;
  }
  interface EgressInit {
    readonly method?: string | undefined;
    readonly headers?: ConstructorParameters<typeof Headers>[0];
    readonly body?: string | Uint8Array | undefined;
    readonly maxRedirects?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }
  interface Grant {
    readonly leaseId: string;
    readonly mode: DeliveryMode;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly handle: string | undefined;
    readonly token: string | undefined;
    readonly credential: Credential | undefined;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
  }
  interface Introspection {
    readonly active: boolean;
    readonly [claim: string]: unknown;
  }
  interface Lease {
    readonly id: string;
    readonly tenant: string;
    readonly principal: string;
    readonly onBehalfOf: string | undefined;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly mode: DeliveryMode;
    readonly oneTime: boolean;
    readonly redeemer: string;
    readonly keyThumbprint: string | undefined;
    readonly handleHash: string | undefined;
    readonly tokenId: string | undefined;
    readonly parent: string | undefined;
    readonly rule: string;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly maxExpiresAtMs: number;
    readonly state: LeaseState;
    readonly backendRef: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
    readonly version: number;
  }
  type LeaseCheck = (
    lease: Pick<Lease, 'resource' | 'scope' | 'audience'>,
  ) => Readonly<Record<string, string>>;
  type LeaseState = 'active' | 'consumed' | 'revoked' | 'expired';
  interface Narrowing {
    readonly scope?: readonly string[] | undefined;
    readonly ttlSeconds?: number | undefined;
    readonly audience?: string | undefined;
    readonly redeemer?: string | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  interface Principal {
    readonly id: string;
    readonly tenant: string;
    readonly type: 'agent' | 'workload' | 'user';
    readonly roles?: readonly string[] | undefined;
    readonly onBehalfOf?: string | undefined;
    readonly keyThumbprint?: string | undefined;
  }
  const RESOURCE_TYPES: readonly ['database', 'api', 'ssh', 'generic'];
  interface Redactor {
    register(secret: Secret | string | Uint8Array): () => void;
    clean(text: string): string;
    cleanBytes(bytes: Uint8Array): Uint8Array;
    cleanDeep(value: unknown): unknown;
    stream(): TransformStream<Uint8Array, Uint8Array>;
  }
  interface Redeemed extends Disposable {
    readonly leaseId: string;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly credential: Credential;
    readonly expiresAtMs: number;
  }
  interface Resource {
    readonly type: ResourceType;
    readonly ref: string;
  }
  type ResourceType = (typeof RESOURCE_TYPES)[number];
  type Revocation =
    | {
        readonly leaseId: string;
      }
    | {
        readonly tokenId: string;
      }
    | {
        readonly principal: string;
      }
    | {
        readonly prefix: string;
      };
  class Secret {
    constructor(value: string | Uint8Array);
    reveal(): string;
    bytes(): Uint8Array;
    get disposed(): boolean;
    dispose(): void;
    [Symbol.dispose](): void;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
  }
  export {
    ForwardProxy,
    ForwardProxyOptions,
    InjectedRequest,
    Injection,
    InjectionError,
    InjectionReason,
    InjectionRule,
    Injector,
    InjectorOptions,
    ProxyLogin,
    ProxyUser,
    createForwardProxy,
    createInjector,
    forwardProxyDefaults,
    injectorDefaults,
  };
}

declare module '@holdfast/credential-broker/postgres' {
  interface LeaseTables {
    readonly schema?: string | undefined;
  }
  interface PooledClient extends PostgresClient {
    release(destroy?: boolean): void;
    on?(event: 'error', listener: () => void): unknown;
    off?(event: 'error', listener: () => void): unknown;
  }
  interface PostgresClient {
    query(sql: string, values?: unknown[]): Promise<PostgresResult>;
  }
  interface PostgresLeasesOptions extends LeaseTables {
    readonly client: PostgresClient;
  }
  interface PostgresPool extends PostgresClient {
    connect(): Promise<PooledClient>;
  }
  interface PostgresRefreshLockOptions {
    readonly pool: PostgresPool;
  }
  interface PostgresResult {
    readonly rows: readonly Readonly<Record<string, unknown>>[];
  }
  interface PostgresRoles extends Backend {
    removeExpired(): Promise<number>;
  }
  interface PostgresRolesOptions {
    readonly pool: PostgresPool;
    readonly roles: Readonly<Record<string, RoleTemplate>>;
    readonly prefix?: string | undefined;
    readonly clock?: Clock | undefined;
  }
  interface PostgresRowsOptions extends LeaseTables {
    readonly client: PostgresClient;
  }
  interface RoleTemplate {
    readonly grants: Readonly<Record<string, readonly string[]>>;
    readonly maxTtlMs?: number | undefined;
    readonly connections?: number | undefined;
    readonly fields?: Readonly<Record<string, string>> | undefined;
  }
  function leaseTables(names?: LeaseTables): string;
  function postgresLeases(options: PostgresLeasesOptions): LeaseStore;
  function postgresRefreshLock(options: PostgresRefreshLockOptions): RefreshLock;
  function postgresRoles(options: PostgresRolesOptions): PostgresRoles;
  function postgresRows(options: PostgresRowsOptions): SealedRows;
  function sealedRowTables(names?: LeaseTables): string;
  // Not exported, but part of the types above.
  interface Backend {
    readonly kind: string;
    readonly keepsSecrets?: boolean | undefined;
    readonly quota?: BackendQuota | undefined;
    inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo>;
    issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease>;
    renew?(ref: string, ttlMs: number, signal: AbortSignal): Promise<number>;
    revoke?(ref: string, signal: AbortSignal): Promise<void>;
    health(signal: AbortSignal): Promise<void>;
    close?(): Promise<void> | void;
  }
  interface BackendInfo {
    readonly maxTtlMs?: number | undefined;
  }
  interface BackendLease {
    readonly credential: Credential;
    readonly expiresAtMs?: number | undefined;
    readonly fleeting?: boolean | undefined;
    readonly ref?: string | undefined;
  }
  interface BackendQuota {
    readonly requests: number;
    readonly windowMs: number;
    readonly perCall: number;
  }
  interface BackendRequest {
    readonly resource: Resource;
    readonly path: string;
    readonly scope: readonly string[];
    readonly ttlMs: number;
    readonly tenant: string;
    readonly principal: string;
    readonly leaseId: string;
    readonly parameters: Readonly<Record<string, string>>;
  }
  type Credential = Readonly<Record<string, Secret>>;
  type DeliveryMode = 'reference' | 'sealed' | 'injected' | 'disclose';
  interface Lease {
    readonly id: string;
    readonly tenant: string;
    readonly principal: string;
    readonly onBehalfOf: string | undefined;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly mode: DeliveryMode;
    readonly oneTime: boolean;
    readonly redeemer: string;
    readonly keyThumbprint: string | undefined;
    readonly handleHash: string | undefined;
    readonly tokenId: string | undefined;
    readonly parent: string | undefined;
    readonly rule: string;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly maxExpiresAtMs: number;
    readonly state: LeaseState;
    readonly backendRef: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
    readonly version: number;
  }
  type LeaseChange = Partial<Pick<Lease, 'state' | 'expiresAtMs' | 'backendRef' | 'handleHash' | 'tokenId'>>;
  interface LeaseFilter {
    readonly tenant: string;
    readonly principal?: string | undefined;
    readonly prefix?: string | undefined;
    readonly parent?: string | undefined;
  }
  type LeaseState = 'active' | 'consumed' | 'revoked' | 'expired';
  interface LeaseStore {
    insert(lease: Lease): Promise<void>;
    find(id: string): Promise<Lease | undefined>;
    findByHandle(handleHash: string): Promise<Lease | undefined>;
    findByToken(tokenId: string): Promise<Lease | undefined>;
    change(lease: Lease, change: LeaseChange): Promise<Lease | undefined>;
    list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]>;
    due(byMs: number, limit: number): Promise<readonly Lease[]>;
    forget(beforeMs: number): Promise<number>;
    active(): Promise<Readonly<Record<string, number>>>;
    close(): Promise<void>;
  }
  const RESOURCE_TYPES: readonly ['database', 'api', 'ssh', 'generic'];
  interface RefreshLock {
    take(name: string): Promise<(() => Promise<void>) | undefined>;
  }
  interface Resource {
    readonly type: ResourceType;
    readonly ref: string;
  }
  type ResourceType = (typeof RESOURCE_TYPES)[number];
  interface SealedRow extends SealedRowName {
    readonly box: string;
    readonly expiresAtMs: number;
    readonly dueAtMs: number;
    readonly removeAtMs: number;
    readonly version: number;
  }
  interface SealedRowCounts {
    readonly valid: number;
    readonly expired: number;
  }
  type SealedRowKind = 'flow' | 'token';
  interface SealedRowName {
    readonly kind: SealedRowKind;
    readonly tenant: string;
    readonly id: string;
  }
  interface SealedRows {
    find(name: SealedRowName): Promise<SealedRow | undefined>;
    put(row: SealedRow): Promise<boolean>;
    take(name: SealedRowName): Promise<SealedRow | undefined>;
    due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]>;
    removeOver(kind: SealedRowKind, byMs: number): Promise<number>;
    count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts>;
  }
  class Secret {
    constructor(value: string | Uint8Array);
    reveal(): string;
    bytes(): Uint8Array;
    get disposed(): boolean;
    dispose(): void;
    [Symbol.dispose](): void;
    toString(): string;
    toJSON(): string;
    [inspect.custom](): string;
  }
  export {
    LeaseTables,
    PooledClient,
    PostgresClient,
    PostgresLeasesOptions,
    PostgresPool,
    PostgresRefreshLockOptions,
    PostgresResult,
    PostgresRoles,
    PostgresRolesOptions,
    PostgresRowsOptions,
    RoleTemplate,
    leaseTables,
    postgresLeases,
    postgresRefreshLock,
    postgresRoles,
    postgresRows,
    sealedRowTables,
  };
}

declare module '@holdfast/credential-broker/redis' {
  interface RedisLeasesOptions {
    readonly client: RedisClient;
    readonly prefix?: string | undefined;
  }
  interface RedisRefreshLockOptions {
    readonly client: RedisClient;
    readonly prefix?: string | undefined;
    readonly ttlMs?: number | undefined;
  }
  function redisLeases(options: RedisLeasesOptions): LeaseStore;
  function redisRefreshLock(options: RedisRefreshLockOptions): RefreshLock;
  // Not exported, but part of the types above.
  type DeliveryMode = 'reference' | 'sealed' | 'injected' | 'disclose';
  interface Lease {
    readonly id: string;
    readonly tenant: string;
    readonly principal: string;
    readonly onBehalfOf: string | undefined;
    readonly resource: Resource;
    readonly scope: readonly string[];
    readonly audience: string | undefined;
    readonly mode: DeliveryMode;
    readonly oneTime: boolean;
    readonly redeemer: string;
    readonly keyThumbprint: string | undefined;
    readonly handleHash: string | undefined;
    readonly tokenId: string | undefined;
    readonly parent: string | undefined;
    readonly rule: string;
    readonly issuedAtMs: number;
    readonly expiresAtMs: number;
    readonly maxExpiresAtMs: number;
    readonly state: LeaseState;
    readonly backendRef: string | undefined;
    readonly parameters: Readonly<Record<string, string>>;
    readonly version: number;
  }
  type LeaseChange = Partial<Pick<Lease, 'state' | 'expiresAtMs' | 'backendRef' | 'handleHash' | 'tokenId'>>;
  interface LeaseFilter {
    readonly tenant: string;
    readonly principal?: string | undefined;
    readonly prefix?: string | undefined;
    readonly parent?: string | undefined;
  }
  type LeaseState = 'active' | 'consumed' | 'revoked' | 'expired';
  interface LeaseStore {
    insert(lease: Lease): Promise<void>;
    find(id: string): Promise<Lease | undefined>;
    findByHandle(handleHash: string): Promise<Lease | undefined>;
    findByToken(tokenId: string): Promise<Lease | undefined>;
    change(lease: Lease, change: LeaseChange): Promise<Lease | undefined>;
    list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]>;
    due(byMs: number, limit: number): Promise<readonly Lease[]>;
    forget(beforeMs: number): Promise<number>;
    active(): Promise<Readonly<Record<string, number>>>;
    close(): Promise<void>;
  }
  const RESOURCE_TYPES: readonly ['database', 'api', 'ssh', 'generic'];
  interface RefreshLock {
    take(name: string): Promise<(() => Promise<void>) | undefined>;
  }
  interface Resource {
    readonly type: ResourceType;
    readonly ref: string;
  }
  type ResourceType = (typeof RESOURCE_TYPES)[number];
  export { RedisLeasesOptions, RedisRefreshLockOptions, redisLeases, redisRefreshLock };
}
