import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import type { AuditContext, AuditEvent } from './audit-event.ts';
import { MAX_ENTRY_BYTES } from '../tiles/entry-bundle.ts';
import { AuditEventError } from './event-error.ts';
import { headOf, member, middleOf, tailOf } from './envelope.ts';
import { FieldWriter, kindOf } from './field-writer.ts';
import { isoTime } from './iso-time.ts';
import { JsonWriter } from './json-writer.ts';
import { readEvent, type EventFields } from './read-event.ts';
import type { PersonalShelf, Scribe } from './scribe.ts';

/** Details that are too large for an entry, which holds their digest; they are kept beside the log. */
export interface DetailsBody {
  /** In hex. */
  readonly sha256: string;
  readonly bytes: Buffer;
}

/** An event in the form it is logged in. */
export interface EncodedEvent {
  readonly tenant: string;
  /** The producer's id. */
  readonly id: string | undefined;
  /** Whose personal fields these are. */
  readonly subject: string | undefined;
  /** Canonical JSON. */
  readonly leaf: Buffer;
  readonly body: DetailsBody | undefined;
}

/** What an encoder goes by. */
export interface EventEncoderOptions {
  readonly scribe: Scribe;
  /** How many characters `details` may have in canonical JSON. */
  readonly maxDetailsLength: number;
  /** What becomes of details that make an entry too large. */
  readonly oversized: 'digest' | 'reject';
}

/** Where the personal values of one event go. */
export interface PersonalReference extends PersonalShelf {
  /** What the entry says about them, in canonical JSON; asked once, after the last was put. */
  reference(): string | undefined;
}

/** Turns events into entries. */
export class EventEncoder {
  private readonly options: EventEncoderOptions;
  private readonly isoTime = isoTime();

  constructor(options: EventEncoderOptions) {
    this.options = options;
  }

  /**
   * @param nowMs - when events happened that do not say it, in milliseconds since the Unix epoch
   * @throws {@link AuditEventError} when a field breaks its rule, cannot be read or is too large
   */
  encode(event: AuditEvent, nowMs: number, context?: AuditContext, shelf?: PersonalReference): EncodedEvent {
    try {
      return this.write(readEvent(event, context, nowMs, this.options.scribe), shelf);
    } catch (error) {
      if (error instanceof AuditEventError) throw error;
      throw new AuditEventError('event', 'cannot be read', { cause: error });
    }
  }

  private write(fields: EventFields, shelf: PersonalReference | undefined): EncodedEvent {
    const writer = new FieldWriter(this.options.scribe, shelf);
    const personal = shelf?.paths.children;
    const head = headOf(writer, fields, personal);
    const details = this.details(fields.details, shelf);
    const middle = middleOf(writer, fields, personal);
    const tail = tailOf(writer, fields, this.isoTime(fields.atMs), personal);
    const rest = `${middle}${member('personal', shelf?.reference())}${tail}`;
    const { tenant, id } = fields;
    return { tenant, id, subject: subjectOf(fields), ...this.fit(head, details, rest) };
  }

  private details(details: unknown, shelf: PersonalShelf | undefined): string | undefined {
    if (details === undefined) return undefined;
    if (typeof details !== 'object' || details === null || Array.isArray(details)) {
      throw new AuditEventError('details', `must be an object, got ${kindOf(details)}`);
    }
    const { scribe, maxDetailsLength } = this.options;
    const json = new JsonWriter({ name: 'details', maxLength: maxDetailsLength, scribe, shelf });
    return json.write(details, shelf?.paths.children.get('details'));
  }

  private fit(head: string, details: string | undefined, rest: string): Pick<EncodedEvent, 'leaf' | 'body'> {
    if (details === undefined) return { leaf: Buffer.from(head + rest), body: undefined };
    const leaf = Buffer.from(`${head},"details":${details}${rest}`);
    if (leaf.length <= MAX_ENTRY_BYTES) return { leaf, body: undefined };
    if (this.options.oversized === 'reject') {
      const problem = `makes the entry ${leaf.length} bytes long, at most ${MAX_ENTRY_BYTES} fit`;
      throw new AuditEventError('details', problem);
    }
    const bytes = Buffer.from(details);
    const sha256 = hash('sha256', bytes);
    const digest = `{"bytes":${bytes.length},"sha256":"${sha256}"}`;
    return { leaf: Buffer.from(`${head},"detailsDigest":${digest}${rest}`), body: { sha256, bytes } };
  }
}

function subjectOf({ subject, onBehalfOf, actor }: EventFields): string | undefined {
  const whose: unknown = subject ?? onBehalfOf?.id ?? actor?.id;
  if (whose === undefined || typeof whose === 'string') return whose;
  throw new AuditEventError('subject', `must be a string, got ${kindOf(whose)}`);
}
