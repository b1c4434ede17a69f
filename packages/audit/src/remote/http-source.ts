import {
  having,
  integer,
  pipeline,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rules,
} from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { MAX_ENTRY_BYTES } from '../tiles/entry-bundle.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import { fetchBounded, type Fetch } from './fetch-bounded.ts';
import { RemoteError } from './remote-error.ts';

/** Options of {@link httpSource}. */
export interface HttpSourceOptions {
  /** Milliseconds that one request may take; at least 1. Default 30,000. */
  readonly timeoutMs?: number | undefined;
  /** Attempts at each file; at least 1. Default 4. */
  readonly maxAttempts?: number | undefined;
  /** Sends the requests. Default the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
  /** Where the jitter of retries comes from: numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

const defaults = {
  timeoutMs: 30_000,
  maxAttempts: 4,
  fetch: ((url, init) => fetch(url, init)) as Fetch,
  clock: systemClock,
};

const rules: Rules<HttpSourceOptions> = {
  timeoutMs: integer(1),
  maxAttempts: integer(1),
  fetch: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

/** A bundle of 256 entries of the greatest length, each behind its own. */
const MAX_FILE_BYTES = 256 * (2 + MAX_ENTRY_BYTES);

/** The log is not there, or does not serve the file (any more). */
const ABSENT = new Set([404, 410]);

/**
 * The files of a log behind a web server. Requests are timed out and tried again; answers have a greatest length, and
 * redirects to other servers are refused.
 *
 * @param prefix - the URL below which the log is served: `<prefix>/checkpoint`, `<prefix>/tile/…`
 * @throws {@link TypeError} when the prefix is no http or https URL, or an option is wrong
 *
 * @example
 * ```ts
 * import { httpSource, trustLog, verifyLog } from '@holdfast/audit';
 *
 * const verify = (vkey: string) =>
 *   verifyLog({ source: httpSource('https://audit.example/logs/acme'), policy: trustLog(vkey), readAhead: 32 });
 * ```
 */
export function httpSource(prefix: string, options: HttpSourceOptions = {}): TileSource {
  const settings = readOptions('httpSource', options, rules, defaults);
  const base = prefix.replace(/\/+$/, '');
  if (!/^https?:$/.test(URL.parse(base)?.protocol ?? '')) {
    throw new TypeError('httpSource: prefix must be an http or https URL');
  }
  const { maxAttempts, timeoutMs, clock, random } = settings;
  const guarded = pipeline(retry({ maxAttempts, clock, random }), timeout({ timeoutMs, clock }));
  return {
    read: (file) =>
      guarded.execute(async ({ signal }) => {
        const { status, body } = await fetchBounded(
          settings.fetch,
          `${base}/${file}`,
          { signal },
          MAX_FILE_BYTES,
        );
        if (ABSENT.has(status)) return undefined;
        if (status !== 200) throw new RemoteError(`the server answers ${status} for ${file}`, status);
        return body;
      }),
  };
}
