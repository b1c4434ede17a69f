import { integer, number, readOptions, type } from '@holdfast/pipeline';
import { systemRandom } from '../clock.ts';
import type { Opening } from './opening.ts';

/** Options of {@link exponentialOpen}. */
export interface ExponentialOpenOptions {
  /** How long the circuit stays open the first time, in milliseconds. Default 30,000; at least 0. */
  readonly baseMs?: number | undefined;
  /** How many times longer each time it opens again without having closed. Default 2; at least 1. */
  readonly factor?: number | undefined;
  /** The longest time in milliseconds. Default 600,000; at least 0. */
  readonly maxMs?: number | undefined;
  /** Which share of the time is left to chance, so that many clients do not come back at once. Default 0.2; 0 to 1. */
  readonly jitterRatio?: number | undefined;
  /** Numbers in [0, 1). Default the platform's. */
  readonly random?: (() => number) | undefined;
}

/**
 * Keeps a circuit open for longer each time its probes fail.
 *
 * @returns a function for `openMs`
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, exponentialOpen } from '@holdfast/circuit-breaker';
 *
 * const breaker = circuitBreaker({ name: 'search', openMs: exponentialOpen({ baseMs: 5_000, maxMs: 120_000 }) });
 * ```
 */
export function exponentialOpen(options: ExponentialOpenOptions = {}): (opening: Opening) => number {
  const rules = {
    baseMs: integer(0),
    factor: number(1),
    maxMs: integer(0),
    jitterRatio: number(0, 1),
    random: type('function'),
  };
  const defaults = { baseMs: 30_000, factor: 2, maxMs: 600_000, jitterRatio: 0.2, random: systemRandom };
  const { baseMs, factor, maxMs, jitterRatio, random } = readOptions(
    'exponentialOpen',
    options,
    rules,
    defaults,
  );
  return ({ openings }) =>
    Math.min(maxMs, baseMs * Math.min(factor ** (openings - 1), Number.MAX_VALUE)) *
    (1 - jitterRatio * random());
}
