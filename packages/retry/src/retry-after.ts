import { systemClock, type Clock } from '@holdfast/pipeline';

/** Headers in any of the usual forms: `Headers`, a record, or the metadata of gRPC, whose `get` answers a list. */
type Headerish = Readonly<Record<string, unknown>>;

/**
 * Reads how long an upstream asks to be left alone: `retryAfterMs` of the error, or the headers
 * `grpc-retry-pushback-ms`, `retry-after-ms` and `retry-after` (seconds or an HTTP date, RFC 9110 10.2.3) of the
 * error, its `response` or its `metadata`.
 *
 * @param error - an error, or a result such as a `Response`
 * @param clock - tells how far away an HTTP date is. Default: the system's
 * @returns milliseconds, 0 or more; `Infinity` when it asks for no further attempt; `undefined` when it says nothing
 *
 * @example
 * ```ts
 * import { retryAfterOf } from '@holdfast/retry';
 *
 * const response = new Response(null, { status: 429, headers: { 'retry-after': '2' } });
 * console.assert(retryAfterOf(response) === 2_000);
 * ```
 */
export function retryAfterOf(
  error: unknown,
  clock: Pick<Clock, 'wallNow'> = systemClock,
): number | undefined {
  if (!isObject(error)) return undefined;
  const { retryAfterMs, headers, response, metadata } = error as Record<string, unknown>;
  if (typeof retryAfterMs === 'number' && !Number.isNaN(retryAfterMs)) return Math.max(0, retryAfterMs);
  const sources = [
    headers,
    isObject(response) ? (response as Record<string, unknown>)['headers'] : undefined,
    metadata,
  ];
  for (const source of sources) {
    const askedMs = isObject(source) ? readHeaders(source as Headerish, clock) : undefined;
    if (askedMs !== undefined) return askedMs;
  }
  return undefined;
}

function readHeaders(headers: Headerish, clock: Pick<Clock, 'wallNow'>): number | undefined {
  const pushback = headerOf(headers, 'grpc-retry-pushback-ms');
  // A negative or unreadable pushback means: do not retry (gRFC A6).
  if (pushback !== undefined) return /^\d+$/.test(pushback) ? Number(pushback) : Infinity;
  return (
    decimal(headerOf(headers, 'retry-after-ms'), 1) ?? retryAfter(headerOf(headers, 'retry-after'), clock)
  );
}

function decimal(value: string | undefined, unitMs: number): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Math.ceil(Number(value) * unitMs) : undefined;
}

function retryAfter(value: string | undefined, clock: Pick<Clock, 'wallNow'>): number | undefined {
  const delayMs = decimal(value, 1000);
  // Date.parse takes almost anything for a date; an HTTP date begins with a weekday.
  if (value === undefined || delayMs !== undefined || !/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(value))
    return delayMs;
  // The third form of RFC 9110 5.6.7 names no zone, and Date.parse would take it for local time.
  const atMs = Date.parse(value.endsWith('GMT') ? value : `${value} GMT`);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - clock.wallNow());
}

function headerOf(headers: Headerish, name: string): string | undefined {
  const { get } = headers;
  const value: unknown =
    typeof get === 'function' ? (get as (name: string) => unknown).call(headers, name) : find(headers, name);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' || typeof first === 'number' ? String(first).trim() : undefined;
}

function find(headers: Headerish, name: string): unknown {
  const key = Object.keys(headers).find((key) => key.length === name.length && key.toLowerCase() === name);
  return key === undefined ? undefined : headers[key];
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
