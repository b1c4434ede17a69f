import type { EventSource } from '@holdfast/pipeline';
import type { HashReader } from '../merkle/hash-reader.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { EngineEvent } from './engine-events.ts';

/** Where an entry stands now that it is durable. */
export interface Appended {
  /** The tenant whose tree it is in. */
  readonly tenant: string;
  /** Its place in that tree, from 0, without gaps. */
  readonly index: number;
  /** The hash of the entry as a leaf of the tree, 32 bytes. */
  readonly leafHash: Uint8Array;
}

/** A durable entry. */
export interface StoredEntry {
  readonly tenant: string;
  readonly index: number;
  /** The bytes that were appended. */
  readonly leaf: Uint8Array;
}

/** A checkpoint as it was published. */
export interface PublishedCheckpoint extends Checkpoint {
  /** The signed note, as it stands in the file `checkpoint`. */
  readonly note: string;
}

/** How far a reader has come: for each tenant the index of the next entry that it wants; 0 where none is given. */
export type Cursor = ReadonlyMap<string, number>;

/** Figures of an engine, read when asked. */
export interface EngineStats {
  /** `open`, `failed` (writing failed last; the next append tries again), `broken` (only reopening helps) or `closed`. */
  readonly state: EngineState;
  /** Why the engine is not open, where it is not. */
  readonly failure: unknown;
  /** Entries that wait for the disk. */
  readonly pending: number;
  /** Entries made durable since the engine was opened. */
  readonly appended: number;
  /** Entries that were refused or could not be made durable since. */
  readonly failed: number;
  /** Group commits since. */
  readonly commits: number;
  /** Milliseconds that the last write and sync took. */
  readonly lastCommitMs: number;
  /** Milliseconds that all writes and syncs took. */
  readonly totalCommitMs: number;
  /** Durable entries that no published checkpoint covers yet. */
  readonly unpublished: number;
  /** Bytes of the write-ahead log. */
  readonly walBytes: number;
  /** How many tenants there are. */
  readonly tenants: number;
}

/** Whether an engine takes entries. */
export type EngineState = 'open' | 'failed' | 'broken' | 'closed';

/**
 * The durable part of the audit log: bytes in, bytes out, one Merkle tree for each tenant. It knows nothing about
 * events; what is appended is opaque to it.
 */
export interface AuditEngine extends EventSource<EngineEvent> {
  /** The directory of the log. */
  readonly dir: string;
  /** The origin of the log; that of a tenant's tree is {@link AuditEngine.originOf}. */
  readonly origin: string;
  /**
   * Appends an entry; resolves once it is on the disk. Entries of one tenant get their indices in the order of the
   * calls.
   *
   * @param tenant - 1 to 64 bytes of well-formed text; its tree is made with its first entry
   * @param leaf - at most 65,535 bytes; belongs to the engine from now on and must not be changed
   * @throws {@link AuditOverloadedError} when `maxPending` entries wait
   * @throws {@link AuditTimeoutError} when the disk takes longer than `ackTimeoutMs`
   * @throws {@link AuditWriteError} when the entry could not be made durable
   * @throws {@link AuditClosedError} after `close`
   */
  append(tenant: string, leaf: Uint8Array): Promise<Appended>;
  /** The tenants that have entries, in the order in which the engine met them. */
  tenants(): readonly string[];
  /** How many durable entries a tenant has; 0 for one that is unknown. */
  size(tenant: string): number;
  /** The origin of a tenant's tree, `<origin>/<encoded tenant>`; also the name of the key that signs it. */
  originOf(tenant: string): string;
  /** The folder that holds a tenant's tiles and checkpoint. */
  folderOf(tenant: string): string;
  /** The last checkpoint that was published for a tenant; nothing before the first. */
  checkpoint(tenant: string): PublishedCheckpoint | undefined;
  /** The files of a tenant's tree: what is published, and what will be. */
  source(tenant: string): TileSource;
  /** The hashes of a tenant's tree at a size of at most {@link AuditEngine.size}, for proofs. */
  hashes(tenant: string, size: number): HashReader;
  /**
   * Reads the durable entries of a tenant from index `from` up to, not including, `to`.
   *
   * @param to - default: the size at the time of the call
   * @throws {@link TileError} when an entry was pruned
   */
  entries(tenant: string, from: number, to?: number): AsyncIterable<StoredEntry>;
  /**
   * Reads all entries after a cursor, tenant by tenant, and then waits for more; for an index, a tail or a sink. The
   * order within a tenant is that of the tree. Ends when `signal` aborts or the engine closes.
   *
   * @returns batches: consecutive entries of one tenant, at most 256 of them
   */
  follow(cursor: Cursor, signal: AbortSignal): AsyncIterable<readonly StoredEntry[]>;
  /** Calls back after entries became durable and were answered; a throwing listener changes nothing. */
  onDurable(listener: () => void): () => void;
  /** Figures. */
  stats(): EngineStats;
  /** Resolves once all entries appended so far are durable, in tiles and under signed checkpoints. */
  flush(): Promise<void>;
  /** Ends appending, flushes and lets go of the directory. A second call returns the same promise. */
  close(): Promise<void>;
}
