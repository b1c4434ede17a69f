import type { AuditEvent } from '../events/audit-event.ts';

/** An event as it stands in the log: the fields of an {@link AuditEvent} that were given, and these. */
export interface LoggedEvent extends Omit<AuditEvent, 'atMs' | 'subject'> {
  /** When it happened, in RFC 3339 with milliseconds. */
  readonly time: string;
  /** The version of the form of events. */
  readonly v: 1;
  /** In place of details that are too large for an entry: how many bytes they have, and their digest in hex. */
  readonly detailsDigest?: { readonly bytes: number; readonly sha256: string };
  /** Which fields hold a commitment in place of their value, and the number that the values are kept under. */
  readonly personal?: { readonly fields: readonly string[]; readonly ref: number };
}

/**
 * The event that an entry holds.
 *
 * @returns nothing when it holds something else
 *
 * @example
 * ```ts
 * import { loggedEventIn } from '@holdfast/audit';
 *
 * const actionOf = (leaf: Uint8Array) => loggedEventIn(leaf)?.action ?? 'unknown';
 * ```
 */
export function loggedEventIn(leaf: Uint8Array): LoggedEvent | undefined {
  try {
    const event = JSON.parse(Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString()) as unknown;
    return isLogged(event) ? event : undefined;
  } catch {
    return undefined;
  }
}

/** Whatever says that it has this form was made by this library, which checked the rest. */
function isLogged(value: unknown): value is LoggedEvent {
  const { v, action, time } = (value ?? {}) as Partial<Record<keyof LoggedEvent, unknown>>;
  return v === 1 && typeof action === 'string' && !Number.isNaN(Date.parse(String(time)));
}
