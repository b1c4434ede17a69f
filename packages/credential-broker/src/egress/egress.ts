import { integer, readOptions, type, type Rules } from '@holdfast/pipeline';
import { Agent, fetch as undiciFetch, type buildConnector } from 'undici';
import { untilAborted } from '../backends/until-aborted.ts';
import { boundedBody, tooLong } from './bounded-body.ts';
import { checkUrl, type Target } from './check-url.ts';
import { EgressError } from './egress-error.ts';
import { checkedAddresses, guardedLookup } from './guarded-lookup.ts';
import { readEgressOptions, type EgressOptions, type EgressSettings } from './options.ts';
import { checkHeaders, redirected, type Outgoing } from './outgoing.ts';

/** A request that is to leave. */
export interface EgressInit {
  /** In capital letters. Default `GET`. */
  readonly method?: string | undefined;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** Not for `GET` and `HEAD`. */
  readonly body?: string | Uint8Array | undefined;
  /** How many redirects are followed, where fewer than the egress allows. At least 0. */
  readonly maxRedirects?: number | undefined;
  /** Ends the request, and the reading of its answer. */
  readonly signal?: AbortSignal | undefined;
}

const METHOD = /^(?!(CONNECT|TRACE|TRACK)$)[A-Z]{1,16}$/;

const INIT: Rules<EgressInit> = {
  method: (value) =>
    typeof value === 'string' && METHOD.test(value)
      ? undefined
      : 'must be 1 to 16 capital letters, not CONNECT, TRACE or TRACK',
  // Those that cannot be sent are refused by their names.
  headers: () => undefined,
  body: (value) =>
    typeof value === 'string' || value instanceof Uint8Array ? undefined : 'must be text or bytes',
  maxRedirects: integer(0),
  signal: type('object'),
};

/** Options of a check. */
export interface EgressCheckOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
}

/** The one way out: requests to public addresses, within bounds. */
export interface Egress {
  /**
   * Sends a request.
   *
   * @returns an answer whose body ends with an {@link EgressError} when it is too long or takes too long
   * @throws {@link EgressError} when it must not leave, or fails
   * @throws {@link TypeError} when `init` has a field that is unknown or wrong
   */
  fetch(url: string | URL, init?: EgressInit): Promise<Response>;
  /**
   * Checks a URL, and every address of its host, without connecting: for what is stored now and called later.
   *
   * @throws {@link EgressError} when nothing may be sent there, or its host is not resolved in time
   */
  check(url: string | URL, options?: EgressCheckOptions): Promise<void>;
  /** Closes its connections once their answers are read. */
  close(): Promise<void>;
}

/**
 * Makes a guard against server-side request forgery for everything that leaves: public addresses only, checked where
 * the connection is made.
 *
 * @throws {@link TypeError} when an option is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createEgress } from '@holdfast/credential-broker/egress';
 *
 * const egress = createEgress({ timeoutMs: 5_000, maxBytes: 1_000_000 });
 * const response = await egress.fetch('https://example.com/webhook', { method: 'POST', body: '{}' });
 * ```
 */
export function createEgress(options: EgressOptions = {}): Egress {
  const settings = readEgressOptions(options);
  const lookup = guardedLookup(settings);
  // The types of undici leave out what it hands on to `net.connect`.
  const agent = new Agent({
    connect: { lookup, timeout: settings.timeoutMs } as buildConnector.BuildOptions,
    headersTimeout: settings.timeoutMs,
    bodyTimeout: settings.timeoutMs,
  });
  return {
    fetch: async (url, init = {}) => {
      const target = checkUrl(url, settings);
      const read = readOptions('egress.fetch', init, INIT, {
        method: 'GET',
        maxRedirects: settings.maxRedirects,
      });
      const { method, body, signal } = read;
      if (body !== undefined && (method === 'GET' || method === 'HEAD'))
        throw new EgressError('body', `${method} must not have a body`);
      const headers = checkHeaders(read.headers);
      const maxRedirects = Math.min(settings.maxRedirects, read.maxRedirects);
      return new Exchange({ ...settings, maxRedirects }, agent, signal).run({
        target,
        method,
        headers,
        body,
      });
    },
    check: (url, options) => checkHost(url, settings, options),
    close: () => agent.close(),
  };
}

async function checkHost(
  url: string | URL,
  settings: EgressSettings,
  { signal }: EgressCheckOptions = {},
): Promise<void> {
  signal?.throwIfAborted();
  const { host } = checkUrl(url, settings);
  const late = new AbortController();
  const { clock, timeoutMs } = settings;
  const timer = clock.setTimer(
    () => late.abort(new EgressError('timeout', `the host ${host} was not resolved within ${timeoutMs} ms`)),
    timeoutMs,
  );
  const ends = signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]);
  try {
    await untilAborted(checkedAddresses(host, settings), ends);
  } finally {
    timer.cancel();
  }
}

/** One request with its redirects, until its answer is read. */
class Exchange {
  private readonly settings: EgressSettings;
  private readonly agent: Agent;
  private readonly controller = new AbortController();
  private readonly stop: () => void;

  constructor(settings: EgressSettings, agent: Agent, signal: AbortSignal | undefined) {
    this.settings = settings;
    this.agent = agent;
    const abort = () => this.controller.abort(signal?.reason);
    const timer = settings.clock.setTimer(
      () => this.controller.abort(timedOut(settings)),
      settings.timeoutMs,
    );
    signal?.addEventListener('abort', abort, { once: true });
    this.stop = () => {
      timer.cancel();
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted === true) abort();
  }

  async run(first: Outgoing): Promise<Response> {
    try {
      let outgoing = first;
      for (let followed = 0; ; followed++) {
        const response = await this.send(outgoing);
        const next = followed < this.settings.maxRedirects ? this.next(response, outgoing) : undefined;
        if (next === undefined) {
          if (this.settings.maxRedirects > 0 && isRedirect(response))
            throw new EgressError('redirect', `more than ${this.settings.maxRedirects} redirects`);
          return this.bounded(response);
        }
        await response.body?.cancel();
        outgoing = next;
      }
    } catch (error) {
      const failure = this.asError(error, first.target);
      this.stop();
      // An answer that nobody is going to read holds its connection no longer.
      this.controller.abort();
      throw failure;
    }
  }

  private send({ target, method, headers, body }: Outgoing) {
    return undiciFetch(target.url, {
      method,
      headers: [...headers],
      body: body ?? null,
      redirect: 'manual',
      signal: this.controller.signal,
      dispatcher: this.agent,
    });
  }

  private next(response: Awaited<ReturnType<Exchange['send']>>, from: Outgoing): Outgoing | undefined {
    const location = response.headers.get('location');
    if (!isRedirect(response) || location === null) return undefined;
    return redirected(from, response.status, (base) => checkUrl(resolved(location, base), this.settings));
  }

  /** The answer, with a body that ends where it is too long. */
  private bounded(response: Awaited<ReturnType<Exchange['send']>>): Response {
    const { maxBytes } = this.settings;
    const { status, statusText } = response;
    const headers = new Headers([...response.headers]);
    const { body } = response;
    if (body === null) {
      this.stop();
      return new Response(null, { status, statusText, headers });
    }
    if (Number(headers.get('content-length')) > maxBytes) throw tooLong(maxBytes);
    const watch = { maxBytes, onEnd: this.stop, asError: (error: unknown) => this.asError(error) };
    const bytes = boundedBody(body as ReadableStream<Uint8Array>, watch);
    return new Response(bytes, { status, statusText, headers });
  }

  /** What an error of the connection means to the one who asked. */
  private asError(error: unknown, target?: Target): unknown {
    const { signal } = this.controller;
    if (signal.aborted) return signal.reason;
    let code: unknown;
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      if (cause instanceof EgressError) return cause;
      if ('code' in cause && typeof cause.code === 'string') code = cause.code;
    }
    const where = target === undefined ? '' : ` to ${target.host}`;
    // No more than the code: an error of the parser holds the bytes of the answer, and a token may be among them.
    const cause = typeof code === 'string' ? { cause: new Error(code) } : {};
    return new EgressError('network', `the connection${where} failed`, cause);
  }
}

const isRedirect = ({ status }: { readonly status: number }) => [301, 302, 303, 307, 308].includes(status);

const timedOut = ({ timeoutMs }: EgressSettings) =>
  new EgressError('timeout', `no whole answer within ${timeoutMs} ms`);

function resolved(location: string, base: URL): URL {
  if (!URL.canParse(location, base)) throw new EgressError('redirect', 'the answer leads to no URL');
  return new URL(location, base);
}
