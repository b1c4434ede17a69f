import { createEmitter, type Emitter } from '@holdfast/pipeline';
import { rateLimit, type RateLimit } from '@holdfast/limiter';
import type { ApprovalStore } from '../approvals/approval-store.ts';
import { memoryApprovals } from '../approvals/memory-approvals.ts';
import { memoryLeases } from '../leases/memory-leases.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { Lease } from '../leases/lease.ts';
import { AuditTrail, type Happening } from './audit-trail.ts';
import { BackendDesk } from './backend-desk.ts';
import { Counts } from './counts.ts';
import { BrokerError } from './errors.ts';
import type { BrokerEvent } from './events.ts';
import { ForwardClock } from './forward-clock.ts';
import type { BrokerSettings } from './options.ts';
import type { Principal } from './principal.ts';
import { Sweeper } from './sweeper.ts';
import { within, type Patience } from './within.ts';

/** Principals that are limited each by themselves; further ones share a limit. */
const MAX_PRINCIPALS = 100_000;

const noStore = (options?: ErrorOptions) =>
  new BrokerError('ERR_BROKER_STORE', 'the store did not answer', options);

/** There is nothing of the kind for the one who asks: said of what is missing and of what is not theirs alike. */
export const unknown = () => new BrokerError('ERR_BROKER_UNKNOWN', 'there is no such thing, or it has ended');

/** What the calls of a broker share. */
export class BrokerCore {
  readonly settings: BrokerSettings;
  readonly counts = new Counts();
  readonly emitter: Emitter<BrokerEvent>;
  readonly backends: BackendDesk;
  readonly sweeper: Sweeper;
  closed = false;
  private readonly clock: ForwardClock;
  private readonly audit: AuditTrail;
  readonly approvals: ApprovalStore;
  private readonly leases: LeaseStore;
  private readonly patience: Patience<unknown>;
  private readonly limit: RateLimit | undefined;

  constructor(settings: BrokerSettings) {
    const { clock, audit, auditTimeoutMs, storeTimeoutMs, limit, onListenerError } = settings;
    this.settings = settings;
    this.clock = new ForwardClock(clock);
    this.emitter = createEmitter<BrokerEvent>(onListenerError);
    this.backends = new BackendDesk(settings);
    this.audit = new AuditTrail(audit, clock, auditTimeoutMs);
    this.leases = settings.leases ?? memoryLeases();
    this.approvals = settings.approvals ?? memoryApprovals();
    this.patience = { clock, ms: storeTimeoutMs, late: noStore };
    if (limit !== 'none') {
      this.limit = rateLimit({
        name: 'broker',
        rule: limit,
        maxKeys: MAX_PRINCIPALS,
        keyBy: ({ principal }) => principal,
        clock,
      });
    }
    this.sweeper = new Sweeper(this);
  }

  /** In milliseconds since the Unix epoch; never runs back. */
  now(): number {
    return this.clock.now();
  }

  /** @throws {@link BrokerError} when the broker is closed, or the principal asks too often */
  admit({ tenant, id }: Principal): void {
    if (this.closed) throw new BrokerError('ERR_BROKER_CLOSED', 'the broker was closed');
    if (this.limit === undefined || this.limit.tryAcquire(1, { principal: `${tenant}\n${id}` })) return;
    const { limit } = this.settings;
    const retryAfterMs = limit === 'none' ? undefined : Math.ceil(limit.windowMs / limit.limit);
    throw new BrokerError('ERR_BROKER_RATE_LIMITED', 'too many requests', { retryAfterMs });
  }

  /** Asks the store of leases, and waits, but not for ever. */
  store<T>(ask: (leases: LeaseStore) => Promise<T>): Promise<T> {
    return this.answer(() => ask(this.leases));
  }

  /** Waits for what a store says. @throws {@link BrokerError} `ERR_BROKER_STORE` when it says nothing of use */
  async answer<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await within(this.patience as Patience<T>, ask);
    } catch (error) {
      throw error instanceof BrokerError ? error : noStore({ cause: error });
    }
  }

  record(principal: Principal, happening: Happening): Promise<void> {
    return this.audit.write(principal, happening);
  }

  /** Writes down that something was refused, and refuses it. */
  async refuse(
    principal: Principal,
    what: Pick<Happening, 'action' | 'resource' | 'details'>,
    error: Error & { readonly code?: string },
    reason: string = error.message,
  ): Promise<never> {
    await this.record(principal, { ...what, outcome: 'denied', reason });
    const { type: resource } = what.resource;
    this.counts.add('denied', resource);
    const { code = 'ERR_BROKER_DENIED' } = error;
    if (this.emitter.active) this.emitter.emit({ type: 'denied', resource, code });
    throw error;
  }

  /** Counts and tells that a lease was given. */
  gave(lease: Lease, protocol?: string): void {
    const ttlMs = lease.expiresAtMs - lease.issuedAtMs;
    const { type } = lease.resource;
    this.counts.add('issued', type);
    this.counts.gave(ttlMs, protocol);
    if (this.emitter.active) this.emitter.emit({ type: 'issued', leaseId: lease.id, resource: type, ttlMs });
  }

  /** Keeps a new lease. */
  async insert(lease: Lease): Promise<void> {
    await this.store((leases) => leases.insert(lease));
    this.counts.activate(lease.resource.type, 1);
    this.sweeper.expect(lease.expiresAtMs);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.sweeper.stop();
    await Promise.all([this.leases.close(), this.approvals.close(), this.backends.close()]);
  }
}
