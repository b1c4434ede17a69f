import { hash } from 'node:crypto';
import { check, integer } from '@holdfast/pipeline';
import { BrokerError } from '../broker/errors.ts';
import type { BrokerCore } from '../broker/broker-core.ts';
import { unknown } from '../broker/broker-core.ts';
import { isId, newId } from '../broker/handle.ts';
import type { Principal } from '../broker/principal.ts';
import { checkPrincipal } from '../broker/read-principal.ts';
import { cappedTtl, type Asked } from '../broker/read-request.ts';
import type { Decision } from '../policy/access-policy.ts';
import { readRecipient } from '../tokens/keys/workload-key.ts';
import type { Approval, Approvals } from './approval.ts';

/** A value as JSON in which the order of keys does not matter, and what is undefined is null. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join()}}`;
}

/** What a consent is bound to: everything that was asked, by whom, and the policy that asked for consent. */
export function hashRequest(asked: Asked, policyVersion: string): string {
  // A key is proven anew with each request; the approved one is in `keyThumbprint`.
  const { approvalId: _, protocol: __, principal, ...request } = asked;
  const { id, tenant, type, onBehalfOf, roles = [] } = principal;
  const who = { id, tenant, type, onBehalfOf, roles: roles.toSorted() };
  const text = canonical({ ...request, scope: asked.scope.toSorted(), who, policyVersion });
  return hash('sha256', text, 'base64url');
}

const invalid = (message: string) => new BrokerError('ERR_BROKER_APPROVAL_INVALID', message);

/** All that would be given, so that nobody consents to what they have not seen. */
function summaryOf(asked: Asked, allowed: Allowed): Approval['summary'] {
  const { principal, resource, scope, audience, mode, redeemer, reason, keyThumbprint, parameters } = asked;
  const sealTo = asked.sealTo && readRecipient(asked.sealTo)?.kid;
  return Object.freeze({
    principal: principal.id,
    resource: resource.ref,
    type: resource.type,
    scope: scope.join(' '),
    mode,
    redeemer,
    ttlSeconds: String(cappedTtl(allowed.ttlMs, principal) / 1_000),
    maxTtlSeconds: String(allowed.maxTtlMs / 1_000),
    oneTime: String(allowed.oneTime || asked.oneTime === true),
    ...(audience !== undefined && { audience }),
    ...(reason !== undefined && { reason }),
    ...(keyThumbprint !== undefined && { keyThumbprint }),
    ...(sealTo !== undefined && { sealTo }),
    ...(Object.keys(parameters).length > 0 && { parameters: JSON.stringify(parameters) }),
  });
}

/** Whether somebody is the one who asked, the person for whom that one acts, or who gets it, or acts for one of them. */
function isInvolved({ requester, onBehalfOf, summary }: Approval, approver: Principal): boolean {
  const involved = [requester, onBehalfOf, summary['redeemer']];
  return (
    involved.includes(approver.id) ||
    (approver.onBehalfOf !== undefined && involved.includes(approver.onBehalfOf))
  );
}

type Allowed = Extract<Decision, { allowed: true }>;

/** Where consents are asked for, given and used up. */
export class ApprovalDesk implements Approvals {
  // Hidden from whoever looks at a broker.
  readonly #core: BrokerCore;

  constructor(core: BrokerCore) {
    this.#core = core;
  }

  /**
   * Sees that a request was consented to.
   *
   * @returns the consent, to be used up by {@link ApprovalDesk.use}
   */
  async require(asked: Asked, allowed: Allowed): Promise<Approval> {
    const core = this.#core;
    const requestHash = hashRequest(asked, core.settings.policy.version);
    const approval =
      asked.approvalId === undefined ? undefined : await this.own(asked.approvalId, asked.principal);
    if (approval === undefined) return this.ask(asked, allowed, requestHash);
    if (approval.requestHash !== requestHash) throw invalid('this is not what was approved');
    if (approval.state === 'pending') throw this.waiting(approval);
    if (approval.state !== 'approved') throw invalid(`the approval is ${approval.state}`);
    return approval;
  }

  /** Uses a consent up; of several at once one succeeds. */
  async use(approval: Approval): Promise<void> {
    const { decidedBy } = approval;
    const used = await this.#core.answer(() =>
      this.#core.approvals.change(approval, { state: 'used', decidedBy }),
    );
    if (used === undefined) throw invalid('the approval is used');
    this.tell(used);
  }

  async list(approver: Principal, after?: string, limit = 100): Promise<readonly Approval[]> {
    checkPrincipal('approvals.list', approver);
    check('approvals.list: limit', limit, integer(1, 1_000));
    this.#core.admit(approver);
    const found: Approval[] = [];
    for (let last = after; ;) {
      const from = last;
      const page = await this.#core.answer(() => this.#core.approvals.list(approver.tenant, from, limit));
      const waiting = page.filter(
        (one) => this.aged(one).state === 'pending' && this.mayDecide(one, approver),
      );
      found.push(...waiting);
      if (page.length < limit || found.length >= limit) return found.slice(0, limit);
      last = page.at(-1)?.id;
    }
  }

  async find(id: string, principal: Principal): Promise<Approval> {
    checkPrincipal('approvals.find', principal);
    this.#core.admit(principal);
    const approval = await this.read(id, principal);
    if (approval?.requester !== principal.id && !(approval && this.mayDecide(approval, principal)))
      throw unknown();
    return approval;
  }

  approve(id: string, approver: Principal): Promise<Approval> {
    return this.decide(id, approver, 'approved');
  }

  deny(id: string, approver: Principal): Promise<Approval> {
    return this.decide(id, approver, 'denied');
  }

  private async decide(id: string, approver: Principal, state: 'approved' | 'denied'): Promise<Approval> {
    const core = this.#core;
    checkPrincipal('approvals', approver);
    core.admit(approver);
    const approval = await this.read(id, approver);
    if (approval === undefined || !this.mayDecide(approval, approver)) {
      const what = {
        action: `approval.${state}`,
        resource: {
          type: 'approval',
          id: String(id)
            .slice(0, 64)
            .replace(/\p{Cs}/gu, '\ufffd'),
        },
      };
      return core.refuse(approver, { ...what, details: {} }, unknown());
    }
    if (approval.state !== 'pending') throw invalid(`the approval is ${approval.state}`);
    // Written first: a consent that nobody can look up must not be one.
    await this.record(approver, approval, state);
    const decided = await core.answer(() =>
      core.approvals.change(approval, { state, decidedBy: approver.id }),
    );
    if (decided === undefined) throw invalid('somebody else has decided');
    this.tell(decided);
    return decided;
  }

  /** @throws {@link BrokerError} always: a new approval is waited for, or one that waits for the same already */
  private async ask(asked: Asked, allowed: Allowed, requestHash: string): Promise<never> {
    const core = this.#core;
    const { id: requester, tenant, onBehalfOf } = asked.principal;
    const nowMs = core.now();
    const known = await core.answer(() => core.approvals.findPending(tenant, requester, requestHash));
    if (known !== undefined && known.expiresAtMs > nowMs) throw this.waiting(known);
    const approval: Approval = Object.freeze({
      id: newId(),
      tenant,
      requester,
      onBehalfOf,
      kind: allowed.approval === 'self' ? 'self' : 'third-party',
      requestHash,
      summary: summaryOf(asked, allowed),
      state: 'pending',
      decidedBy: undefined,
      requestedAtMs: nowMs,
      expiresAtMs: nowMs + core.settings.approvalMs,
    });
    await core.answer(() => core.approvals.insert(approval));
    await this.record(asked.principal, approval, 'requested').catch(async (error: unknown) => {
      await this.expire(approval).catch(() => undefined);
      throw error;
    });
    core.sweeper.expect(approval.expiresAtMs);
    this.tell(approval);
    throw this.waiting(approval);
  }

  /** Ends an approval, also where somebody was quick to approve it. */
  private async expire(approval: Approval): Promise<void> {
    const core = this.#core;
    const expired = { state: 'expired', decidedBy: undefined } as const;
    for (const state of ['pending', 'approved'] as const)
      await core.answer(() => core.approvals.change({ ...approval, state }, expired));
  }

  private waiting({ id, kind }: Approval): BrokerError {
    const message =
      kind === 'self' ? 'this has to be confirmed first' : 'somebody else has to approve this first';
    return new BrokerError('ERR_BROKER_APPROVAL_REQUIRED', message, { approvalId: id });
  }

  private async own(id: string, { id: requester, tenant }: Principal): Promise<Approval> {
    const approval = await this.read(id, { tenant });
    if (approval?.requester !== requester) throw unknown();
    return approval;
  }

  private async read(id: string, { tenant }: Pick<Principal, 'tenant'>): Promise<Approval | undefined> {
    const approval = isId(id) ? await this.#core.answer(() => this.#core.approvals.find(id)) : undefined;
    return approval?.tenant === tenant ? this.aged(approval) : undefined;
  }

  /** An approval as it is now: the store is not told when its time is over. */
  private aged(approval: Approval): Approval {
    const isOver = approval.expiresAtMs <= this.#core.now();
    const expires = approval.state === 'pending' || approval.state === 'approved';
    return isOver && expires ? Object.freeze({ ...approval, state: 'expired' }) : approval;
  }

  private mayDecide(approval: Approval, approver: Principal): boolean {
    if (approval.tenant !== approver.tenant) return false;
    if (approval.kind === 'self') return approver.id === (approval.onBehalfOf ?? approval.requester);
    return !isInvolved(approval, approver) && this.#core.settings.mayApprove(approver, approval);
  }

  private record(principal: Principal, approval: Approval, what: string): Promise<void> {
    const { id, kind, requester, requestHash } = approval;
    // They may be more than a log takes; the hash binds them.
    const { parameters: _, ...summary } = approval.summary;
    return this.#core.record(principal, {
      action: `approval.${what}`,
      resource: { type: 'approval', id },
      outcome: 'success',
      details: { kind, requester, requestHash, ...summary },
    });
  }

  private tell({ id, state }: Approval): void {
    if (state === 'expired' || !this.#core.emitter.active) return;
    this.#core.emitter.emit({ type: 'approval', approvalId: id, state });
  }
}
