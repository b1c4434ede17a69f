import type { Clock } from '@holdfast/pipeline';
import type { BrokerAudit, BrokerAuditEvent } from './broker-audit.ts';
import { BrokerError } from './errors.ts';
import type { Principal } from './principal.ts';
import { within, type Patience } from './within.ts';

/** What happened; the rest of an event is who did it. */
export type Happening = Pick<BrokerAuditEvent, 'action' | 'resource' | 'outcome' | 'reason' | 'details'>;

const notTaken = (options?: ErrorOptions) =>
  new BrokerError('ERR_BROKER_AUDIT', 'the audit log did not take the event, so nothing was given', options);

/** Writes to the audit log, and waits for it, but not for ever. */
export class AuditTrail {
  private readonly log: BrokerAudit | undefined;
  private readonly patience: Patience<unknown>;

  constructor(log: BrokerAudit | 'none', clock: Clock, ms: number) {
    this.log = log === 'none' ? undefined : log;
    this.patience = { clock, ms, late: notTaken };
  }

  /** @throws {@link BrokerError} `ERR_BROKER_AUDIT` unless the event is kept in time */
  async write(principal: Principal, happening: Happening): Promise<void> {
    const { log } = this;
    if (log === undefined) return;
    const { tenant, id, type, onBehalfOf } = principal;
    const event: BrokerAuditEvent = {
      tenant,
      actor: { id, type },
      ...(onBehalfOf === undefined ? {} : { onBehalfOf: { id: onBehalfOf } }),
      ...happening,
    };
    try {
      await within(this.patience, () => log.append(event));
    } catch (error) {
      throw error instanceof BrokerError ? error : notTaken({ cause: error });
    }
  }
}
