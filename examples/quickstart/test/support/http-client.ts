import { once } from 'node:events';
import { request, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** What a request of a test may say. */
export interface Ask {
  readonly method?: string;
  readonly path?: string;
  /** Names and values in turn. */
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  /** Whether the length of the body is left open. */
  readonly chunked?: boolean;
}

/** A whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** Begins a request on a connection of its own. */
export function open(url: URL, { method = 'GET', path = '/', headers = [] }: Ask = {}): ClientRequest {
  const { hostname, port, host } = url;
  const all = ['Host', host, ...headers];
  return request({ hostname, port, method, path, headers: all, agent: false });
}

/** Sends a request and reads the whole answer; fails when the answer breaks off. */
export async function ask(url: URL, options: Ask = {}): Promise<Reply> {
  const { body, chunked = false } = options;
  const length = body === undefined ? [] : ['Content-Length', String(Buffer.byteLength(body))];
  const framing = chunked ? ['Transfer-Encoding', 'chunked'] : length;
  const outgoing = open(url, { ...options, headers: [...framing, ...(options.headers ?? [])] });
  outgoing.end(body);
  return read(await responseTo(outgoing));
}

export async function responseTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

export async function read(response: IncomingMessage): Promise<Reply> {
  const { statusCode: status = 0, headers, rawHeaders } = response;
  return { status, headers, rawHeaders, body: await text(response) };
}
