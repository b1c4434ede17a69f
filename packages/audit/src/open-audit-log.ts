import { AsyncResource } from 'node:async_hooks';
import { createEmitter, type Emitter } from '@holdfast/pipeline';
import type { AuditLog, AuditLogEvent, AuditPage, AuditRecord, AuditStats } from './audit-log.ts';
import type { AuditContext, AuditEvent } from './events/audit-event.ts';
import { currentAuditContext, withContext } from './events/context.ts';
import { OWN_TENANT, refuseOwnTenant, tenantOf } from './events/read-event.ts';
import { AuditEventError } from './events/event-error.ts';
import { exportEntries, type ExportOptions } from './export/export-entries.ts';
import { loggedEventIn } from './export/logged-event.ts';
import { createGuard, type Guard } from './guard.ts';
import type { Appended, AuditEngine, StoredEntry } from './log/engine.ts';
import { consistencyProof } from './merkle/proofs.ts';
import type { AuditSettings } from './options.ts';
import { eraseSubject, type Erasure, type ErasureReport } from './personal/erase-subject.ts';
import type { PersonalStore } from './personal/personal-store.ts';
import { reveal } from './personal/reveal.ts';
import { proveEntry, type ProvenEntry } from './proof/prove-entry.ts';
import type { EventIndex } from './query/event-index.ts';
import type { AuditQuery } from './query/options.ts';
import type { BodyStore } from './record/body-store.ts';
import type { IdWindow } from './record/id-window.ts';
import type { Recorder } from './record/recorder.ts';
import { systemEvent } from './record/system-event.ts';
import type { Redactor } from './redaction/redactor.ts';
import { namedBodies } from './retention/named-bodies.ts';
import { pruneTree, type PruneRequest, type Pruned } from './retention/prune-tree.ts';
import { tailEntries, type TailOptions } from './tail/tail-entries.ts';
import type { Witnessing } from './witness/witnessing.ts';

/** What an open log is made of. */
export interface AuditLogParts {
  readonly settings: AuditSettings;
  readonly engine: AuditEngine;
  readonly recorder: Recorder;
  readonly bodies: BodyStore;
  readonly ids: IdWindow;
  readonly redactor: Redactor;
  readonly personal: PersonalStore | undefined;
  readonly index: EventIndex | undefined;
  readonly witnessing: Witnessing | undefined;
}

const CONDITIONS = ['action', 'actor', 'resource', 'outcome', 'fromMs', 'toMs', 'text'] as const;

const recordOf = ({ tenant, index, leaf }: StoredEntry): AuditRecord => ({
  tenant,
  index,
  leaf,
  event: loggedEventIn(leaf),
});

export class OpenAuditLog implements AuditLog {
  readonly engine: AuditEngine;
  readonly guard: Guard;
  private readonly parts: AuditLogParts;
  private readonly events: Emitter<AuditLogEvent>;
  private pruning: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;

  constructor(parts: AuditLogParts) {
    const { settings, engine, recorder, witnessing } = parts;
    const { mode, clock, newId, onListenerError } = settings;
    this.parts = parts;
    this.engine = engine;
    const guard = createGuard({ recorder, mode, clock, newId });
    this.guard = async (event, action, options) => {
      refuseWhatIsOwn(event);
      return guard(event, action, options);
    };
    this.events = createEmitter<AuditLogEvent>(onListenerError);
    for (const source of [engine, witnessing]) source?.subscribe((event) => this.events.emit(event));
    // Space for entries again is space to say what was lost.
    engine.on('audit.write_recovered', () => void recorder.writeGaps());
  }

  /** Writes that the log was opened. */
  async opened(): Promise<void> {
    await this.tell('opened');
  }

  append(event: AuditEvent): Promise<Appended> {
    // Not async: handing on a promise from there takes three turns more, and a promise.
    try {
      refuseWhatIsOwn(event);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.parts.recorder.append(event);
  }

  note(event: AuditEvent): void {
    this.parts.recorder.counted(this.append(event), event);
  }

  withContext<T>(context: AuditContext, fn: () => T): T {
    return withContext(context, fn);
  }

  async prove(tenant: string, index: number): Promise<ProvenEntry> {
    return proveEntry(this.engine.source(tenantOf(tenant, currentAuditContext()?.tenant)), index);
  }

  async consistency(tenant: string, first: number, second: number): Promise<readonly Uint8Array[]> {
    const own = tenantOf(tenant, currentAuditContext()?.tenant);
    return consistencyProof(this.engine.hashes(own, second), first, second);
  }

  async query(query: AuditQuery = {}): Promise<AuditPage> {
    const { index } = this.parts;
    if (index === undefined) throw new TypeError('query: the log was opened without an index');
    const { entries, next } = await index.query(query);
    if (this.parts.settings.auditReads) await this.tellOfQuery(query);
    const records = entries.map(recordOf);
    return { records: query.personal === true ? await this.revealed(records) : records, next };
  }

  export(options: ExportOptions): AsyncGenerator<string, void, undefined> {
    const tenant = tenantOf(options.tenant, currentAuditContext()?.tenant);
    const pieces = exportEntries(this.engine, { ...options, tenant });
    const { format, from, to, fromMs, toMs } = options;
    const event = systemEvent('exported', { tenant, details: { format, from, to, fromMs, toMs } });
    return this.noted(event, pieces);
  }

  tail(options: TailOptions = {}): AsyncGenerator<AuditRecord, void, undefined> {
    const records = recordsOf(tailEntries(this.engine, options, this.parts.settings.clock));
    if (!this.parts.settings.auditReads) return records;
    const tenant = tenantOf(options.tenant, currentAuditContext()?.tenant);
    return this.noted(systemEvent('tailed', { tenant, details: { from: options.from } }), records);
  }

  async erase(erasure: Erasure): Promise<ErasureReport> {
    const { personal, recorder } = this.parts;
    if (personal === undefined) throw new TypeError('erase: the log was opened without personal fields');
    return eraseSubject({ personal, recorder }, erasure);
  }

  prune(request: PruneRequest): Promise<Pruned> {
    // One after another: one reads what is left of all tenants, to learn which details are still named.
    const pruned = this.pruning.then(() => this.pruneNow(request));
    this.pruning = pruned.catch(() => undefined);
    return pruned;
  }

  private async pruneNow(request: PruneRequest): Promise<Pruned> {
    const { settings, index, recorder, bodies } = this.parts;
    const { files, clock } = settings;
    const record = (event: AuditEvent) => recorder.append(event);
    const pruned = await pruneTree({ engine: this.engine, record, files, clock }, request);
    try {
      await index?.forget(pruned.tenant, pruned.minimumIndex);
    } finally {
      await bodies.sweep(async () => {
        await this.engine.flush();
        return namedBodies(this.engine);
      });
    }
    return pruned;
  }

  redact(secret: string): () => void {
    return this.parts.redactor.register(secret);
  }

  on: AuditLog['on'] = (type, listener) => this.events.on(type, listener);

  subscribe: AuditLog['subscribe'] = (listener) => this.events.subscribe(listener);

  stats(): AuditStats {
    const { recorder, ids, index, witnessing } = this.parts;
    return {
      ...this.engine.stats(),
      dropped: recorder.gaps.total,
      duplicates: ids.duplicates,
      indexLag: index?.lag ?? 0,
      indexFailure: index?.failure,
      witness: witnessing?.stats(),
    };
  }

  async flush(): Promise<void> {
    await this.parts.recorder.writeGaps();
    await this.engine.flush();
    await this.parts.index?.caughtUp();
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async shut(): Promise<void> {
    const { recorder, witnessing, index, personal } = this.parts;
    // What cannot be written any more is no reason to keep the directory.
    await recorder.writeGaps().catch(() => undefined);
    await this.tell('closed').catch(() => undefined);
    await witnessing?.close();
    try {
      await this.engine.close();
    } finally {
      await Promise.all([index?.close(), personal?.close()]);
    }
  }

  private async tell(action: 'opened' | 'closed'): Promise<void> {
    if (this.parts.settings.lifecycle)
      await this.parts.recorder.append(systemEvent(action, { tenant: OWN_TENANT }));
  }

  /** What was asked for, and not which: what one looks for may be as personal as what one finds. */
  private async tellOfQuery(query: AuditQuery): Promise<void> {
    const tenant = tenantOf(query.tenant, currentAuditContext()?.tenant);
    const by = CONDITIONS.filter((name) => query[name] !== undefined);
    const details = { by, personal: query.personal === true };
    await this.parts.recorder.append(systemEvent('queried', { tenant, details }));
  }

  /** Hands out nothing before the event is written. */
  private noted<T>(event: AuditEvent, read: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    // Whoever reads it may do so in another context, or in none.
    return after(
      AsyncResource.bind(() => this.parts.recorder.append(event)),
      read,
    );
  }

  /** Puts the personal values back in that were not erased. */
  private revealed(records: readonly AuditRecord[]): Promise<readonly AuditRecord[]> {
    return Promise.all(
      records.map(async (record) => {
        const ref = record.event?.personal?.ref;
        if (ref === undefined || this.parts.personal === undefined) return record;
        const values = await this.parts.personal.find(ref);
        return { ...record, event: reveal(record.event, values) as AuditRecord['event'] };
      }),
    );
  }
}

/** What the log says about itself decides what a verifier takes for pruned or lost: nobody else may say it. */
function refuseWhatIsOwn({ action, tenant }: AuditEvent): void {
  refuseOwnTenant(tenant);
  if (typeof action !== 'string' || !action.startsWith('audit.')) return;
  throw new AuditEventError('action', "must not begin with 'audit.', as what the log says about itself does");
}

async function* after<T>(
  first: () => Promise<unknown>,
  read: AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  await first();
  yield* read;
}

async function* recordsOf(entries: AsyncIterable<StoredEntry>): AsyncGenerator<AuditRecord, void, undefined> {
  for await (const entry of entries) yield recordOf(entry);
}
