import {
  createEmitter,
  defineStrategy,
  type Call,
  type EventSource,
  type RecoveryHook,
  type Settled,
  type Strategy,
} from '@holdfast/pipeline';
import { DegradationChain } from './degradation-chain.ts';
import type { FallbackEvent } from './events.ts';
import { readFallbackOptions, type FallbackOptions } from './options.ts';

/** What a {@link fallback} has done since it was made. */
export interface FallbackStats {
  /** How many calls entered. */
  readonly calls: number;
  /** How many calls each step has answered, by its name. */
  readonly used: Readonly<Record<string, number>>;
  /** How many calls failed because no step had an answer. */
  readonly exhausted: number;
  /** How many calls failed because nothing may answer for them: writes, and errors that are not handled. */
  readonly passed: number;
}

/** A strategy that answers something else for calls that fail. */
export interface Fallback<W> extends Strategy<W>, EventSource<FallbackEvent> {
  /** Counts since it was made; a new object at each call. */
  stats(): FallbackStats;
}

/**
 * Makes a strategy that answers something else for calls that fail: the first of its steps that has an answer. The result of
 * `try` then says that it is degraded. Put it outermost. A call that its caller aborts fails all the same.
 *
 * @typeParam W - what the steps answer
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { basic, cache, fallback, fromCache } from '@holdfast/fallback';
 * import { pipeline } from '@holdfast/pipeline';
 *
 * const prices = cache<number>({ keyBy: ({ item }) => item, ttlMs: 10_000 });
 * const guarded = pipeline(fallback({ steps: [fromCache(prices), basic(0)] }), prices);
 * const result = await guarded.try(() => 42, { attributes: { item: 'rope' } });
 * if (result.ok && result.degraded) console.log('an old price, or none:', result.value);
 * ```
 */
export function fallback<W>(options: FallbackOptions<W>): Fallback<W> {
  const settings = readFallbackOptions(options);
  const emitter = createEmitter<FallbackEvent>(settings.onListenerError);
  const chain = new DegradationChain(settings, emitter);
  let calls = 0;
  const hook: RecoveryHook = {
    kind: 'recovery',
    type: 'fallback',
    name: settings.name,
    clock: settings.clock,
    accept() {
      calls++;
      return true;
    },
    recover(settled: Settled, call: Call) {
      calls++;
      return chain.answer(settled.ok ? undefined : settled.error, call);
    },
  };
  const events: EventSource<FallbackEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy<W>(settings.name, hook), events, {
    stats: () => ({ calls, ...chain.counts() }),
  });
}
