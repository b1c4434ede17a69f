import type { StoredEntry } from '../log/engine.ts';

/** Entries for a sink: consecutive ones of one tenant, at most 256. */
export interface SinkBatch {
  readonly tenant: string;
  /** The origin of the tenant's tree; with the index it names an entry for all time. */
  readonly origin: string;
  readonly entries: readonly StoredEntry[];
}

/**
 * Somewhere that entries are copied to. Each gets every entry at least once and those of a tenant in order; after a
 * failure or a restart some come again, which a receiver tells by origin and index.
 */
export interface AuditSink {
  /** Names the sink and the file that remembers how far it has come: small letters, digits and dashes. */
  readonly name: string;
  /** Resolves once the entries have arrived; when it rejects, the same ones are sent again later. */
  write(batch: SinkBatch, signal: AbortSignal): Promise<void>;
  /** Lets go of what the sink holds. */
  close?(): Promise<void>;
}
