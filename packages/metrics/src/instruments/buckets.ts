import { check, number } from '@holdfast/pipeline';

/** Bounds for durations in seconds, from the OpenTelemetry conventions for HTTP. */
export const DURATION_BUCKETS: readonly number[] = Object.freeze([
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]);

/** Bounds for sizes in bytes: 256 B to 64 MiB, each four times the one before. */
export const SIZE_BUCKETS: readonly number[] = Object.freeze(exponentialBuckets(256, 4, 10));

/**
 * Bounds that grow by a factor.
 *
 * @param start - the first bound, above 0
 * @param factor - above 1
 * @param count - how many bounds, at least 1
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createMetrics, exponentialBuckets } from '@holdfast/metrics';
 *
 * const buckets = exponentialBuckets(1, 4, 14);
 * createMetrics().histogram({ name: 'prompt_tokens', help: 'Tokens of a prompt', buckets });
 * ```
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  check('exponentialBuckets: start', start, number(Number.MIN_VALUE));
  check('exponentialBuckets: factor', factor, number(1 + Number.EPSILON));
  check('exponentialBuckets: count', count, number(1));
  return Array.from({ length: count }, (_, index) => start * factor ** index);
}

/** Says what is wrong with the bounds of a histogram. */
export function bucketsRule(value: unknown): string | undefined {
  const rule = 'must be finite numbers in ascending order';
  if (!Array.isArray(value) || value.length === 0) return rule;
  const ascending = value.every((bound: unknown, index) => {
    const before: unknown = index === 0 ? -Infinity : value[index - 1];
    return typeof bound === 'number' && Number.isFinite(bound) && bound > (before as number);
  });
  return ascending ? undefined : rule;
}
