/** How long to wait before a retry. */
export type BackoffKind = 'full-jitter' | 'decorrelated-jitter' | 'exponential' | 'constant';

/**
 * Chooses the wait before a retry.
 *
 * @param retry - which retry comes next, from 1
 * @param cause - the error, or the refused result, of the attempt before it
 * @returns milliseconds, brought within 0 and `maxDelayMs`; `undefined` for full jitter
 */
export type BackoffFunction = (retry: number, cause: unknown) => number | undefined;

/** What a delay is computed from. */
export interface BackoffBounds {
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly random: () => number;
}

/** Beyond this the doubled delay is over every bound; without it, `0 * 2 ** retry` ends as NaN. */
const MAX_DOUBLINGS = 52;

/**
 * Computes a delay.
 *
 * @param retry - which retry comes next, from 1
 * @param previousMs - the delay before the last one; `baseDelayMs` at first
 * @returns whole milliseconds, 0 to `maxDelayMs`
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(
  kind: BackoffKind,
  retry: number,
  previousMs: number,
  { baseDelayMs, maxDelayMs, random }: BackoffBounds,
): number {
  const grownMs = baseDelayMs * 2 ** Math.min(retry - 1, MAX_DOUBLINGS);
  switch (kind) {
    case 'full-jitter':
      return Math.ceil(random() * Math.min(grownMs, maxDelayMs));
    case 'decorrelated-jitter':
      return Math.ceil(Math.min(baseDelayMs + random() * (previousMs * 3 - baseDelayMs), maxDelayMs));
    case 'exponential':
      return Math.min(grownMs, maxDelayMs);
    case 'constant':
      return baseDelayMs;
    default:
      return kind satisfies never;
  }
}
