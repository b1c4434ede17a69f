import type { AuditEvent, AuditParty } from '../events/audit-event.ts';
import { currentAuditContext } from '../events/context.ts';

/** The log itself, where nobody else is known to have acted. */
export const SYSTEM: AuditParty = { type: 'system', id: 'holdfast-audit' };

/** An event that the log writes about itself. */
export function systemEvent(action: string, event: Omit<AuditEvent, 'action'> = {}): AuditEvent {
  return { actor: currentAuditContext()?.actor ?? SYSTEM, ...event, action: `audit.${action}` };
}
