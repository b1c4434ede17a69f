import type { CircuitBreaker } from './breaker.ts';
import { circuitBreaker } from './circuit-breaker.ts';
import { overlaid, type CircuitBreakerOptions } from './options.ts';

/** A method that {@link circuitBroken} can decorate. */
export type AsyncMethod = (...args: never[]) => PromiseLike<unknown>;

/**
 * Decorates a method with a breaker of its own, which all instances of the class share; {@link breakerOf} finds it. The
 * breaker is named after the method unless the options name it.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { breakerOf, circuitBroken } from '@holdfast/circuit-breaker';
 *
 * class Prices {
 *   @circuitBroken({ openMs: 10_000 })
 *   async latest(symbol: string): Promise<string> {
 *     return (await fetch(`https://prices.example/${symbol}`)).text();
 *   }
 * }
 * console.log(breakerOf(new Prices().latest)?.state);
 * ```
 */
export function circuitBroken(
  options: CircuitBreakerOptions = {},
): <F extends AsyncMethod>(method: F, context: ClassMethodDecoratorContext) => F {
  return (method, context) => circuitBreaker(overlaid({ name: String(context.name) }, options)).wrap(method);
}

/**
 * Finds the breaker of a function that was wrapped or decorated; `undefined` for any other.
 *
 * @example
 * ```ts
 * import { breakerOf, circuitBreaker } from '@holdfast/circuit-breaker';
 *
 * const guarded = circuitBreaker().wrap(fetch);
 * console.log(breakerOf(guarded)?.stats().failures);
 * ```
 */
export function breakerOf(fn: (...args: never[]) => unknown): CircuitBreaker | undefined {
  return (fn as { readonly breaker?: CircuitBreaker }).breaker;
}
