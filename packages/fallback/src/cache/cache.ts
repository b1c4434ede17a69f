import {
  createEmitter,
  defineStrategy,
  reportListenerError,
  type Call,
  type DriverHook,
  type Emitter,
  type EventSource,
  type Start,
  type Strategy,
} from '@holdfast/pipeline';
import type { Attributes } from '../attributes.ts';
import type { Remembering } from '../fallback/degradation-step.ts';
import { withError } from '../with-error.ts';
import type { CacheEvent } from './events.ts';
import { Flights } from './flight.ts';
import { readCacheOptions, type CacheOptions, type CacheSettings } from './options.ts';
import { Shelf } from './shelf.ts';

/** What a {@link cache} has seen since it was made. */
export interface CacheStats {
  /** How many values are remembered in this process. */
  readonly entries: number;
  /** How many calls were answered with a fresh value. */
  readonly hits: number;
  /** How many were answered with a stale one, while a new one was fetched. */
  readonly staleHits: number;
  /** How many had to wait for a value. */
  readonly misses: number;
  /** How many of those waited for the run of another call. */
  readonly coalesced: number;
  /** How many values went to make room for others. */
  readonly evictions: number;
  /** The share of calls that were answered at once, 0 to 1; 0 before the first. */
  readonly hitRatio: number;
}

/** A strategy that answers calls with what earlier ones brought. */
export interface Cache<V> extends Strategy, EventSource<CacheEvent>, Remembering<V> {
  /** Answers what is remembered for a key, however old, without asking anybody. */
  peek(key: string): V | undefined;
  /** Remembers a value. */
  set(key: string, value: V): void;
  /** Forgets a value, in the second level as well. */
  delete(key: string): void;
  /** Forgets all values of this process. */
  clear(): void;
  /** Answers what is remembered for a call, in this process or the second level, however old. */
  recall(attributes: Attributes): Promise<V | undefined>;
  /** Counts and state; a new object at each call. */
  stats(): CacheStats;
}

/** Answers calls from the shelf, and runs those that it cannot answer. */
class CacheHook<V> implements DriverHook {
  readonly kind = 'driver';
  readonly type = 'cache';
  readonly name: string;
  readonly clock;
  readonly counts = { hits: 0, staleHits: 0, misses: 0, coalesced: 0 };
  private readonly settings: CacheSettings<V>;
  private readonly shelf: Shelf<V>;
  private readonly emitter: Emitter<CacheEvent>;
  readonly flights = new Flights();

  constructor(settings: CacheSettings<V>, shelf: Shelf<V>, emitter: Emitter<CacheEvent>) {
    this.settings = settings;
    this.name = settings.name;
    this.clock = settings.clock;
    this.shelf = shelf;
    this.emitter = emitter;
  }

  run(call: Call, start: Start): PromiseLike<unknown> {
    const key = this.keyOf(call.attributes);
    if (key === undefined) return start(1).result;
    const slot = this.shelf.find(key);
    const freshness = slot && this.shelf.freshness(slot, this.clock.now());
    if (slot !== undefined && freshness === 'fresh') {
      this.counts.hits++;
      return Promise.resolve(slot.value);
    }
    if (slot !== undefined && freshness === 'stale') {
      this.counts.staleHits++;
      this.renew(key, call, start);
      return Promise.resolve(slot.value);
    }
    this.counts.misses++;
    if (this.flights.has(key)) this.counts.coalesced++;
    return this.flights.join(key, call, (current) => this.bring(key, start, current));
  }

  keyOf(attributes: Attributes): string | undefined {
    try {
      return this.settings.keyBy(attributes);
    } catch (error) {
      reportListenerError(this.settings.onListenerError, error);
      return undefined;
    }
  }

  /** Brings a new value while the caller has the stale one already. */
  private renew(key: string, call: Call, start: Start): void {
    if (this.flights.has(key)) return;
    this.flights
      .join(key, call, (current) => this.load(key, start, current))
      .catch((error: unknown) => {
        if (!this.emitter.active) return;
        this.emitter.emit(withError({ type: 'cache.renewal_failed' as const, strategy: this.name }, error));
      });
  }

  private bring(key: string, start: Start, current: () => boolean): PromiseLike<unknown> {
    const load = () => this.load(key, start, current);
    return this.settings.store === undefined ? load() : this.bringFromStore(key, load);
  }

  private async bringFromStore(key: string, load: () => Promise<unknown>): Promise<unknown> {
    const slot = await this.shelf.fetch(key);
    const fresh = slot !== undefined && this.shelf.freshness(slot, this.clock.now()) === 'fresh';
    return fresh ? slot.value : load();
  }

  /** A value that was deleted, or set anew, while this one was on its way does not come back. */
  private async load(key: string, start: Start, current: () => boolean): Promise<unknown> {
    const value = await start(1).result;
    if (current()) this.shelf.learn(key, value as V);
    return value;
  }
}

/**
 * Makes a strategy that answers calls with what earlier ones brought. Calls that ask for the same at the same time share one
 * run; a stale value is answered at once while a new one is fetched; what is older still is there for a fallback. It trusts
 * its key: whatever makes answers differ, such as the tenant, has to be part of it.
 *
 * @typeParam V - what the operations answer
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 * @see https://www.rfc-editor.org/rfc/rfc5861 (stale-while-revalidate, stale-if-error)
 *
 * @example
 * ```ts
 * import { cache } from '@holdfast/fallback';
 *
 * const users = cache<string>({ keyBy: ({ id }) => id, ttlMs: 10_000, staleMs: 60_000 });
 * const name = await users.execute(() => 'Ada', { attributes: { id: '42' } });
 * ```
 */
export function cache<V>(options: CacheOptions<V>): Cache<V> {
  const settings = readCacheOptions(options);
  const emitter = createEmitter<CacheEvent>(settings.onListenerError);
  const shelf = new Shelf(settings, emitter);
  const hook = new CacheHook(settings, shelf, emitter);
  const current = (key: string) => {
    const slot = shelf.find(key);
    return slot && shelf.freshness(slot, settings.clock.now()) && slot.value;
  };
  const methods: Omit<Cache<V>, keyof Strategy | keyof EventSource<CacheEvent>> = {
    peek: current,
    set(key, value) {
      hook.flights.drop(key);
      shelf.learn(key, value);
    },
    delete(key) {
      hook.flights.drop(key);
      shelf.forget(key);
    },
    clear() {
      hook.flights.clear();
      shelf.clear();
    },
    async recall(attributes) {
      const key = hook.keyOf(attributes);
      if (key === undefined) return undefined;
      return current(key) ?? (await shelf.fetch(key))?.value;
    },
    stats() {
      const { hits, staleHits, misses } = hook.counts;
      const calls = hits + staleHits + misses;
      const hitRatio = calls === 0 ? 0 : (hits + staleHits) / calls;
      return { ...hook.counts, entries: shelf.size, evictions: shelf.evictions, hitRatio };
    },
  };
  const events: EventSource<CacheEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy(settings.name, hook), events, methods);
}
