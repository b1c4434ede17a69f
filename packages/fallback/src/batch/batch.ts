import { BatchClosedError, BatchFullError } from '../errors.ts';
import { Group, type Place } from './group.ts';
import { readBatchOptions, type BatchOptions, type BatchSettings } from './options.ts';

/** What an item is added with. */
export interface AddOptions {
  /** Takes the item back, as long as its batch has not left. */
  readonly signal?: AbortSignal | undefined;
}

/** What a {@link batch} holds now, and has done since it was made. */
export interface BatchStats {
  /** How many items are waiting for their batch to leave. */
  readonly waiting: number;
  /** How many are under way. */
  readonly running: number;
  /** How many batches have left. */
  readonly batches: number;
  /** How many items they held. */
  readonly items: number;
  /** How many items were refused. */
  readonly refused: number;
}

/** Gathers items, so that the work for several is done at once. */
export interface Batch<T, R> extends AsyncDisposable {
  /** What it is called in errors and metrics. */
  readonly name: string;
  /**
   * Adds an item; settles as that item goes.
   *
   * @throws {@link BatchFullError} when `maxPending` items are waiting or under way
   * @throws {@link BatchClosedError} after `close`
   */
  add(item: T, options?: AddOptions): Promise<R>;
  /** Lets all waiting items leave now; settles when all that are under way have settled. */
  flush(): Promise<void>;
  /** Takes no more items, and flushes. */
  close(): Promise<void>;
  /** Counts and state; a new object at each call. */
  stats(): BatchStats;
}

class Batcher<T, R> implements Batch<T, R> {
  readonly name: string;
  private readonly settings: BatchSettings<T, R>;
  /** The groups that still take items. */
  private readonly open = new Map<string, Group<T, R>>();
  private readonly leaving = new Set<Promise<void>>();
  private readonly counts = { batches: 0, items: 0, refused: 0 };
  private pending = 0;
  private waiting = 0;
  private closed = false;

  constructor(settings: BatchSettings<T, R>) {
    this.name = settings.name;
    this.settings = settings;
  }

  add(item: T, { signal }: AddOptions = {}): Promise<R> {
    const { name: strategy, settings } = this;
    if (this.closed) return Promise.reject(new BatchClosedError({ strategy }));
    if (this.pending >= settings.maxPending) {
      this.counts.refused++;
      return Promise.reject(new BatchFullError({ strategy }));
    }
    if (signal?.aborted === true) {
      const reason: unknown = signal.reason;
      return Promise.reject(reason);
    }
    return new Promise<R>((resolve, reject) => {
      const group = this.groupOf(settings.keyBy?.(item) ?? '');
      this.place({ item, resolve, reject }, group, signal);
      if (group.size >= settings.maxItems) this.send(group);
    });
  }

  async flush(): Promise<void> {
    for (const group of [...this.open.values()]) this.send(group);
    await Promise.all(this.leaving);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  stats(): BatchStats {
    return { waiting: this.waiting, running: this.pending - this.waiting, ...this.counts };
  }

  private groupOf(key: string): Group<T, R> {
    const known = this.open.get(key);
    if (known !== undefined) return known;
    const group: Group<T, R> = new Group(this.settings, key, () => this.send(group));
    this.open.set(key, group);
    return group;
  }

  private place(place: Place<T, R>, group: Group<T, R>, signal: AbortSignal | undefined): void {
    this.pending++;
    this.waiting++;
    if (signal === undefined) return group.add(place);
    const abort = () => {
      if (!group.remove(held)) return;
      this.pending--;
      this.waiting--;
      place.reject(signal.reason);
      if (group.size === 0) this.send(group);
    };
    const settle =
      <V>(how: (value: V) => void) =>
      (value: V) => {
        signal.removeEventListener('abort', abort);
        how(value);
      };
    const held = { item: place.item, resolve: settle(place.resolve), reject: settle(place.reject) };
    signal.addEventListener('abort', abort, { once: true });
    group.add(held);
  }

  /** Closes a group and lets its items leave. */
  private send(group: Group<T, R>): void {
    if (this.open.get(group.key) === group) this.open.delete(group.key);
    const { size } = group;
    this.waiting -= size;
    this.counts.items += size;
    if (size > 0) this.counts.batches++;
    const left = group.run().finally(() => {
      this.pending -= size;
      this.leaving.delete(left);
    });
    this.leaving.add(left);
  }
}

/**
 * Gathers items by key, and does the work for several at once: when there are enough of them, or when the first has waited
 * long enough. Each item settles as it went itself.
 *
 * @typeParam T - an item
 * @typeParam R - what an item brings
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { batch } from '@holdfast/fallback';
 *
 * const names = batch({
 *   maxItems: 50,
 *   maxWaitMs: 5,
 *   run: async (ids: readonly number[]) => ids.map((id) => ({ ok: true as const, value: `user ${id}` })),
 * });
 * const [ada, alan] = await Promise.all([names.add(1), names.add(2)]);
 * ```
 */
export function batch<T, R>(options: BatchOptions<T, R>): Batch<T, R> {
  return new Batcher(readBatchOptions(options));
}
