import type { AuditEvent } from '../events/audit-event.ts';

/** An event that the log writes about itself. */
export function systemEvent(action: string, event: Omit<AuditEvent, 'action'> = {}): AuditEvent {
  return { actor: { type: 'system', id: 'holdfast-audit' }, ...event, action: `audit.${action}` };
}
