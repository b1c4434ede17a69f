export { RESOURCE_TYPES, type Resource, type ResourceType } from './broker/resource.ts';
export type { Principal } from './broker/principal.ts';
export type {
  Broker,
  BrokerSnapshot,
  BrokerStats,
  CredentialRequest,
  Grant,
  Introspection,
  LeaseCheck,
  Narrowing,
  Redeemed,
  Revocation,
} from './broker/broker.ts';
export type { BrokerAudit, BrokerAuditEvent } from './broker/broker-audit.ts';
export { createBroker } from './broker/create-broker.ts';
export { brokerDefaults, type BrokerOptions, type BrokerTokens } from './broker/options.ts';
export { BrokerError, type BrokerErrorCode, type BrokerErrorOptions } from './broker/errors.ts';
export type { BrokerEvent } from './broker/events.ts';
export type {
  Backend,
  BackendInfo,
  BackendLease,
  BackendQuota,
  BackendRequest,
  Credential,
} from './backends/backend.ts';
export { guardBackend, type GuardedBackend } from './backends/guard/guard-backend.ts';
export type { GuardStats } from './backends/guard/guard-stats.ts';
export { guardDefaults, type GuardOptions } from './backends/guard/options.ts';
export { BackendError, type BackendErrorOptions, type BackendFailure } from './backends/backend-error.ts';
export type { ApprovalChange, ApprovalStore } from './approvals/approval-store.ts';
export type { Approval, Approvals, ApprovalState } from './approvals/approval.ts';
export {
  memoryApprovals,
  memoryApprovalsDefaults,
  type MemoryApprovalsOptions,
} from './approvals/memory-approvals.ts';
export type { DeliveryMode, Lease, LeaseChange, LeaseState } from './leases/lease.ts';
export {
  credentialManager,
  type CredentialManager,
  type CredentialManagerOptions,
  type ManagedRequest,
  type ManagedToken,
  type ManagerHealth,
} from './legacy/credential-manager.ts';
export { fileLeases, fileLeasesDefaults, type FileLeasesOptions } from './leases/file-leases.ts';
export { LeaseFileError, type LeaseFileFailure } from './leases/lease-file-error.ts';
export type { LeaseFilter, LeaseStore } from './leases/lease-store.ts';
export { memoryLeases } from './leases/memory-leases.ts';
export type { AccessPolicy, AccessRequest, ApprovalKind, Decision } from './policy/access-policy.ts';
export { definePolicy, type Policy, type PolicyDocument } from './policy/define-policy.ts';
export { loadPolicy } from './policy/load-policy.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export { PolicyError, type PolicyMistake } from './policy/policy-error.ts';
export type { PolicyRule } from './policy/policy-rule.ts';
export {
  watchPolicy,
  watchPolicyDefaults,
  type PolicyEvent,
  type WatchedPolicy,
  type WatchPolicyOptions,
} from './policy/watch-policy.ts';
export { secretWeakness } from './secret/secret-weakness.ts';
export { Secret } from './secret/secret.ts';
export type { Actor } from './tokens/credential/actor.ts';
export {
  createCredentialTokenVerifier,
  type CredentialTokenVerifier,
  type CredentialTokenVerifierOptions,
} from './tokens/credential/credential-token-verifier.ts';
export {
  issueCredentialToken,
  openSealed,
  type CredentialToken,
  type CredentialTokenContent,
  type IssueTokenOptions,
} from './tokens/credential/credential-token.ts';
export {
  createDpopChecker,
  type DpopChecker,
  type DpopCheckerOptions,
  type ProvenRequest,
} from './tokens/dpop/dpop-checker.ts';
export { dpopKey, generateDpopKey, type DpopKey } from './tokens/dpop/dpop-key.ts';
export { createDpopNonces, type DpopNonces, type DpopNoncesOptions } from './tokens/dpop/dpop-nonces.ts';
export { createDpopProof, type DpopProofOptions } from './tokens/dpop/dpop-proof.ts';
export type { ReplayWindow } from './tokens/dpop/replay-window.ts';
export { readExchangeRequest, type ExchangeRequest } from './tokens/exchange/exchange-request.ts';
export { exchangeResponse, type ExchangeResponse } from './tokens/exchange/exchange-response.ts';
export { introspectionOf, readTokenRequest, type TokenRequest } from './tokens/exchange/introspection.ts';
export { narrowClaims, type NarrowClaimsOptions } from './tokens/exchange/narrow-claims.ts';
export { OAuthError, type OAuthErrorName } from './tokens/exchange/oauth-error.ts';
export { signToken, type TokenClaims } from './tokens/jose/sign-token.ts';
export {
  createTokenVerifier,
  type TokenVerifier,
  type TokenVerifierOptions,
} from './tokens/jose/token-verifier.ts';
export type { KeyOptions, NamedKeyOptions } from './tokens/keys/key-options.ts';
export { keyRing, type KeyRing, type KeyRingOptions } from './tokens/keys/key-ring.ts';
export type { ScheduledKey } from './tokens/keys/key-schedule.ts';
export { legacySecret } from './tokens/keys/legacy-secret.ts';
export { publicKeys } from './tokens/keys/public-keys.ts';
export {
  generateSealingKey,
  sealingKey,
  type OpeningKey,
  type SealingKey,
} from './tokens/keys/sealing-key.ts';
export { generateSigningKey, signingKey, type SigningKey } from './tokens/keys/signing-key.ts';
export type {
  JwkSet,
  SigningAlgorithm,
  VerificationKey,
  VerificationKeys,
} from './tokens/keys/verification-key.ts';
export { generateWorkloadKey, workloadKey, type WorkloadKey } from './tokens/keys/workload-key.ts';
export { TokenError, type TokenFailure } from './tokens/token-error.ts';
export { createRedactor, type Redactor, type RedactorOptions } from './redaction/redactor.ts';
export { createTokenManager } from './refresh/create-token-manager.ts';
export { memoryTokens } from './refresh/memory-tokens.ts';
export { tokenManagerDefaults, type TokenManagerOptions } from './refresh/options.ts';
export { memoryLock, type RefreshLock } from './refresh/refresh-lock.ts';
export { sealedTokens, type SealedTokensOptions } from './refresh/sealed-tokens.ts';
export type { TokenEvent } from './refresh/token-event.ts';
export { TokenManagerError, type TokenManagerFailure } from './refresh/token-manager-error.ts';
export type { TokenManager, TokenStats, TokenWaitOptions } from './refresh/token-manager.ts';
export type { DueToken, StoredToken, TokenStore } from './refresh/token-store.ts';
export { NEVER_MS, type Token, type TokenKey } from './refresh/token.ts';
export { memoryRows } from './sealed-rows/memory-rows.ts';
export type { SealingKeys } from './sealed-rows/row-box.ts';
export type {
  SealedRow,
  SealedRowCounts,
  SealedRowKind,
  SealedRowName,
  SealedRows,
} from './sealed-rows/sealed-row.ts';
