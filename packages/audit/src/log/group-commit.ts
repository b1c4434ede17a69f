import type { Clock, Timer } from '@holdfast/pipeline';
import {
  AuditClosedError,
  type AuditError,
  AuditOverloadedError,
  AuditTimeoutError,
  AuditWriteError,
} from '../errors.ts';
import { leafHash } from '../merkle/hash.ts';
import { FRAME_BYTES } from '../wal/frame.ts';
import { FileLostError, type WalWriter } from '../wal/wal-writer.ts';
import type { Appended, EngineState } from './engine.ts';
import type { TenantTree } from './tenant-tree.ts';

/** The answer to an append. */
class Receipt implements Appended {
  readonly tenant: string;
  readonly index: number;
  readonly #leaf: Uint8Array;

  constructor(tenant: string, index: number, leaf: Uint8Array) {
    this.tenant = tenant;
    this.index = index;
    this.#leaf = leaf;
  }

  // Few ask for it, so that hashing twice is cheaper than keeping the hash.
  get leafHash(): Uint8Array {
    return leafHash(this.#leaf);
  }
}

/** An entry that waits for the disk. */
class Pending {
  readonly tree: TenantTree;
  readonly leaf: Uint8Array;
  readonly sinceMs: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
  index = -1;

  constructor(
    tree: TenantTree,
    leaf: Uint8Array,
    sinceMs: number,
    resolve: (appended: Appended) => void,
    reject: (error: unknown) => void,
  ) {
    this.tree = tree;
    this.leaf = leaf;
    this.sinceMs = sinceMs;
    this.resolve = resolve;
    this.reject = reject;
  }
}

/** The most that one batch writes, so that a batch of large entries does not hold up the rest for long. */
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** What a {@link GroupCommit} needs. */
export interface GroupCommitOptions {
  readonly wal: WalWriter;
  /** Rejects when the directory is not ours any more; asked during each commit. */
  readonly checkLock: () => Promise<void>;
  readonly clock: Clock;
  readonly maxPending: number;
  readonly ackTimeoutMs: number;
  /** Hears of the entries of a batch that is durable, after their appends were answered. */
  readonly onDurable: (batch: readonly { readonly tree: TenantTree; readonly leaf: Uint8Array }[]) => void;
  /** Whether the next batch has to wait, because what is durable is not in files fast enough; until `resume`. */
  readonly mustWait: () => boolean;
  readonly onFailed: (entries: number, error: unknown) => void;
  readonly onRecovered: () => void;
}

/**
 * Makes entries durable in batches: while one batch is on its way to the disk the next one gathers, and it leaves as
 * soon as the disk is free. There is no timer: alone, an entry waits for nobody.
 */
export class GroupCommit {
  state: EngineState = 'open';
  failure: unknown;
  private held = false;
  appended = 0;
  failed = 0;
  commits = 0;
  lastCommitMs = 0;
  totalCommitMs = 0;
  private readonly options: GroupCommitOptions;
  private queue: Pending[] = [];
  private flight: readonly Pending[] = [];
  private durable: readonly Pending[] = [];
  private busy = false;
  private waiting: { readonly last: Pending; readonly resolve: () => void }[] = [];
  private patience: Timer | undefined;

  constructor(options: GroupCommitOptions) {
    this.options = options;
  }

  /** Entries that wait for the disk. */
  get pending(): number {
    return this.queue.length + this.flight.length;
  }

  /** Why an entry cannot be taken now, and counts it as refused; nothing where it can. */
  refuse(): AuditError | undefined {
    const refusal = this.refusal();
    if (refusal !== undefined) this.failed++;
    return refusal;
  }

  /** Takes an entry that was not refused. */
  append(tree: TenantTree, leaf: Uint8Array): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.queue.push(new Pending(tree, leaf, this.options.clock.now(), resolve, reject));
      if (this.busy) return;
      this.busy = true;
      this.watch();
      // Not at once: what is appended in the same turn goes with it.
      process.nextTick(() => this.next());
    });
  }

  /** Applies what is durable to the trees, if that has not been done yet. */
  apply(): void {
    const batch = this.durable;
    if (batch.length === 0) return;
    this.durable = [];
    this.options.onDurable(batch);
  }

  /** Goes on after it had to wait. */
  resume(): void {
    if (!this.held) return;
    this.held = false;
    this.next();
  }

  /** Takes no more entries, for good. */
  stop(state: 'broken' | 'closed', failure: unknown): void {
    this.state = state;
    this.failure = failure;
    this.resume();
  }

  /** Resolves once nothing waits for the disk of what was appended so far; others may go on appending. */
  whenSettled(): Promise<void> {
    const last = this.queue.at(-1) ?? this.flight.at(-1);
    return last === undefined
      ? Promise.resolve()
      : new Promise((resolve) => this.waiting.push({ last, resolve }));
  }

  private refusal(): AuditError | undefined {
    if (this.state === 'closed') return new AuditClosedError();
    if (this.state === 'broken') return new AuditWriteError(this.failure);
    return this.pending >= this.options.maxPending ? new AuditOverloadedError(this.pending) : undefined;
  }

  private next(): void {
    this.settle();
    this.held = this.queue.length > 0 && this.state !== 'closed' && this.options.mustWait();
    if (this.held) {
      // Goes on with `resume`; whoever waits meanwhile is told after `ackTimeoutMs`.
    } else if (this.queue.length > 0) {
      void this.commit();
    } else {
      this.busy = false;
    }
    // While the disk is at work: hash what it has done before.
    this.apply();
  }

  /** Nothing is in flight: who waits for what is not queued either need not wait any more. */
  private settle(): void {
    const isQueued = ({ last }: { readonly last: Pending }) => this.queue.includes(last);
    const settled = this.waiting.filter((waiter) => !isQueued(waiter));
    this.waiting = this.waiting.filter(isQueued);
    for (const { resolve } of settled) resolve();
  }

  private async commit(): Promise<void> {
    const { wal, clock, checkLock } = this.options;
    const batch = this.takeBatch();
    this.flight = batch;
    const startMs = clock.now();
    try {
      if (this.state === 'broken') throw this.failure;
      await wal.write(batch, checkLock);
      this.succeed(batch, clock.now() - startMs);
    } catch (error) {
      this.fail(batch, error);
    }
    this.flight = [];
    // Behind all microtasks, so that callers who append again right after their answer are in the next batch.
    process.nextTick(() => this.next());
  }

  private takeBatch(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    for (; count < this.queue.length && bytes < MAX_BATCH_BYTES; count++) {
      bytes += FRAME_BYTES + (this.queue[count]?.leaf.length ?? 0);
    }
    const batch = this.queue;
    this.queue = batch.splice(count);
    return batch;
  }

  private succeed(batch: readonly Pending[], tookMs: number): void {
    this.commits++;
    this.lastCommitMs = tookMs;
    this.totalCommitMs += tookMs;
    this.appended += batch.length;
    this.durable = batch;
    if (this.state === 'failed') {
      this.state = 'open';
      this.failure = undefined;
      this.options.onRecovered();
    }
    for (const { tree, leaf, index, resolve } of batch) resolve(new Receipt(tree.tenant, index, leaf));
  }

  private fail(batch: readonly Pending[], error: unknown): void {
    this.failed += batch.length;
    if (this.state === 'open') this.state = 'failed';
    if (error instanceof FileLostError) this.state = 'broken';
    this.failure = error;
    for (const entry of batch) entry.reject(new AuditWriteError(error));
    this.options.onFailed(batch.length, error);
  }

  /** One timer looks after everyone who waits: who came first waits longest. */
  private watch(): void {
    const { clock, ackTimeoutMs } = this.options;
    if (this.patience !== undefined || ackTimeoutMs === Infinity) return;
    const bornMs = clock.now() - ackTimeoutMs;
    const patient = (entry: Pending) => entry.sinceMs > bornMs;
    const oldest = this.flight.find(patient) ?? this.queue.find(patient);
    const sinceMs = oldest?.sinceMs ?? clock.now();
    this.patience = clock.setTimer(() => {
      this.patience = undefined;
      this.expire(clock.now() - ackTimeoutMs);
      if (this.busy) this.watch();
    }, sinceMs - bornMs);
    this.patience.unref();
  }

  private expire(bornMs: number): void {
    const { ackTimeoutMs } = this.options;
    const late = (entry: Pending) => entry.sinceMs <= bornMs;
    for (const entry of this.flight.filter(late)) entry.reject(new AuditTimeoutError(ackTimeoutMs));
    for (const entry of this.queue.filter(late)) {
      this.failed++;
      entry.reject(new AuditTimeoutError(ackTimeoutMs));
    }
    this.queue = this.queue.filter((entry) => !late(entry));
  }
}
