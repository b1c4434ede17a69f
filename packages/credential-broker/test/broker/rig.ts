import { hash } from 'node:crypto';
import {
  BrokerError,
  createBroker,
  definePolicy,
  memoryApprovals,
  memoryLeases,
  type BrokerAuditEvent,
  type BrokerErrorCode,
  type BrokerOptions,
  type CredentialRequest,
  type PolicyRule,
  type Principal,
} from '@holdfast/credential-broker';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { expect } from 'vitest';
import { stubBackend } from './stub-backend.ts';

export const AGENT: Principal = { id: 'agent-7', tenant: 'acme', type: 'agent', roles: ['support'] };
export const WORKER: Principal = { id: 'worker-1', tenant: 'acme', type: 'workload' };
export const ANN: Principal = { id: 'ann', tenant: 'acme', type: 'user' };
export const STRANGER: Principal = { ...AGENT, tenant: 'evil' };

/** Allows everything that the tests ask for, save for what a test forbids. */
const OPEN: PolicyRule = {
  id: 'open',
  tenants: ['**'],
  refs: ['**'],
  scopes: ['**'],
  modes: ['reference', 'sealed', 'injected', 'disclose'],
};

/** A broker over stubs, on virtual time. */
export function aBroker(
  rules: Partial<PolicyRule> | readonly PolicyRule[] = {},
  options: Partial<BrokerOptions> = {},
) {
  const clock = manualClock();
  // The system's date that is set is the broker's, not that of its backends.
  const startMs = clock.wallNow();
  const now = () => startMs + clock.now();
  const db = stubBackend('maker', now);
  const vault = stubBackend('keeper', now);
  const leases = memoryLeases();
  const approvals = memoryApprovals();
  const log: BrokerAuditEvent[] = [];
  const audit = { append: async (event: BrokerAuditEvent) => void log.push(event) };
  const policy = definePolicy({
    rules: Array.isArray(rules) ? (rules as PolicyRule[]) : [{ ...OPEN, ...rules }],
  });
  const given: BrokerOptions = {
    backends: { db, vault },
    policy,
    audit,
    leases,
    approvals,
    limit: 'none',
    guard: 'none',
    clock,
    ...options,
  };
  const broker = createBroker(given);
  const { events } = recordEvents(broker);
  return { broker, clock, db, vault, leases, approvals, log, audit, policy, events, options: given };
}

/** A request for a credential that is made (`db`) or kept (`vault`). */
export const ask = (scheme: 'db' | 'vault', more: Partial<CredentialRequest> = {}): CredentialRequest => ({
  principal: AGENT,
  resource: { type: scheme === 'db' ? 'database' : 'api', ref: `${scheme}://prod/orders` },
  ...more,
});

/** The thumbprint of some key. */
export const thumbprint = (key: string): string => hash('sha256', key, 'base64url');

/** What something was refused with. */
export async function refusal(promise: Promise<unknown>): Promise<BrokerError> {
  const error: unknown = await promise.then(
    () => new Error('was not refused'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BrokerError);
  return error as BrokerError;
}

export async function expectCode(promise: Promise<unknown>, code: BrokerErrorCode): Promise<void> {
  expect((await refusal(promise)).code).toBe(code);
}
