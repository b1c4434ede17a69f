import type { Target } from './check-url.ts';
import { EgressError } from './egress-error.ts';

/** A request on its way. */
export interface Outgoing {
  readonly target: Target;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
}

/** Fields that belong to the connection: set by hand they lead elsewhere than the URL, or smuggle a second request. */
const FORBIDDEN: readonly string[] = [
  'host',
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];
/** Fields that describe a body (Fetch Standard, request-body-header name). */
const OF_BODY: readonly string[] = [
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
];

/**
 * Reads the header fields of a request.
 *
 * @throws {@link EgressError} when one cannot be sent
 */
export function checkHeaders(init: ConstructorParameters<typeof Headers>[0]): Headers {
  const headers = readHeaders(init);
  for (const name of headers.keys()) {
    if (FORBIDDEN.includes(name) || name.startsWith('proxy-'))
      throw new EgressError('header', `the header field ${name} must not be set`);
  }
  return headers;
}

/** The error of the platform shows the value, which may be a secret. */
function readHeaders(init: ConstructorParameters<typeof Headers>[0]): Headers {
  try {
    return new Headers(init);
  } catch {
    throw new EgressError('header', 'a header field has a name or value that HTTP does not allow');
  }
}

/**
 * The request that a redirect asks for (Fetch Standard, HTTP-redirect fetch). What was meant for one origin, header
 * fields of all names but the plainest included, does not reach another.
 *
 * @throws {@link EgressError} when it leads to where nothing may be sent, or from HTTPS to HTTP
 */
export function redirected(from: Outgoing, status: number, check: (base: URL) => Target): Outgoing {
  const target = check(from.target.url);
  if (from.target.url.protocol === 'https:' && target.url.protocol !== 'https:')
    throw new EgressError('redirect', 'the answer leads from HTTPS to HTTP');
  const headers = new Headers(from.headers);
  const drops = status === 303 ? from.method !== 'HEAD' : status <= 302 && from.method === 'POST';
  const crosses = target.url.origin !== from.target.url.origin;
  if (crosses && from.body !== undefined && !drops)
    throw new EgressError('redirect', 'the answer sends the body to another origin');
  if (crosses) for (const name of [...headers.keys()]) if (!isPlain(name)) headers.delete(name);
  if (!drops) return { ...from, target, headers };
  for (const name of OF_BODY) headers.delete(name);
  return { target, headers, method: 'GET', body: undefined };
}

const PLAIN: readonly string[] = ['accept', 'accept-language', 'user-agent', ...OF_BODY];

const isPlain = (name: string) => PLAIN.includes(name);
