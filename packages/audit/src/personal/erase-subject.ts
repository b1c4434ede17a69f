import type { AuditParty } from '../events/audit-event.ts';
import { currentAuditContext, inContext } from '../events/context.ts';
import { tenantOf } from '../events/read-event.ts';
import type { Appended } from '../log/engine.ts';
import type { Recorder } from '../record/recorder.ts';
import { SYSTEM, systemEvent } from '../record/system-event.ts';
import type { PersonalStore } from './personal-store.ts';

/** Whose personal values are to be erased, and why. */
export interface Erasure {
  /** Whose values: the `subject` of the events. */
  readonly subject: string;
  /** Default the tenant of the context, else `default`. */
  readonly tenant?: string | undefined;
  /** Who erases, where that is another than the subject. Default the log itself. */
  readonly actor?: AuditParty | undefined;
  /** Why, e.g. the number of the request. */
  readonly reason?: string | undefined;
}

/** What an erasure did. */
export interface ErasureReport {
  /** How many events had personal values of the subject. */
  readonly events: number;
  /** The entry that says so. */
  readonly entry: Appended;
}

/**
 * Erases what is kept of a subject and writes into the log that this was done. The entries of the subject, and with them
 * every proof, stay as they are; what they commit to cannot be told any more.
 */
export async function eraseSubject(
  { personal, recorder }: { readonly personal: PersonalStore; readonly recorder: Pick<Recorder, 'append'> },
  { subject, tenant, actor, reason }: Erasure,
): Promise<ErasureReport> {
  const home = tenantOf(tenant, currentAuditContext()?.tenant);
  const erased = await personal.erase({ tenant: home, subject });
  // In no context: who erases their own traces must not leave new ones.
  const event = systemEvent('erasure', {
    tenant: home,
    actor: actor === undefined || actor.id === subject ? SYSTEM : actor,
    reason,
    details: { events: erased.events, subjectDigest: erased.subject },
  });
  const entry = await inContext({}, () => recorder.append(event));
  return { events: erased.events, entry };
}
