import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { InjectedRequest } from '../injector.ts';
import { Refusal } from './refusal.ts';

/**
 * Checks what a request is before anything of it is used.
 *
 * @throws {@link Refusal} when it is none that is meant for a proxy, or its length can be read in two ways
 */
export function checkRequest({ url = '', headers, headersDistinct }: IncomingMessage): void {
  if (!/^https?:\/\//.test(url))
    throw new Refusal(400, 'this is a proxy: it is asked for absolute http:// URLs');
  const encoding = headers['transfer-encoding'];
  if (encoding !== undefined && headers['content-length'] !== undefined)
    throw new Refusal(400, 'a request must not have both a length and a transfer encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'chunked')
    throw new Refusal(501, 'the only transfer encoding is chunked');
  if ((headersDistinct['proxy-authorization']?.length ?? 0) > 1)
    throw new Refusal(400, 'a request must have Proxy-Authorization once');
}

/** What is asked of the injector for a request. Fields of the connection stay behind (RFC 9110, section 7.6.1). */
export async function readRequest(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Omit<InjectedRequest, 'signal'>> {
  const { url = '', method, headersDistinct } = request;
  const ofConnection = (headersDistinct['connection'] ?? []).join().toLowerCase().split(/[ ,]+/);
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    if (!ofConnection.includes(name)) for (const value of values) headers.append(name, value);
  }
  return { url, method, headers, body: await readBody(request, maxBytes), upgrade: true };
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = Number(request.headers['content-length'] ?? 0);
  const tooLong = new Refusal(413, `a body must have at most ${maxBytes} bytes`);
  if (length > maxBytes) throw tooLong;
  length = 0;
  // The connection is still needed for the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLong;
    chunks.push(chunk);
  }
  return length === 0 ? undefined : Buffer.concat(chunks);
}
