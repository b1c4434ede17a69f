import type { Clock } from '@holdfast/pipeline';
import { AuditTimeoutError } from '../errors.ts';
import type { AuditEvent } from '../events/audit-event.ts';
import { currentAuditContext } from '../events/context.ts';
import type { EncodedEvent, EventEncoder } from '../events/event-encoder.ts';
import { DEFAULT_TENANT } from '../events/read-event.ts';
import type { Appended, AuditEngine } from '../log/engine.ts';
import { tenantRule } from '../log/tenant-name.ts';
import type { PersonalDraft } from '../personal/personal-draft.ts';
import type { BodyStore } from './body-store.ts';
import { GapLedger, type Gap } from './gap-ledger.ts';
import type { IdWindow } from './id-window.ts';
import { systemEvent } from './system-event.ts';

/** Where personal values go; see `PersonalStore`. */
export interface PersonalKeeper {
  draft(): PersonalDraft;
  /** Resolves once they are on the disk. */
  keep(draft: PersonalDraft, tenant: string, subject: string | undefined): Promise<void>;
}

/** What a recorder is made of. */
export interface RecorderParts {
  readonly engine: Pick<AuditEngine, 'append'>;
  readonly encoder: EventEncoder;
  readonly bodies: Pick<BodyStore, 'put'>;
  readonly ids: Pick<IdWindow, 'once'>;
  readonly personal?: PersonalKeeper | undefined;
  readonly clock: Clock;
  /** How long, in milliseconds, storing what goes beside an entry may take. */
  readonly ackTimeoutMs: number;
}

/** Turns events into entries and keeps account of those that could not be written. */
export class Recorder {
  readonly gaps = new GapLedger();
  private readonly parts: RecorderParts;
  private writingGaps = false;

  constructor(parts: RecorderParts) {
    this.parts = parts;
  }

  /**
   * Writes an event; resolves once it, and what goes beside it, is on the disk. An event whose id was seen before is
   * not written again, unless the caller knows that its id is fresh.
   *
   * @throws {@link AuditEventError} when the event cannot be written
   * @throws whatever the engine's `append` throws
   */
  append(event: AuditEvent, fresh = false): Promise<Appended> {
    let written: Promise<Appended>;
    try {
      written = this.take(event, fresh);
    } catch (error) {
      return Promise.reject(error);
    }
    if (this.gaps.pending) void written.then(() => this.writeGaps()).catch(() => {});
    return written;
  }

  private take(event: AuditEvent, fresh: boolean): Promise<Appended> {
    const { encoder, clock, personal, ids } = this.parts;
    const draft = personal?.draft();
    const encoded = encoder.encode(event, clock.wallNow(), currentAuditContext(), draft);
    const { tenant, id } = encoded;
    const write = () => this.write(encoded, draft);
    return id === undefined || fresh ? write() : ids.once(tenant, id, write);
  }

  /** Writes an event without telling the caller; one that cannot be written is counted, and the log will say so. */
  note(event: AuditEvent, fresh = false): void {
    this.counted(this.append(event, fresh), event);
  }

  /** Counts an event as dropped if it turns out not to be written. */
  counted(written: Promise<Appended>, event: AuditEvent): void {
    // In the context of the event, which later code may have left.
    const tenant = tenantFor(event);
    written.catch((error: unknown) => this.gaps.count(tenant, error, this.parts.clock.wallNow()));
  }

  /** Writes what is known of dropped events into the log; what cannot be written stays to be tried again. */
  async writeGaps(): Promise<void> {
    if (this.writingGaps) return;
    this.writingGaps = true;
    const gaps = this.gaps.take();
    await Promise.all(gaps.map((gap) => this.writeGap(gap)));
    this.writingGaps = false;
  }

  private async writeGap(gap: Gap): Promise<void> {
    const { tenant, dropped, fromMs, toMs, reasons } = gap;
    const [from, to] = [fromMs, toMs].map((atMs) => new Date(atMs).toISOString());
    const details = { dropped, from, to, reasons };
    const event = systemEvent('gap', { tenant, outcome: 'failure', details });
    try {
      const { tenant: home, leaf } = this.parts.encoder.encode(event, this.parts.clock.wallNow());
      await this.parts.engine.append(home, leaf);
    } catch {
      this.gaps.add(gap);
    }
  }

  private write(
    { tenant, subject, leaf, body }: EncodedEvent,
    draft: PersonalDraft | undefined,
  ): Promise<Appended> {
    const { engine, personal, bodies } = this.parts;
    const hasPersonal = personal !== undefined && draft !== undefined && draft.values.size > 0;
    if (!hasPersonal && body === undefined) return engine.append(tenant, leaf);
    // All at once: what is beside an entry without being acknowledged harms nobody, and the entry keeps its turn.
    const beside = [
      body === undefined ? undefined : bodies.put(body),
      hasPersonal ? personal.keep(draft, tenant, subject) : undefined,
    ];
    const all = Promise.all([engine.append(tenant, leaf), ...beside]).then(([appended]) => appended);
    return this.bounded(all);
  }

  private bounded<T>(work: Promise<T>): Promise<T> {
    const { clock, ackTimeoutMs } = this.parts;
    if (ackTimeoutMs === Infinity) return work;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimer(() => reject(new AuditTimeoutError(ackTimeoutMs)), ackTimeoutMs);
      void work.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}

/** The tenant that a dropped event belonged to, as far as it can be told. */
function tenantFor(event: AuditEvent): string {
  try {
    const tenant: unknown = currentAuditContext()?.tenant ?? event.tenant;
    return typeof tenant === 'string' && tenantRule(tenant) === undefined ? tenant : DEFAULT_TENANT;
  } catch {
    return DEFAULT_TENANT;
  }
}
