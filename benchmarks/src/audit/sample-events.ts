import type { AuditEvent } from '@holdfast/audit';

const ACTIONS = ['session.created', 'session.accessed', 'prompt.created', 'api.requested'];

/** Makes the events that all subjects write: about 400 bytes as JSON, 5,000 actors, 50,000 resources. */
export function sampleEvent(index: number, tenant = 'default'): AuditEvent {
  return {
    action: ACTIONS[index % 4] ?? '',
    actor: { id: `user-${(index * 7_919) % 5_000}`, type: 'user', name: `User ${index % 5_000}` },
    atMs: 1_700_000_000_000 + index * 10,
    details: { region: `eu-west-${index % 3}`, path: `/v1/sessions/${index}`, status: 200 },
    outcome: index % 997 === 0 ? 'denied' : 'success',
    requestId: `request-${index}`,
    resource: { id: `session-${(index * 104_729) % 50_000}`, type: 'session' },
    tenant,
    traceId: (index + 1).toString(16).padStart(32, '0'),
    where: { ip: `203.0.113.${index % 250}`, userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' },
  };
}
