import { BaseStrategy } from './define-strategy.ts';
import type { Hook } from './hook.ts';
import { check, type } from './options.ts';
import { strategyHooks, type Composable, type Strategy } from './strategy.ts';

/** A policy of another library: anything that runs a function and returns its promise. */
export interface ForeignStrategy {
  execute<T>(operation: (...args: never[]) => T | PromiseLike<T>): PromiseLike<T>;
}

/** What the strategies of a pipeline add to the type of its result, taken together. */
export type WidenedBy<S> = S extends Composable<infer W> ? W : never;

/**
 * Composes strategies, outermost first, into one. Whatever their number, a call that succeeds at its first attempt
 * runs in one promise.
 *
 * @param strategies - strategies, pipelines, or foreign objects with an `execute` method
 * @throws {@link TypeError} when something else is passed
 *
 * @example
 * ```ts
 * import { pipeline } from '@holdfast/pipeline';
 * import { circuitBreaker } from '@holdfast/circuit-breaker';
 * import { retry } from '@holdfast/retry';
 * import { timeout } from '@holdfast/timeout';
 *
 * const guarded = pipeline(
 *   timeout({ timeoutMs: 2_000 }),
 *   retry({ maxAttempts: 3 }),
 *   circuitBreaker({ name: 'stripe' }),
 *   timeout({ timeoutMs: 500 }),
 * );
 * const response = await guarded.execute(({ signal }) => fetch('https://api.stripe.com/v1/charges', { signal }));
 * ```
 */
export function pipeline<const S extends readonly (Composable | ForeignStrategy)[]>(
  ...strategies: S
): Strategy<WidenedBy<S[number]>> {
  return new BaseStrategy('pipeline', strategies.flatMap(hooksOf));
}

function hooksOf(strategy: Composable | ForeignStrategy, index: number): readonly Hook[] {
  check(`pipeline: strategy ${index + 1}`, strategy, type('object'));
  if (strategyHooks in strategy) return strategy[strategyHooks];
  if (!('execute' in strategy)) throw new TypeError(`pipeline: strategy ${index + 1} has no execute method`);
  return [foreign(strategy)];
}

/** A foreign policy drives its inner calls; each time it calls its function, that is another attempt. */
function foreign(strategy: ForeignStrategy): Hook {
  return {
    kind: 'driver',
    name: strategy.constructor.name,
    run: (_call, start) => {
      let attempt = 0;
      return strategy.execute(() => start(++attempt).result);
    },
  };
}
