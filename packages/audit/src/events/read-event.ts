import type { AuditContext, AuditEvent } from './audit-event.ts';
import { AuditEventError } from './event-error.ts';
import { kindOf } from './field-writer.ts';
import { OUTCOMES } from './outcome.ts';
import { tenantRule } from '../log/tenant-name.ts';
import type { Scribe } from './scribe.ts';

/** The tenant of events that name none. */
export const DEFAULT_TENANT = 'default';
/** The tenant in whose tree the log writes about itself. */
export const OWN_TENANT = 'holdfast-audit';
/** The end of the year 9999; later instants are written in another form. */
const MAX_AT_MS = 253_402_300_799_999;

const SHARED = ['actor', 'agent', 'onBehalfOf', 'requestId', 'session', 'traceId', 'where'] as const;
const NAMES: ReadonlySet<string> = new Set([
  ...SHARED,
  ...['action', 'atMs', 'details', 'id', 'intent', 'outcome', 'reason', 'resource', 'subject', 'tenant'],
]);

/** An event as it was when it was looked at, with what its context adds. Texts and objects are yet to be checked. */
export interface EventFields extends AuditEvent {
  readonly tenant: string;
  readonly atMs: number;
}

/**
 * Takes an event apart, reading each of its properties once.
 *
 * @throws {@link AuditEventError} when a field is unknown or breaks a rule
 */
export function readEvent(
  event: AuditEvent,
  context: AuditContext | undefined,
  nowMs: number,
  scribe: Scribe,
): EventFields {
  if (typeof event !== 'object' || event === null) {
    throw new AuditEventError('event', `must be an object, got ${kindOf(event)}`);
  }
  const fields: Record<string, unknown> = { ...event };
  for (const name in fields) if (!NAMES.has(name)) refuseUnknown(name, scribe);
  if (context !== undefined) complete(fields, context);
  fields['tenant'] = tenantOf(fields['tenant'], context?.tenant);
  fields['atMs'] = fields['atMs'] === undefined ? nowMs : instantOf(fields['atMs']);
  if (fields['outcome'] === undefined) fields['outcome'] = 'success';
  if (!OUTCOMES.has(fields['outcome'])) {
    throw new AuditEventError('outcome', `must be one of ${[...OUTCOMES].join(', ')}`);
  }
  return fields as unknown as EventFields;
}

/**
 * The tenant of an event, or of a question. Code that runs for one tenant cannot write, by mistake or by request, what
 * another tenant will read as its own, nor read what is another's.
 *
 * @throws {@link AuditEventError} when it is not the tenant of the context, or none at all
 */
export function tenantOf(own: unknown, ambient: string | undefined): string {
  const tenant = own === undefined ? (ambient ?? DEFAULT_TENANT) : own;
  if (ambient !== undefined && tenant !== ambient) {
    throw new AuditEventError('tenant', 'must be that of the context');
  }
  const broken = tenantRule(tenant);
  if (broken !== undefined) throw new AuditEventError('tenant', `${broken}, got ${kindOf(tenant)}`);
  return tenant as string;
}

/** Whoever may choose the name of a tenant must not become the log itself. */
export function refuseOwnTenant(tenant: unknown): void {
  if (tenant === OWN_TENANT)
    throw new AuditEventError('tenant', `must not be ${OWN_TENANT}, which is the log's own`);
}

function complete(fields: Record<string, unknown>, context: AuditContext): void {
  for (const name of SHARED) if (fields[name] === undefined) fields[name] = context[name];
}

function instantOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_AT_MS) return value;
  const got = typeof value === 'number' ? value : kindOf(value);
  throw new AuditEventError('atMs', `must be an integer >= 0 and <= ${MAX_AT_MS}, got ${got}`);
}

function refuseUnknown(name: string, scribe: Scribe): never {
  const shown = JSON.stringify(scribe.clean(name).slice(0, 40));
  throw new AuditEventError('event', `has no field ${shown}; it takes ${[...NAMES].join(', ')}`);
}
