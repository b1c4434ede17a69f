import * as http from 'node:http';
import * as https from 'node:https';
import {
  BodyTooLargeError,
  UpstreamBrokeOffError,
  UpstreamStatusError,
  UpstreamUnreachableError,
} from './errors.ts';
import { endToEndHeaders } from './hop-by-hop.ts';
import type { RequestBody } from './request-body.ts';

/** What an upstream's answer begins with. */
export interface Head {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  /** Whether something stands in for the upstream's own answer. */
  readonly degraded?: boolean;
}

/** A piece of an upstream's answer: first the head, then the body as it comes. */
export type Part = Head | Buffer;

/** A request as the upstream gets it. */
export interface UpstreamRequest {
  readonly url: URL;
  readonly agent: http.Agent;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
}

/** Answers by which an upstream says that it is in trouble, rather than the request. */
const TROUBLE: ReadonlySet<number> = new Set([500, 502, 503, 504, 529]);

/** As much of an upstream's error page is kept while its request may be tried again. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Makes one attempt at a request, and streams the answer. */
export function callUpstream(request: UpstreamRequest, signal: AbortSignal): AsyncIterable<Part> {
  return {
    [Symbol.asyncIterator]: () => {
      const call = send(request, signal);
      const parts = partsOf(call.answer);
      return {
        next: () => parts.next(),
        // A generator that waits for the upstream hears of its end only when the wait is over.
        return: () => {
          call.cancel();
          return parts.return(undefined);
        },
      };
    },
  };
}

interface Call {
  readonly answer: Promise<http.IncomingMessage>;
  cancel(): void;
}

function send({ url, agent, method, path, headers, body }: UpstreamRequest, signal: AbortSignal): Call {
  const { request } = url.protocol === 'https:' ? https : http;
  const { hostname, port } = url;
  const target = { hostname, port, path: url.pathname.replace(/\/$/, '') + path };
  const outgoing = request({ ...target, agent, method, headers: [...headers], signal });
  let sent = false;
  whenConnected(outgoing, () => {
    sent = true;
    body.sendTo(outgoing);
  });
  const answer = new Promise<http.IncomingMessage>((resolve, reject) => {
    outgoing.on('response', resolve);
    // Stays: a connection may also fail after the answer, while the request is still being sent.
    outgoing.on('error', (error) =>
      reject(error instanceof BodyTooLargeError ? error : new UpstreamUnreachableError(sent, error)),
    );
  });
  answer.catch(() => undefined);
  return { answer, cancel: () => outgoing.destroy() };
}

/** Until there is a connection nothing is sent, so that a request that never left can be sent again. */
function whenConnected(outgoing: http.ClientRequest, action: () => void): void {
  outgoing.once('socket', (socket) => {
    if (!socket.connecting) action();
    else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', action);
  });
}

async function* partsOf(answer: Promise<http.IncomingMessage>): AsyncGenerator<Part, undefined> {
  const response = await answer;
  const { statusCode: status = 502, statusMessage: statusText = '' } = response;
  if (TROUBLE.has(status)) throw await statusError(status, statusText, response);
  yield { status, statusText, headers: endToEndHeaders(response.rawHeaders) };
  yield* bodyOf(response);
}

async function* bodyOf(response: http.IncomingMessage): AsyncGenerator<Buffer, undefined> {
  try {
    for await (const chunk of response) yield chunk as Buffer;
  } catch (error) {
    throw new UpstreamBrokeOffError(error);
  }
}

async function statusError(status: number, statusText: string, response: http.IncomingMessage) {
  const body = await errorPage(response);
  // What describes the length, or a body that was left out, would be wrong now.
  const wrong = body.length === 0 ? ['content-length', 'content-encoding'] : ['content-length'];
  const headers = endToEndHeaders(response.rawHeaders, wrong);
  return new UpstreamStatusError({ status, statusText, headers }, body, response.headers);
}

/** Reads a short error page; a long one is left out rather than cut. */
async function errorPage(response: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(response)) {
    bytes += chunk.length;
    if (bytes > MAX_ERROR_BYTES) return Buffer.alloc(0);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
