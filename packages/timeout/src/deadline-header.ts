import { check, number, type ExecutionContext } from '@holdfast/pipeline';
import { MAX_TIMEOUT_MS } from './clamp-timeout.ts';

const HEADER = 'Holdfast-Timeout-Ms';
const LOWER_CASE_HEADER = HEADER.toLowerCase();

/** Request headers as `fetch`, `node:http` and the usual frameworks hold them. */
export type DeadlineHeaders =
  Pick<Headers, 'get'> | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What {@link readDeadline} takes. */
export interface ReadDeadlineOptions {
  /** The most that a caller may ask for, in milliseconds. At least 0. Default 600 000. */
  readonly maxMs?: number | undefined;
}

/**
 * Tells the next process how long the caller will still wait.
 *
 * @returns the header `Holdfast-Timeout-Ms` with whole milliseconds, or nothing when the call has no deadline
 *
 * @example
 * ```ts
 * import { deadlineHeaders, timeout } from '@holdfast/timeout';
 *
 * await timeout({ timeoutMs: 2_000 }).execute((ctx) =>
 *   fetch('https://inventory.example', { signal: ctx.signal, headers: deadlineHeaders(ctx) }),
 * );
 * ```
 */
export function deadlineHeaders(ctx: Pick<ExecutionContext, 'remainingMs'>): Record<string, string> {
  const remainingMs = ctx.remainingMs();
  // Rounded down, so that the callee gives up before the caller does.
  return remainingMs === undefined ? {} : { [HEADER]: String(Math.floor(remainingMs)) };
}

/**
 * Reads how long the caller of this process will still wait. A header that is malformed, or given twice, counts as
 * none.
 *
 * @param headers - of the request: `Headers`, those of `node:http`, or a plain record in any spelling
 * @returns milliseconds, 0 to `maxMs`; `undefined` without a deadline
 * @throws {@link RangeError} when `maxMs` is below 0
 *
 * @example
 * ```ts
 * import { readDeadline, timeout } from '@holdfast/timeout';
 *
 * const guarded = timeout({ timeoutMs: 10_000 });
 * const serve = (request: Request) =>
 *   guarded.execute(({ signal }) => fetch('https://stock.example', { signal }), {
 *     timeoutMs: readDeadline(request.headers, { maxMs: 30_000 }),
 *   });
 * ```
 */
export function readDeadline(
  headers: DeadlineHeaders,
  { maxMs = MAX_TIMEOUT_MS }: ReadDeadlineOptions = {},
): number | undefined {
  check('readDeadline: maxMs', maxMs, number(0));
  const value = headerValue(headers);
  return value !== undefined && /^\d+$/.test(value) ? Math.min(Number(value), maxMs) : undefined;
}

function headerValue(headers: DeadlineHeaders): string | undefined {
  if (typeof headers.get === 'function') return headers.get(HEADER)?.trim();
  const record = headers as Exclude<DeadlineHeaders, Pick<Headers, 'get'>>;
  const name = Object.keys(record).find(
    (key) => key.length === HEADER.length && key.toLowerCase() === LOWER_CASE_HEADER,
  );
  // An array of one reads like a string, one of several like nonsense.
  return name === undefined ? undefined : record[name]?.toString().trim();
}
