export { RESOURCE_TYPES, type Resource, type ResourceType } from './broker/resource.ts';
export type { Principal } from './broker/principal.ts';
export type {
  Broker,
  BrokerSnapshot,
  BrokerStats,
  CredentialRequest,
  Grant,
  Introspection,
  Narrowing,
  Redeemed,
  Revocation,
} from './broker/broker.ts';
export type { BrokerAudit, BrokerAuditEvent } from './broker/broker-audit.ts';
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
export type { Approval, ApprovalState } from './approvals/approval.ts';
export type { DeliveryMode, Lease, LeaseChange, LeaseState } from './leases/lease.ts';
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
export { Secret } from './secret/secret.ts';
