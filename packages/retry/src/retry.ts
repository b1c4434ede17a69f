import {
  createEmitter,
  defineStrategy,
  type EventSource,
  type RecoveryHook,
  type Strategy,
} from '@holdfast/pipeline';
import { guardedBudget } from './budget/guarded-budget.ts';
import type { RetryEvent } from './events.ts';
import { readRetryOptions, type RetryOptions } from './options.ts';
import { RetryLoop, type RetryCore } from './retry-loop.ts';
import { RetryRules } from './retry-rules.ts';

/** What a {@link retry} has done since it was made. */
export interface RetryStats {
  /** How many calls have had their first attempt. */
  readonly calls: number;
  /** How many attempts followed first ones. */
  readonly retries: number;
  /** How many calls succeeded at a later attempt. */
  readonly recovered: number;
  /** How many calls ended because their attempts were used up. */
  readonly exhausted: number;
  /** How many ended because the budget was. */
  readonly budgetExhausted: number;
  /** How many ended because the time was. */
  readonly deadlineExhausted: number;
}

/** A strategy that repeats what fails. */
export interface Retry extends Strategy, EventSource<RetryEvent> {
  /** Counts since the retry was made; a new object at each call. */
  stats(): RetryStats;
}

/**
 * Makes a strategy that repeats a failed operation after a growing, jittered delay. The last error leaves untouched.
 *
 * @param options - see {@link RetryOptions}; presets such as {@link apiCall} are options too
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { retry } from '@holdfast/retry';
 *
 * const patient = retry({ maxAttempts: 5, baseDelayMs: 100 });
 * const response = await patient.execute(({ signal }) => fetch('https://example.com', { signal }));
 * ```
 */
export function retry(options: RetryOptions = {}): Retry {
  const settings = readRetryOptions(options);
  const core: RetryCore = {
    rules: new RetryRules(settings),
    budget: guardedBudget(settings),
    emitter: createEmitter<RetryEvent>(settings.onListenerError),
    counts: { calls: 0, retries: 0, recovered: 0, exhausted: 0, budgetExhausted: 0, deadlineExhausted: 0 },
  };
  const { rules, budget, emitter, counts } = core;
  const judgesResults = settings.retryOnResult !== undefined;
  const hasBudget = settings.budget !== undefined;

  const hook: RecoveryHook = {
    kind: 'recovery',
    type: 'retry',
    name: settings.name,
    clock: settings.clock,
    accept(value, call) {
      if (judgesResults && rules.refuses(value)) return false;
      counts.calls++;
      if (hasBudget) budget.record(true, 0, call.attributes);
      return true;
    },
    recover(settled, call, start) {
      counts.calls++;
      return new RetryLoop(core, settled, call, start).run();
    },
  };
  const events: EventSource<RetryEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy(settings.name, hook), events, { stats: () => ({ ...counts }) });
}
