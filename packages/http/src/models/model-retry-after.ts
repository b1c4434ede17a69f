import type { Clock } from '@holdfast/pipeline';
import { retryAfterOf } from '@holdfast/retry';
import { headerOf, type Evidence } from './evidence.ts';

/** Pairs of headers: what is left of a limit, and when it is full again. */
const LIMITS = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
  ['anthropic-ratelimit-requests-remaining', 'anthropic-ratelimit-requests-reset'],
  ['anthropic-ratelimit-tokens-remaining', 'anthropic-ratelimit-tokens-reset'],
  ['anthropic-ratelimit-input-tokens-remaining', 'anthropic-ratelimit-input-tokens-reset'],
  ['anthropic-ratelimit-output-tokens-remaining', 'anthropic-ratelimit-output-tokens-reset'],
] as const;

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * How long a provider asks to be left alone: Retry-After, google.rpc.RetryInfo, or the latest reset of the limits that
 * are used up, in milliseconds.
 *
 * @see https://platform.openai.com/docs/guides/rate-limits
 * @see https://docs.claude.com/en/api/rate-limits
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 */
export function modelRetryAfter(evidence: Evidence, clock: Pick<Clock, 'wallNow'>): number | undefined {
  for (const headers of evidence.headers) {
    const askedMs = retryAfterOf({ headers }, clock);
    if (askedMs !== undefined) return askedMs;
  }
  const delaysMs = evidence.retryDelays.map(durationMs).filter((ms) => ms !== undefined);
  if (delaysMs.length > 0) return Math.max(...delaysMs);
  const resetsMs = evidence.headers.flatMap((headers) => resetsOf(headers, clock));
  return resetsMs.length > 0 ? Math.max(...resetsMs) : undefined;
}

function resetsOf(headers: unknown, clock: Pick<Clock, 'wallNow'>): readonly number[] {
  return LIMITS.filter(([remaining]) => Number(headerOf(headers, remaining) ?? 1) <= 0).flatMap(
    ([, reset]) => {
      const ms = resetMs(headerOf(headers, reset) ?? '', clock.wallNow());
      return ms === undefined ? [] : [Math.max(0, ms)];
    },
  );
}

/** Reads a duration, plain seconds, or an instant: of ISO 8601, or in seconds or milliseconds since 1970. */
function resetMs(text: string, nowMs: number): number | undefined {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return known(Date.parse(text) - nowMs);
  if (!/^\d+(\.\d+)?$/.test(text)) return durationMs(text);
  const number = Number(text);
  if (number < FIRST_INSTANT) return Math.ceil(number * 1_000);
  return (number < FIRST_INSTANT * 1_000 ? number * 1_000 : number) - nowMs;
}

const known = (ms: number) => (Number.isNaN(ms) ? undefined : ms);

/** In seconds: nobody is told to wait for thirty years, and no limit was reset before the year 2001. */
const FIRST_INSTANT = 1_000_000_000;

/** Reads `47.4s`, `20ms` and `6m0s`. */
export function durationMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return undefined;
  let ms = 0;
  for (const [, count, unit] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) {
    ms += Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
  }
  return Math.ceil(ms);
}
