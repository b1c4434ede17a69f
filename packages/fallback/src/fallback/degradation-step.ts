import type { Attributes } from '../attributes.ts';

/** What a step of a degradation chain is told about the call that failed. */
export interface FailedCall {
  /** What the operation threw, or why it was refused. */
  readonly error: unknown;
  readonly attributes: Attributes;
}

/** One thing to try when a call has failed. */
export interface DegradationStep<W> {
  /** What it is called in events and statistics: `cache`, `mock`, `basic`. */
  readonly name: string;
  /** Answers a substitute, or `undefined` where it has none, so that the next step is asked. It may also throw. */
  get(call: FailedCall): W | undefined | PromiseLike<W | undefined>;
}

/** Something that remembers answers by the attributes of calls, such as a `cache`. */
export interface Remembering<V> {
  recall(attributes: Attributes): V | undefined | PromiseLike<V | undefined>;
}

/**
 * Makes a step that answers what a cache remembers, however old that is.
 *
 * @example
 * ```ts
 * import { cache, fallback, fromCache } from '@holdfast/fallback';
 *
 * const prices = cache<number>({ keyBy: ({ item }) => item, ttlMs: 10_000 });
 * const guarded = fallback({ steps: [fromCache(prices)] });
 * ```
 */
export function fromCache<V>(remembering: Remembering<V>): DegradationStep<V> {
  return { name: 'cache', get: ({ attributes }) => remembering.recall(attributes) };
}

/**
 * Makes a step that answers something made up, for the shape of the answer to be right.
 *
 * @example
 * ```ts
 * import { fallback, mock } from '@holdfast/fallback';
 *
 * const guarded = fallback({ steps: [mock(({ attributes }) => ({ id: attributes['id'], name: 'unknown' }))] });
 * ```
 */
export function mock<W>(make: (call: FailedCall) => W | PromiseLike<W>): DegradationStep<W> {
  return { name: 'mock', get: make };
}

/**
 * Makes a step that answers the least there is: a constant.
 *
 * @example
 * ```ts
 * import { basic, fallback } from '@holdfast/fallback';
 *
 * const guarded = fallback({ steps: [basic({ items: [], complete: false })] });
 * ```
 */
export function basic<W>(value: W): DegradationStep<W> {
  return { name: 'basic', get: () => value };
}
