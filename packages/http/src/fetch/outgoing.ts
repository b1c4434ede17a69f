import type { ExecutionContext } from '@holdfast/pipeline';
import { deadlineHeaders } from '@holdfast/timeout';
import { randomKey } from './clock.ts';
import type { FetchSettings } from './options.ts';

/** Methods that mean the same however often they are sent (RFC 9110 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE']);

/** Methods that the IETF draft on the header gives keys to. */
const KEYED = new Set(['POST', 'PATCH']);

const KEY_HEADER = 'Idempotency-Key';

/** May be sent again always, only if it surely never started, or never, because its body is gone once read. */
export type Repeatable = 'always' | 'unstarted' | 'never';

/** A request as its caller gave it, and what was found out about it. */
export interface Outgoing {
  readonly input: RequestInfo | URL;
  readonly init: RequestInit | undefined;
  readonly origin: string;
  readonly method: string;
  readonly signal: AbortSignal | undefined;
  readonly repeatable: Repeatable;
  /** The key made for this call, sent with each of its attempts. */
  readonly key: string | undefined;
}

/** @returns nothing when the URL is none of HTTP, which `fetch` knows better */
export function readOutgoing(
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  settings: FetchSettings,
): Outgoing | undefined {
  const origin = originOf(input);
  if (origin === undefined) return undefined;
  const { method: sent = 'GET', headers, body, signal } = partsOf(input, init);
  const method = sent.toUpperCase();
  const isIdempotent = IDEMPOTENT.has(method);
  const isKeyed = !isIdempotent && headers !== undefined && new Headers(headers).has(KEY_HEADER);
  const key = isKeyed || !KEYED.has(method) ? undefined : newKey(settings);
  const isSafe = isIdempotent || isKeyed || key !== undefined;
  const repeatable = isReplayable(body) ? (isSafe ? 'always' : 'unstarted') : 'never';
  return { input, init, origin, method, signal: signal ?? undefined, repeatable, key };
}

/** What a request consists of: `init` says more than the `Request` that it comes with. */
function partsOf(input: RequestInfo | URL, init: RequestInit = {}): RequestInit {
  if (typeof input === 'string' || input instanceof URL) return init;
  const { method, headers, body, signal } = input;
  return { method, headers, body, signal, ...init };
}

/** Only what is asked over HTTP has a server that may fail. */
function originOf(input: RequestInfo | URL): string | undefined {
  const { origin } = input instanceof URL ? input : (urlOf(input) ?? {});
  return origin?.startsWith('http') ? origin : undefined;
}

function urlOf(input: RequestInfo): URL | undefined {
  try {
    return new URL(typeof input === 'string' ? input : input.url, globalThis.location?.href);
  } catch {
    return undefined;
  }
}

/** The draft has the key as a string of structured fields, in quotes (draft-ietf-httpapi-idempotency-key-header). */
function newKey({ idempotencyKeys }: FetchSettings): string | undefined {
  if (idempotencyKeys === false) return undefined;
  return typeof idempotencyKeys === 'function' ? idempotencyKeys() : `"${randomKey()}"`;
}

/** Whether the body can be sent again: one that is read as it is sent cannot, nor can that of a `Request`. */
function isReplayable(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return true;
  return !('getReader' in body || Symbol.asyncIterator in body);
}

/** What `fetch` takes for one attempt. */
export function initOf(out: Outgoing, ctx: ExecutionContext, deadlineHeader: boolean): RequestInit {
  const added: Record<string, string> = deadlineHeader ? deadlineHeaders(ctx) : {};
  if (out.key !== undefined) added[KEY_HEADER] = out.key;
  return { ...out.init, signal: ctx.signal, headers: withHeaders(out, added) };
}

function withHeaders({ init, input }: Outgoing, added: Record<string, string>): HeadersInit {
  const own = init?.headers ?? (typeof input === 'object' && 'headers' in input ? input.headers : undefined);
  if (own === undefined) return added;
  const names = Object.keys(added).map((name) => name.toLowerCase());
  // `Headers` would cost as much as all the rest, and the platform makes them anyway.
  if (!(Symbol.iterator in own) && !Object.keys(own).some((name) => names.includes(name.toLowerCase()))) {
    return { ...own, ...added };
  }
  const headers = new Headers(own);
  for (const name in added) headers.set(name, added[name] ?? '');
  return headers;
}
