import { either, integer, readOptions, type } from '@holdfast/pipeline';
import { DEFAULT_OPEN_MS, type Opening, type OpenMs } from './opening.ts';

/** Options of {@link retryAfterOpen}. */
export interface RetryAfterOpenOptions {
  /** How long when the dependency does not say: milliseconds, or a function. Default 30,000; at least 0. */
  readonly otherwiseMs?: OpenMs | undefined;
  /** The longest time that the dependency may ask for, in milliseconds. Default 600,000; at least 0. */
  readonly maxMs?: number | undefined;
  /**
   * Reads from a failure in how many milliseconds the dependency wants to be called again; anything but a number at
   * least 0 means that it does not say. Default: the `retryAfterMs` of the error.
   */
  readonly read?: ((error: unknown) => number | undefined) | undefined;
}

const ownRetryAfter = (error: unknown): number | undefined =>
  (error as { readonly retryAfterMs?: number } | null | undefined)?.retryAfterMs;

/**
 * Keeps a circuit open for as long as the dependency asks, e.g. by the header `Retry-After`.
 *
 * @returns a function for `openMs`
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, exponentialOpen, retryAfterOpen } from '@holdfast/circuit-breaker';
 *
 * const openMs = retryAfterOpen({ otherwiseMs: exponentialOpen() });
 * const breaker = circuitBreaker({ name: 'search', openMs });
 * ```
 */
export function retryAfterOpen(options: RetryAfterOpenOptions = {}): (opening: Opening) => number {
  const rules = {
    otherwiseMs: either(integer(0), type('function')),
    maxMs: integer(0),
    read: type('function'),
  };
  const defaults = { otherwiseMs: DEFAULT_OPEN_MS as OpenMs, maxMs: 600_000, read: ownRetryAfter };
  const { otherwiseMs, maxMs, read } = readOptions('retryAfterOpen', options, rules, defaults);
  return (opening) => {
    const wanted = read(opening.error);
    if (typeof wanted === 'number' && wanted >= 0) return Math.min(maxMs, wanted);
    return typeof otherwiseMs === 'number' ? otherwiseMs : otherwiseMs(opening);
  };
}
