import { BaseStrategy } from './define-strategy.ts';
import { foreign, type ForeignStrategy } from './foreign-strategy.ts';
import type { Hook } from './hook.ts';
import { check, type } from './options.ts';
import { strategyHooks, type Composable, type Strategy } from './strategy.ts';

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
  const policy: { readonly execute: unknown } = strategy;
  check(`pipeline: execute of strategy ${index + 1}`, policy.execute, type('function'));
  return [foreign(strategy)];
}
