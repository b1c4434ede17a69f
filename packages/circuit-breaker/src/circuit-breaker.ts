import { Breaker, type CircuitBreaker } from './breaker.ts';
import { readBreakerOptions, type CircuitBreakerOptions } from './options.ts';

/**
 * Makes a circuit breaker: after a run of failures it refuses calls for a while instead of making them, then tries the
 * dependency with a few, and closes again when those succeed. It owns no timer and needs no disposal.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, isCircuitOpen } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'stripe' });
 * try {
 *   await breaker.execute(({ signal }) => fetch('https://api.stripe.com/v1/charges', { signal }));
 * } catch (error) {
 *   if (!isCircuitOpen(error)) throw error;
 *   console.log('stripe is down, try again in', error.retryAfterMs, 'ms');
 * }
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions = {}): CircuitBreaker {
  return new Breaker(readBreakerOptions(options));
}
