import { Buffer } from 'node:buffer';
import { InjectionError } from './injection-error.ts';
import { isNormalPath } from './path-pattern.ts';

/** A request that is to be sent with a credential. */
export interface InjectedRequest {
  /** An absolute URL without user and password, its path in normal form. At most 4,096 characters. */
  readonly url: string | URL;
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** Those that the rule does not name, or that are not among the usual ones, are not sent. At most 64, of 16 KiB. */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  readonly body?: string | Uint8Array | undefined;
  /** Whether `http:` may stand for `https:` where a rule is for that, as in what is asked of a proxy. Default `false`. */
  readonly upgrade?: boolean | undefined;
  /** Ends the request, and the reading of its answer. */
  readonly signal?: AbortSignal | undefined;
}

/** A request that was checked by itself. */
export interface Draft {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | undefined;
}

const MAX_URL = 4_096;
const MAX_HEADERS = 64;
const MAX_HEADER_BYTES = 16_384;
const METHOD = /^[A-Z]{1,16}$/;

const FIELDS: readonly string[] = [
  'url',
  'method',
  'headers',
  'body',
  'upgrade',
  'signal',
] satisfies readonly (keyof InjectedRequest)[];

const wrong = (message: string) => new InjectionError('request', message);

/**
 * Reads a request.
 *
 * @throws {@link InjectionError} `request` when it is none that is ever sent
 */
export function readDraft(request: InjectedRequest, maxBytes: number): Draft {
  if (!Object.keys(request).every((name) => FIELDS.includes(name)))
    throw wrong(`a request has no such field; it has ${FIELDS.join(', ')}`);
  const { method = 'GET', body } = request;
  if (!METHOD.test(method)) throw wrong('the method must be 1 to 16 capital letters');
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array))
    throw wrong('the body must be text or bytes');
  if (body !== undefined && Buffer.byteLength(body) > maxBytes)
    throw wrong(`the body must have at most ${maxBytes} bytes`);
  const isBodiless = method === 'GET' || method === 'HEAD';
  if (isBodiless && body !== undefined && body.length > 0) throw wrong(`${method} must not have a body`);
  return {
    url: readUrl(request.url),
    method,
    headers: readHeaders(request.headers),
    body: isBodiless ? undefined : body,
  };
}

function readUrl(input: string | URL): URL {
  const text = String(input);
  if (text.length > MAX_URL) throw wrong(`the URL must have at most ${MAX_URL} characters`);
  if (!URL.canParse(text)) throw wrong('the URL must be absolute');
  const url = new URL(text);
  // What the parser had to put right, others may read in another way. A user or password is no part of the origin.
  const [place] = text.split(/[?#]/, 1);
  if (place !== url.origin + url.pathname || !isNormalPath(url.pathname))
    throw wrong('the URL must be in normal form');
  url.hash = '';
  return url;
}

function readHeaders(init: InjectedRequest['headers']): Headers {
  const headers = parseHeaders(init);
  const entries = [...headers];
  const length = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > MAX_HEADERS || length > MAX_HEADER_BYTES) throw wrong('there are too many headers');
  return headers;
}

/** The error of the platform shows the value. */
function parseHeaders(init: InjectedRequest['headers']): Headers {
  try {
    return new Headers(init);
  } catch {
    throw wrong('a header field has a name or value that HTTP does not allow');
  }
}
