import type { Rejection } from '@holdfast/pipeline';
import type { RateLimitStatus } from './rate-limit.ts';

/** The header fields that tell a client about its limit. */
export interface RateLimitHeaders {
  /** How much may pass in which time: `"per-client";q=60;w=60`. */
  readonly 'RateLimit-Policy': string;
  /** How much is left, and in how many seconds all of it is there again: `"per-client";r=12;t=48`. */
  readonly RateLimit: string;
  /** In how many seconds to come again; only for a refused call of which that is known. */
  readonly 'Retry-After'?: string;
}

const quoted = (name: string) => `"${name.replace(/["\\]/g, '\\$&')}"`;
const seconds = (ms: number) => Math.ceil(ms / 1_000);

/**
 * Writes the header fields of a response that a limit applies to.
 *
 * @param status - what `status()` of the limit says
 * @param refusal - why the call was refused, if it was
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @example
 * ```ts
 * import { rateLimit, rateLimitHeaders } from '@holdfast/limiter';
 *
 * const limit = rateLimit({ name: 'per-client' });
 * const result = await limit.try(() => 'hello');
 * const headers = rateLimitHeaders(limit.status());
 * console.log(headers.RateLimit); // "per-client";r=59;t=1
 * ```
 */
export function rateLimitHeaders(
  { name, limit, windowMs, remaining, resetMs }: RateLimitStatus,
  refusal?: Rejection,
): RateLimitHeaders {
  const label = quoted(name);
  const retryAfterMs = refusal?.retryAfterMs;
  return {
    'RateLimit-Policy': `${label};q=${Math.floor(limit)};w=${seconds(windowMs)}`,
    RateLimit: `${label};r=${Math.floor(remaining)};t=${seconds(resetMs)}`,
    ...(retryAfterMs === undefined ? {} : { 'Retry-After': String(seconds(retryAfterMs)) }),
  };
}
