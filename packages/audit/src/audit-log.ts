import type { EventSource } from '@holdfast/pipeline';
import type { AuditContext, AuditEvent } from './events/audit-event.ts';
import type { ExportOptions } from './export/export-entries.ts';
import type { LoggedEvent } from './export/logged-event.ts';
import type { Guard } from './guard.ts';
import type { EngineEvent } from './log/engine-events.ts';
import type { Appended, AuditEngine, EngineStats } from './log/engine.ts';
import type { Erasure, ErasureReport } from './personal/erase-subject.ts';
import type { ProvenEntry } from './proof/prove-entry.ts';
import type { AuditQuery } from './query/options.ts';
import type { PruneRequest, Pruned } from './retention/prune-tree.ts';
import type { TailOptions } from './tail/tail-entries.ts';
import type { WitnessEvent } from './witness/witness-events.ts';
import type { WitnessingStats } from './witness/witnessing.ts';

/** An event where it stands in the log. */
export interface AuditRecord {
  readonly tenant: string;
  /** Its place in the tree of the tenant, from 0. */
  readonly index: number;
  /** The event; nothing where the entry holds something else. */
  readonly event: LoggedEvent | undefined;
  /** The bytes of the entry: what the proofs are about. */
  readonly leaf: Uint8Array;
}

/** A page of events. */
export interface AuditPage {
  readonly records: readonly AuditRecord[];
  /** What to ask the next page with; nothing when this is the last one. */
  readonly next: string | undefined;
}

/** Figures of a log, read when asked. */
export interface AuditStats extends EngineStats {
  /** Events that were dropped since the log was opened: nobody was told but the log itself. */
  readonly dropped: number;
  /** Events with an id that were not written again since. */
  readonly duplicates: number;
  /** Durable entries that are not in the index yet; 0 where there is none. */
  readonly indexLag: number;
  /** Why the index cannot be filled now; it is tried again each second. Nothing while it can. */
  readonly indexFailure: unknown;
  /** Of the witnesses, where there are any. */
  readonly witness: WitnessingStats | undefined;
}

/** What happens inside a log. */
export type AuditLogEvent = EngineEvent | WitnessEvent;

/** A durable log that anyone can verify. */
export interface AuditLog extends EventSource<AuditLogEvent>, AsyncDisposable {
  /** The durable part: bytes, trees, checkpoints. */
  readonly engine: AuditEngine;
  /**
   * Writes an event; resolves once it, and the personal values that go with it, are on the disk.
   *
   * @throws {@link AuditEventError} when the event cannot be written as it is
   * @throws {@link AuditOverloadedError} when `maxPending` entries wait
   * @throws {@link AuditTimeoutError} when the disk takes longer than `ackTimeoutMs`
   * @throws {@link AuditWriteError} when the entry could not be made durable
   * @throws {@link AuditClosedError} after `close`
   */
  append(event: AuditEvent): Promise<Appended>;
  /** Writes an event without waiting. One that cannot be written is counted, and the log says so in an `audit.gap`. */
  note(event: AuditEvent): void;
  /** Runs an action between an entry of what is about to happen and one of how it went. */
  readonly guard: Guard;
  /** Runs a function, and all that it starts, in a context that completes its events. */
  withContext<T>(context: AuditContext, fn: () => T): T;
  /**
   * Proves an entry, by a file that anyone can check offline.
   *
   * @throws {@link ProofError} when no checkpoint covers the entry yet: `flush` first, or ask a second later
   * @throws {@link AuditEventError} when the tenant is not that of the context
   */
  prove(tenant: string, index: number): Promise<ProvenEntry>;
  /**
   * Proves that the tree of the first `second` entries begins with that of the first `first` ones.
   *
   * @throws {@link RangeError} when there are not so many
   * @throws {@link AuditEventError} when the tenant is not that of the context
   */
  consistency(tenant: string, first: number, second: number): Promise<readonly Uint8Array[]>;
  /**
   * Finds events of one tenant. Reads what the index knows; `stats().indexLag` tells how far it is behind.
   *
   * @throws {@link AuditCursorError} when `after` was not given out for this question
   * @throws {@link TypeError} when the log has no index
   */
  query(query?: AuditQuery): Promise<AuditPage>;
  /** Writes the entries of one tenant down; that this was done becomes an entry. */
  export(options: ExportOptions): AsyncIterable<string>;
  /** Follows the events of one tenant. */
  tail(options?: TailOptions): AsyncIterable<AuditRecord>;
  /**
   * Erases the personal values of a subject; that this was done becomes an entry.
   *
   * @throws {@link TypeError} when the log keeps no personal values
   */
  erase(erasure: Erasure): Promise<ErasureReport>;
  /** Removes entries by a declared policy, which becomes an entry first. */
  prune(request: PruneRequest): Promise<Pruned>;
  /** Makes a secret known, which no entry will hold; returns a function that forgets it. */
  redact(secret: string): () => void;
  /** Figures. */
  stats(): AuditStats;
  /** Resolves once all events appended so far are durable, under signed checkpoints and in the index. */
  flush(): Promise<void>;
  /** Ends the log: flushes and lets go of the directory. A second call returns the same promise. */
  close(): Promise<void>;
}
