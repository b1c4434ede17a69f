import { reportListenerError, TimeoutError, type Emitter } from '@holdfast/pipeline';
import { LRUCache } from 'lru-cache';
import type { CacheEntry } from './cache-store.ts';
import { withError } from '../with-error.ts';
import type { CacheEvent } from './events.ts';
import type { CacheSettings } from './options.ts';

/** A value in this process, and when it was learned, in monotonic milliseconds. */
interface Slot<V> {
  readonly value: V;
  readonly learnedAtMs: number;
}

/** How old a value is: to be answered, to be answered and renewed, only for want of a better one. */
export type Freshness = 'fresh' | 'stale' | 'old';

/** What is remembered: in this process, and in the second level where there is one. */
export class Shelf<V> {
  evictions = 0;
  private askAgainAtMs = -Infinity;
  private readonly settings: CacheSettings<V>;
  private readonly emitter: Emitter<CacheEvent>;
  private readonly slots: LRUCache<string, Slot<V>>;

  constructor(settings: CacheSettings<V>, emitter: Emitter<CacheEvent>) {
    const { maxEntries, maxSize, sizeOf } = settings;
    this.settings = settings;
    this.emitter = emitter;
    this.slots = new LRUCache({
      max: maxEntries,
      ...(maxSize === undefined
        ? {}
        : { maxSize, sizeCalculation: ({ value }, key) => sizeOf?.(value, key) ?? 1 }),
      disposeAfter: (_slot, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get size(): number {
    return this.slots.size;
  }

  /** What is known of a key in this process. */
  find(key: string): Slot<V> | undefined {
    return this.slots.get(key);
  }

  freshness({ learnedAtMs }: Slot<V>, nowMs: number): Freshness | undefined {
    const { ttlMs, staleMs, keepMs } = this.settings;
    const ageMs = nowMs - learnedAtMs;
    if (ageMs < ttlMs) return 'fresh';
    if (ageMs < ttlMs + staleMs) return 'stale';
    return ageMs < keepMs ? 'old' : undefined;
  }

  /** Remembers a value that is worth it. */
  learn(key: string, value: V): void {
    const { accept, clock, store, onListenerError } = this.settings;
    try {
      if (value === undefined || accept?.(value) === false) return;
      this.slots.set(key, { value, learnedAtMs: clock.now() });
    } catch (error) {
      reportListenerError(onListenerError, error);
      return;
    }
    if (store === undefined) return;
    const entry = { value, storedAtMs: clock.wallNow() };
    void this.asked(async () => store.set(this.storeKey(key), entry, this.keptMs()));
  }

  /** Asks the second level, and remembers what it says. */
  async fetch(key: string): Promise<Slot<V> | undefined> {
    const { store, clock } = this.settings;
    if (store === undefined || clock.now() < this.askAgainAtMs) return undefined;
    const entry = await this.asked(async () => store.get(this.storeKey(key)));
    if (entry === undefined) return undefined;
    const slot = this.slotOf(entry, clock.now(), clock.wallNow());
    this.slots.set(key, slot);
    return slot;
  }

  forget(key: string): void {
    const { store } = this.settings;
    this.slots.delete(key);
    if (store !== undefined) void this.asked(async () => store.delete(this.storeKey(key)));
  }

  clear(): void {
    this.slots.clear();
  }

  /** The instances of a service may not agree on the time: what seems to come from the future is as old as it is ahead. */
  private slotOf({ value, storedAtMs }: CacheEntry<unknown>, nowMs: number, wallMs: number): Slot<V> {
    return { value: value as V, learnedAtMs: nowMs - Math.abs(wallMs - storedAtMs) };
  }

  private keptMs(): number {
    const { ttlMs, staleMs, keepMs } = this.settings;
    return Math.max(keepMs, ttlMs + staleMs);
  }

  private storeKey(key: string): string {
    return `${this.settings.name}:${key}`;
  }

  /** Asks the second level without depending on it. */
  private async asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
    const { clock, answerMs, storeRetryMs, name } = this.settings;
    let late: () => void = () => undefined;
    const lateness = new Promise<never>((_, reject) => {
      late = () => {
        // Otherwise every call would wait for a store that hangs.
        this.askAgainAtMs = clock.now() + storeRetryMs;
        reject(new TimeoutError(answerMs, { strategy: `${name} store` }));
      };
    });
    const timer = clock.setTimer(() => late(), answerMs);
    try {
      return await Promise.race([ask(), lateness]);
    } catch (error) {
      if (!this.emitter.active) return undefined;
      const event = { type: 'cache.store_failed' as const, strategy: name };
      this.emitter.emit(withError(event, error));
      return undefined;
    } finally {
      timer.cancel();
    }
  }
}
