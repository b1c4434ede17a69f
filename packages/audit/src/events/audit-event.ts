import type { AuditOutcome } from './outcome.ts';

/** Somebody or something that acts: a person, a service, an agent. */
export interface AuditParty {
  /** Who it is, the same for as long as possible. 1 to 512 characters. */
  readonly id: string;
  /** What kind of party it is, e.g. `user`, `service`, `agent`, `system`. At most 256 characters. */
  readonly type?: string | undefined;
  /** What people call it. At most 256 characters. */
  readonly name?: string | undefined;
}

/** What was acted on. */
export interface AuditResource {
  /** What kind of thing it is, e.g. `session`. 1 to 256 characters. */
  readonly type: string;
  /** Which one it is. At most 1,024 characters. */
  readonly id?: string | undefined;
  /** What people call it. At most 256 characters. */
  readonly name?: string | undefined;
}

/** Where an action came from. */
export interface AuditOrigin {
  /** The client's address. Behind proxies it is the caller who knows which of them to believe. At most 256 characters. */
  readonly ip?: string | undefined;
  /** The client's program. At most 1,024 characters. */
  readonly userAgent?: string | undefined;
  /** The service that took the request. At most 256 characters. */
  readonly service?: string | undefined;
  /** The machine or container it ran on. At most 256 characters. */
  readonly host?: string | undefined;
}

/** What an event and its surroundings can both tell; the event has the last word. */
export interface AuditContext {
  /** Whose event it is. 1 to 64 bytes. Default `default`. */
  readonly tenant?: string | undefined;
  /** Who acted. */
  readonly actor?: AuditParty | undefined;
  /** The program that acted for the actor, e.g. an AI agent. */
  readonly agent?: AuditParty | undefined;
  /** For whom the actor acted, where that is somebody else. */
  readonly onBehalfOf?: AuditParty | undefined;
  /** Where the action came from. */
  readonly where?: AuditOrigin | undefined;
  /** The session it belongs to. At most 256 characters. */
  readonly session?: string | undefined;
  /** The request it belongs to. At most 256 characters. */
  readonly requestId?: string | undefined;
  /** The trace it belongs to. At most 256 characters. */
  readonly traceId?: string | undefined;
}

/** One thing that happened, as it is handed to the log. */
export interface AuditEvent extends AuditContext {
  /** What was done, dotted and in the past tense, e.g. `session.created`. 1 to 256 characters. */
  readonly action: string;
  /** What it was done to. */
  readonly resource?: AuditResource | undefined;
  /** How it went. Default `success`. */
  readonly outcome?: AuditOutcome | undefined;
  /** Why it went that way. At most 1,024 characters. */
  readonly reason?: string | undefined;
  /** When it happened, in milliseconds since the Unix epoch. Default now. */
  readonly atMs?: number | undefined;
  /** The producer's own id: a second event with it is not written again. 1 to 256 characters. */
  readonly id?: string | undefined;
  /** The id of the event that announced this one. At most 256 characters. */
  readonly intent?: string | undefined;
  /** Whose personal fields these are. At most 512 characters. Default the id of `onBehalfOf`, else of `actor`. */
  readonly subject?: string | undefined;
  /** Whatever else is worth keeping, as JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}
