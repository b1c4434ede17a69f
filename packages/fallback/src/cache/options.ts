import {
  check,
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { Attributes } from '../attributes.ts';
import type { CacheStore } from './cache-store.ts';

/** What {@link cache} takes. */
export interface CacheOptions<V> {
  /** Chooses the key of a call. Calls without a key pass by the cache. */
  readonly keyBy: (attributes: Attributes) => string | undefined;
  /** For how long a value is fresh, in milliseconds. At least 0. Default 300,000: five minutes. */
  readonly ttlMs?: number | undefined;
  /**
   * For how long after that it is still answered, while a new one is fetched behind the caller's back, in milliseconds. At
   * least 0; 0 lets callers wait for the new one. Default 0.
   */
  readonly staleMs?: number | undefined;
  /** For how long it is remembered in all, for a fallback to use, in milliseconds. At least 0. Default 86,400,000: a day. */
  readonly keepMs?: number | undefined;
  /** How many values are remembered; the one not used for longest goes first. At least 1. Default 1,000. */
  readonly maxEntries?: number | undefined;
  /** How much all values may take together, in the unit of `sizeOf`. At least 1. Default: no limit. */
  readonly maxSize?: number | undefined;
  /** How much a value takes; needed with `maxSize`. */
  readonly sizeOf?: ((value: V, key: string) => number) | undefined;
  /** Whether a value is worth remembering. Default: all are but `undefined`. */
  readonly accept?: ((value: V) => boolean) | undefined;
  /** A second level, which several processes share. Default: none. */
  readonly store?: CacheStore | undefined;
  /** How long the second level is waited for, in milliseconds. At least 1. Default 100. */
  readonly answerMs?: number | undefined;
  /** For how long nothing is looked up in the second level after it was too slow, in milliseconds. At least 0. Default 1,000. */
  readonly storeRetryMs?: number | undefined;
  /** Names the cache in events, statistics and keys of the store. Default `cache`. */
  readonly name?: string | undefined;
  /** Hears of listeners, and of functions of yours that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link cache} does unless told otherwise. */
export const cacheDefaults = {
  ttlMs: 300_000,
  staleMs: 0,
  keepMs: 86_400_000,
  maxEntries: 1_000,
  answerMs: 100,
  storeRetryMs: 1_000,
  name: 'cache',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<CacheOptions<unknown>>;

const rules: Rules<CacheOptions<never>> = {
  keyBy: type('function'),
  ttlMs: number(0),
  staleMs: number(0),
  keepMs: number(0),
  maxEntries: integer(1),
  maxSize: integer(1),
  sizeOf: type('function'),
  accept: type('function'),
  store: having('get', 'set', 'delete'),
  answerMs: number(1),
  storeRetryMs: number(0),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link cache} works with them. */
export type CacheSettings<V> = Readonly<CacheOptions<V> & typeof cacheDefaults>;

/** Checks options and fills in the defaults. */
export function readCacheOptions<V>(options: CacheOptions<V>): CacheSettings<V> {
  const settings = readOptions('cache', options, rules as Rules<CacheOptions<V>>, cacheDefaults);
  check('cache: keyBy', settings.keyBy, rules.keyBy);
  if (settings.maxSize !== undefined) check('cache: sizeOf', settings.sizeOf, rules.sizeOf);
  return settings;
}
