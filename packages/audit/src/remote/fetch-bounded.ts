import { RemoteError } from './remote-error.ts';

/** The function by which servers are asked: `fetch`, or one of the same shape. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A whole answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The content type without its parameters. */
  readonly type: string;
  readonly body: Buffer;
}

const MAX_REDIRECTS = 3;

/** Reads a body up to a number of bytes; a server that has more to say is cut off. */
async function readBody(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += (chunk as Uint8Array).length;
    // Leaving the loop cancels the body, and with it the connection.
    if (length > maxBytes) throw new RemoteError(`the server sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Where an answer sends the request: another path of the same server. */
function redirectOf(response: Response, url: string): string | undefined {
  const location = response.headers.get('location');
  if (response.status < 300 || response.status > 399 || location === null) return undefined;
  const target = new URL(location, url);
  if (target.origin !== new URL(url).origin) throw new RemoteError('the server redirects to another one');
  return target.href;
}

/**
 * Sends a request and reads the answer whole. Redirects are followed within the same server, and only for requests that
 * change nothing.
 *
 * @throws {@link RemoteError} when the answer is too long, or leads to another server or in circles
 */
export async function fetchBounded(
  fetch: Fetch,
  url: string,
  init: RequestInit,
  maxBytes: number,
): Promise<Answer> {
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(at, { ...init, redirect: 'manual' });
    const next = (init.method ?? 'GET') === 'GET' ? redirectOf(response, at) : undefined;
    if (next === undefined) {
      const { status, headers } = response;
      const [type = ''] = (headers.get('content-type') ?? '').split(';');
      return { status, headers, type: type.trim(), body: await readBody(response, maxBytes) };
    }
    await response.body?.cancel();
    at = next;
  }
  throw new RemoteError('the server redirects in circles');
}
