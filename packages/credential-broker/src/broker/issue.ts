import { BackendError } from '../backends/backend-error.ts';
import type { Credential } from '../backends/backend.ts';
import type { ApprovalDesk } from '../approvals/approval-desk.ts';
import type { Lease } from '../leases/lease.ts';
import type { AccessRequest, Decision } from '../policy/access-policy.ts';
import { issueCredentialToken } from '../tokens/credential/credential-token.ts';
import { readRecipient } from '../tokens/keys/workload-key.ts';
import { TokenError } from '../tokens/token-error.ts';
import { clear } from './backend-desk.ts';
import type { CredentialRequest, Grant } from './broker.ts';
import type { BrokerCore } from './broker-core.ts';
import { endLease } from './end-lease.ts';
import { BrokerError } from './errors.ts';
import { hashHandle, newHandle, newId } from './handle.ts';
import { aboutLease, kindOf } from './lease-details.ts';
import { obtain, orTakeBack } from './obtain.ts';
import type { Principal } from './principal.ts';
import { cappedTtl, readRequest, type Asked } from './read-request.ts';

type Allowed = Extract<Decision, { allowed: true }>;

/** What a policy is asked of a request: the same to explain and to enforce. */
export function toAccessRequest({ principal, resource, scope, audience, mode, ttlMs }: Asked): AccessRequest {
  return { principal, resource, scope, audience, mode, ttlMs };
}

/** Gives a right to a credential. */
export async function issue(
  core: BrokerCore,
  approvals: ApprovalDesk,
  request: CredentialRequest,
): Promise<Grant> {
  const { clock } = core.settings;
  const startMs = clock.now();
  let succeeded = false;
  try {
    const grant = await give(core, approvals, readRequest('issue', request));
    succeeded = true;
    return grant;
  } finally {
    core.counts.answered(succeeded, clock.now() - startMs);
  }
}

async function give(core: BrokerCore, approvals: ApprovalDesk, asked: Asked): Promise<Grant> {
  const { principal, mode } = asked;
  core.admit(principal);
  const decision = core.settings.policy.decide(toAccessRequest(asked));
  if (!decision.allowed) {
    const message = 'the policy does not allow this';
    return refuse(core, asked, new BrokerError('ERR_BROKER_DENIED', message), decision);
  }
  const wrong = unfit(core, asked, decision);
  if (wrong !== undefined) return refuse(core, asked, wrong, decision);
  const approval =
    decision.approval === 'none'
      ? undefined
      : await approvals
          .require(asked, decision)
          .catch((error: unknown) => refuseUnapproved(core, asked, error, decision));
  const handle = mode === 'reference' || mode === 'injected' ? newHandle() : undefined;
  const lease = await draft(core, asked, decision, handle);
  if (approval !== undefined) {
    await approvals.use(approval).catch((error: unknown) => refuseUnapproved(core, asked, error, decision));
  }
  await core.insert(lease);
  return handle === undefined ? carry(core, lease, asked) : refer(core, lease, asked, handle);
}

/** What else a request needs than a rule that allows it. */
function unfit(
  core: BrokerCore,
  { mode, keyThumbprint, sealTo }: Asked,
  { proof }: Allowed,
): BrokerError | TokenError | undefined {
  if (proof && keyThumbprint === undefined) {
    return new BrokerError('ERR_BROKER_PROOF_REQUIRED', 'the redeemer has to prove a key');
  }
  if (mode === 'sealed' && core.settings.tokens === undefined) {
    return new BrokerError('ERR_BROKER_DENIED', 'this broker seals nothing');
  }
  if (mode === 'sealed' && sealTo !== undefined && readRecipient(sealTo) === undefined) {
    return new TokenError('key', 'sealTo must be a public key of X25519 or P-256');
  }
  return undefined;
}

function refuse(
  core: BrokerCore,
  asked: Asked,
  error: BrokerError | TokenError,
  decision: Decision,
): Promise<never> {
  const { resource, scope, audience, mode, redeemer, reason } = asked;
  const details = { scope, audience, mode, redeemer, reason, rule: decision.rule };
  const what = {
    action: 'credential.issued',
    resource: { type: resource.type, id: resource.ref },
    details,
  };
  return core.refuse(asked.principal, what, error, decision.allowed ? error.message : decision.reason);
}

/** To wait for an approval is no refusal: it was written down that one was asked for. */
function refuseUnapproved(
  core: BrokerCore,
  asked: Asked,
  error: unknown,
  decision: Decision,
): Promise<never> {
  const refused = error instanceof BrokerError && error.code !== 'ERR_BROKER_APPROVAL_REQUIRED';
  if (!refused || error.code === 'ERR_BROKER_AUDIT' || error.code === 'ERR_BROKER_STORE') throw error;
  return refuse(core, asked, error, decision);
}

/** Writes down that the backend gave nothing, or nothing that could be given. */
async function fail(core: BrokerCore, lease: Lease, principal: Principal, error: unknown): Promise<never> {
  const { resource, details } = aboutLease(lease);
  const outcome = 'failure';
  await core.record(principal, {
    action: 'credential.issued',
    resource,
    details,
    outcome,
    reason: kindOf(error),
  });
  throw error;
}

/** The lease of a request, for as long as everybody allows. */
async function draft(
  core: BrokerCore,
  asked: Asked,
  { rule, ttlMs, maxTtlMs, oneTime }: Allowed,
  handle: string | undefined,
): Promise<Lease> {
  const { principal, resource, scope, audience, mode, redeemer, keyThumbprint, parameters } = asked;
  const issuedAtMs = core.now();
  const mostMs = cappedTtl(ttlMs, principal);
  const lease: Lease = {
    id: newId(),
    tenant: principal.tenant,
    principal: principal.id,
    onBehalfOf: principal.onBehalfOf,
    resource,
    scope,
    audience,
    mode,
    oneTime: oneTime || asked.oneTime === true,
    redeemer,
    keyThumbprint,
    handleHash: handle === undefined ? undefined : hashHandle(handle),
    tokenId: mode === 'sealed' ? newId() : undefined,
    parent: undefined,
    rule,
    issuedAtMs,
    expiresAtMs: issuedAtMs + Math.min(mostMs, maxTtlMs),
    maxExpiresAtMs: issuedAtMs + maxTtlMs,
    state: 'active',
    backendRef: undefined,
    parameters,
    version: 0,
  };
  const { maxTtlMs: backendMs = Infinity } = await core.backends
    .inspect(lease, mostMs)
    .catch((error: unknown) => fail(core, lease, principal, error));
  if (!(backendMs >= 1)) {
    return fail(core, lease, principal, new BackendError('invalid', 'the backend gives no time'));
  }
  const mostAtMs = Math.floor(issuedAtMs + backendMs);
  return {
    ...lease,
    expiresAtMs: Math.min(lease.expiresAtMs, mostAtMs),
    maxExpiresAtMs: Math.min(lease.maxExpiresAtMs, mostAtMs),
  };
}

/** Gives a handle; the credential waits at its backend until it is redeemed. */
async function refer(core: BrokerCore, lease: Lease, asked: Asked, handle: string): Promise<Grant> {
  try {
    await recordIssue(core, lease, asked);
  } catch (error) {
    await endLease(core, lease, 'revoked');
    throw error;
  }
  core.gave(lease, asked.protocol);
  return grantOf(lease, { handle });
}

/** Gives the credential at once: sealed, or, where the policy names it, as it is. */
async function carry(core: BrokerCore, draft: Lease, asked: Asked): Promise<Grant> {
  const obtained = await obtain(core, draft, asked.mode === 'disclose').catch(async (error: unknown) => {
    await endLease(core, draft, 'revoked');
    return fail(core, draft, asked.principal, error);
  });
  const { lease, credential } = obtained;
  let token: string | undefined;
  await orTakeBack(core, obtained, async () => {
    if (asked.mode === 'sealed') {
      token = await seal(core, lease, credential, asked).catch((error: unknown) =>
        fail(core, lease, asked.principal, error),
      );
    }
    await recordIssue(core, lease, asked);
  });
  core.gave(lease, asked.protocol);
  if (asked.mode === 'disclose') return grantOf(lease, { credential });
  clear(credential);
  return grantOf(lease, { token });
}

function recordIssue(
  core: BrokerCore,
  lease: Lease,
  { principal, reason, approvalId }: Asked,
): Promise<void> {
  const { resource, details } = aboutLease(lease);
  const policy = core.settings.policy.version;
  return core.record(principal, {
    action: 'credential.issued',
    resource,
    outcome: 'success',
    details: { ...details, reason, approvalId, policy },
  });
}

function seal(core: BrokerCore, lease: Lease, credential: Credential, { sealTo }: Asked): Promise<string> {
  const { tokens } = core.settings;
  const { tokenId, principal: subject, onBehalfOf, tenant, resource, scope, keyThumbprint } = lease;
  if (tokens === undefined || tokenId === undefined) {
    throw new BrokerError('ERR_BROKER_DENIED', 'this broker seals nothing');
  }
  const content = {
    issuer: tokens.issuer,
    audience: lease.audience ?? lease.redeemer,
    tokenId,
    subject: onBehalfOf ?? subject,
    tenant,
    resource,
    scope,
    issuedAtMs: lease.issuedAtMs,
    expiresAtMs: lease.expiresAtMs,
    keyThumbprint,
    actor: onBehalfOf === undefined ? undefined : { sub: subject },
  };
  return issueCredentialToken(content, credential, { keys: tokens.keys, sealTo });
}

/** What is given of a lease. */
export function grantOf(lease: Lease, given: Partial<Pick<Grant, 'handle' | 'token' | 'credential'>>): Grant {
  const { id: leaseId, mode, resource, scope, audience, issuedAtMs, expiresAtMs } = lease;
  const { handle, token, credential } = given;
  return { leaseId, mode, resource, scope, audience, handle, token, credential, issuedAtMs, expiresAtMs };
}
