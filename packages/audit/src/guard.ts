import type { Clock } from '@holdfast/pipeline';
import type { AuditEvent } from './events/audit-event.ts';
import type { AuditOutcome } from './events/outcome.ts';
import type { Recorder } from './record/recorder.ts';

/** What happens to an action when the log cannot take its event; see {@link Guard}. */
export type AuditMode = 'strict' | 'buffered' | 'best-effort';

/** Says more about one guarded action. */
export interface GuardOptions<T> {
  /** What else to keep about a result, besides what the event has in `details`. */
  readonly describe?: ((value: T) => Readonly<Record<string, unknown>>) | undefined;
  /**
   * Whether an error says that the action was not allowed. By default one with the `status` or `statusCode` 401 or 403,
   * or the code `EACCES`, `EPERM` or `ERR_ACCESS_DENIED`.
   */
  readonly isDenied?: ((error: unknown) => boolean) | undefined;
}

/**
 * Runs an action between two entries: what is about to happen, with the outcome `pending`, and how it went. An action
 * that was not allowed leaves the outcome `denied`. The second entry names the first by `intent`.
 *
 * - `strict`: the action does not start before the first entry is on the disk, and its result is not given out before
 *   the second is; where one cannot be written the error of the log is thrown.
 * - `buffered`: the action starts once the log has taken the first entry, before it is on the disk. A full or closed log
 *   still keeps it from starting.
 * - `best-effort`: the action runs whatever the log does.
 *
 * What could not be written and nobody was told about is counted, and the log says so in an `audit.gap`.
 */
export type Guard = <T>(
  event: AuditEvent,
  action: () => T | PromiseLike<T>,
  options?: GuardOptions<T>,
) => Promise<T>;

/** What a guard is made of. */
export interface GuardParts {
  readonly recorder: Pick<Recorder, 'append' | 'counted' | 'note'>;
  readonly mode: AuditMode;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** How many turns of the microtask queue a log may take to refuse an entry. */
const TURNS = 4;

export function createGuard(parts: GuardParts): Guard {
  return async (event, action, options = {}) => {
    const { clock, newId } = parts;
    // An id of its own: the caller's, sent again, would stand for a second action that nobody announced.
    const id = newId();
    await announce(parts, () => ({ ...event, id, outcome: 'pending' }));
    const startedAtMs = clock.now();
    const ended = (outcome: AuditOutcome, more: () => object, reason = event.reason) => ({
      ...event,
      ...{ id: undefined, atMs: undefined, intent: id, outcome, reason },
      details: { durationMs: Math.round(clock.now() - startedAtMs), ...event.details, ...more() },
    });
    let value;
    try {
      value = await action();
    } catch (error) {
      const outcome = () => (isDenied(error, options.isDenied) ? 'denied' : 'failure');
      await conclude(parts, () => ended(outcome(), () => ({}), reasonOf(error))).catch(() => {});
      throw error;
    }
    await conclude(parts, () => ended('success', () => options.describe?.(value) ?? {}));
    return value;
  };
}

/** Writes the first entry; returns when the action may start. */
async function announce({ recorder, mode }: GuardParts, make: () => AuditEvent): Promise<void> {
  if (mode === 'best-effort') return note(recorder, make);
  const event = make();
  const written = recorder.append(event, true);
  if (mode === 'strict') return void (await written);
  let refused: { readonly error: unknown } | undefined;
  written.catch((error: unknown) => (refused = { error }));
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
  if (refused !== undefined) throw refused.error;
  recorder.counted(written, event);
}

/** Writes the second entry. */
async function conclude({ recorder, mode }: GuardParts, make: () => AuditEvent): Promise<void> {
  if (mode !== 'strict') return note(recorder, make);
  let event = {} as AuditEvent;
  const write = async () => recorder.append((event = make()));
  const written = write();
  // The action has happened, so whoever is told, the log has to say that it does not know how it went.
  recorder.counted(written, event);
  await written;
}

/** Writes an entry if it can be made and written; the action must not notice either way. */
function note(recorder: GuardParts['recorder'], make: () => AuditEvent): void {
  let event: AuditEvent;
  try {
    event = make();
  } catch {
    // Still an event that nobody will find, so it is counted as one that cannot be written.
    event = {} as AuditEvent;
  }
  recorder.note(event, true);
}

const DENIED_STATUS: readonly unknown[] = [401, 403];
const DENIED_CODES: readonly unknown[] = ['EACCES', 'EPERM', 'ERR_ACCESS_DENIED'];

function isDenied(error: unknown, own: ((error: unknown) => boolean) | undefined): boolean {
  if (own !== undefined) return own(error);
  const { status, statusCode, code } = (error ?? {}) as Readonly<Record<string, unknown>>;
  return DENIED_STATUS.includes(status ?? statusCode) || DENIED_CODES.includes(code);
}

/** The code or the name of an error; its message may hold anything. */
function reasonOf(error: unknown): string {
  const { code, name } = (error ?? {}) as Readonly<Record<string, unknown>>;
  return (
    [code, name]
      .find((text) => typeof text === 'string' && text !== '')
      ?.toString()
      .slice(0, 256) ?? typeof error
  );
}
