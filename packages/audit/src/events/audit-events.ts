import type { AuditEvent, AuditResource } from './audit-event.ts';

/** What the caller adds to a common event; the action is given. */
export interface EventExtras extends Omit<AuditEvent, 'action' | 'resource'> {
  /** More about the thing: its name, or another type. */
  readonly resource?: Partial<AuditResource> | undefined;
}

const about =
  (action: string, type: string, outcome?: AuditEvent['outcome']) =>
  (id: string, extras: EventExtras = {}): AuditEvent => ({
    outcome,
    ...extras,
    action,
    resource: { type, id, ...extras.resource },
  });

/**
 * Makes the events that many services have, so that they are called the same everywhere. Each takes the id of what was
 * acted on, and whatever else is known; the actor and the request usually come from the context.
 *
 * @example
 * ```ts
 * import { auditEvents } from '@holdfast/audit';
 *
 * const event = auditEvents.sessionCreated('session-7', { actor: { type: 'user', id: 'bob' } });
 * console.log(event.action, event.resource?.id); // session.created session-7
 * ```
 */
export const auditEvents = {
  sessionCreated: about('session.created', 'session'),
  sessionAccessed: about('session.accessed', 'session'),
  sessionTerminated: about('session.terminated', 'session'),
  /** The id is that of the MCP server. */
  mcpConnected: about('mcp.connected', 'mcp-server'),
  mcpDisconnected: about('mcp.disconnected', 'mcp-server'),
  /** The id is that of the tool. Its arguments may hold anything, and do not belong here. */
  mcpToolCalled: about('mcp.tool_called', 'mcp-tool'),
  promptCreated: about('prompt.created', 'prompt'),
  promptModified: about('prompt.modified', 'prompt'),
  /** The id is that of the account somebody claims to have; say how it went by `outcome`. */
  authenticationAttempted: about('authentication.attempted', 'account'),
  /** The id is that of what was asked for. The outcome is `denied`. */
  authorizationRefused: about('authorization.refused', 'permission', 'denied'),
  /** The id is that of the lease, never the credential. */
  credentialIssued: about('credential.issued', 'credential'),
  credentialRedeemed: about('credential.redeemed', 'credential'),
  credentialRevoked: about('credential.revoked', 'credential'),
  /** The id is the route, e.g. `GET /v1/sessions/{id}`. */
  apiRequested: about('api.requested', 'route'),
  /** The id is that of the setting. */
  configurationChanged: about('configuration.changed', 'setting'),
} as const;
