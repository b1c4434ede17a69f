import {
  createEmitter,
  defineStrategy,
  type DriverHook,
  type EventSource,
  type Strategy,
} from '@holdfast/pipeline';
import { guardedBudget } from '../budget/guarded-budget.ts';
import type { HedgeEvent } from './events.ts';
import { readHedgeOptions, type HedgeOptions } from './options.ts';
import { Race, type HedgeCore } from './race.ts';

/** What a {@link hedge} has done since it was made. */
export interface HedgeStats {
  /** How many calls entered. */
  readonly calls: number;
  /** How many attempts were started beside first ones. */
  readonly hedges: number;
  /** How many of them answered first. */
  readonly won: number;
  /** How often the budget had nothing left for one. */
  readonly budgetExhausted: number;
}

/** A strategy that asks twice when an answer takes long. */
export interface Hedge extends Strategy, EventSource<HedgeEvent> {
  /** Counts since the hedge was made; a new object at each call. */
  stats(): HedgeStats;
}

/**
 * Makes a strategy that starts the operation once more beside an attempt that takes long. The first success wins and
 * ends the others; when all that were started have failed, the last error leaves untouched. It cuts slow tails and
 * does not repeat failures: that is what `retry` is for.
 *
 * @param options - `delayMs` in milliseconds, at least 0
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see https://research.google/pubs/the-tail-at-scale/
 *
 * @example
 * ```ts
 * import { hedge, retryBudget } from '@holdfast/retry';
 *
 * const quick = hedge({ delayMs: 80, budget: retryBudget({ ratio: 0.05 }) });
 * const response = await quick.execute(({ signal }) => fetch('https://search.example', { signal }));
 * ```
 */
export function hedge(options: HedgeOptions): Hedge {
  const settings = readHedgeOptions(options);
  const emitter = createEmitter<HedgeEvent>(settings.onListenerError);
  const budget = guardedBudget(settings);
  const counts = { calls: 0, hedges: 0, won: 0, budgetExhausted: 0 };
  const core: HedgeCore = { settings, budget, emitter, counts };
  const hook: DriverHook = {
    kind: 'driver',
    type: 'hedge',
    name: settings.name,
    clock: settings.clock,
    run(call, start) {
      counts.calls++;
      return new Promise((resolve, reject) => new Race(core, call, start, resolve, reject).run());
    },
  };
  const events: EventSource<HedgeEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy(settings.name, hook), events, { stats: () => ({ ...counts }) });
}
