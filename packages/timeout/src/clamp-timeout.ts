import { check, number } from '@holdfast/pipeline';

/** The shortest timeout of a named operation, in milliseconds. */
export const MIN_TIMEOUT_MS = 100;

/** The longest timeout of a named operation, in milliseconds. */
export const MAX_TIMEOUT_MS = 600_000;

/** What {@link clampTimeout} takes. */
export interface ClampTimeoutOptions {
  /** The least that is returned, in milliseconds. At least 0. Default 100. */
  readonly minMs?: number | undefined;
  /** The most that is returned, in milliseconds. At least `minMs`. Default 600 000. */
  readonly maxMs?: number | undefined;
}

/**
 * Brings a timeout that somebody asked for within bounds.
 *
 * @param ms - milliseconds, any number
 * @returns milliseconds within the bounds, both inclusive
 * @throws {@link TypeError} when `ms` is no number
 * @throws {@link RangeError} when `ms` is `NaN`, or the bounds contradict each other
 *
 * @example
 * ```ts
 * import { clampTimeout } from '@holdfast/timeout';
 *
 * const requestedMs = 1_000_000;
 * console.assert(clampTimeout(requestedMs, { maxMs: 60_000 }) === 60_000);
 * ```
 */
export function clampTimeout(
  ms: number,
  { minMs = MIN_TIMEOUT_MS, maxMs = MAX_TIMEOUT_MS }: ClampTimeoutOptions = {},
): number {
  check('clampTimeout: ms', ms, number(-Infinity));
  check('clampTimeout: minMs', minMs, number(0));
  check('clampTimeout: maxMs', maxMs, number(minMs));
  return Math.min(Math.max(ms, minMs), maxMs);
}
