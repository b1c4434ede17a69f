import type { ClientRequest, IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { BodyTooLargeError } from './errors.ts';

/** The body of a client's request, on its way to the upstream. */
export interface RequestBody {
  /** Whether it can be sent again after a part of it was sent. */
  readonly repeatable: boolean;
  /** Sends it, and ends the request. */
  sendTo(target: ClientRequest): void;
}

/** The longest body that is accepted. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Up to this length the body of an idempotent request is read first, so that it can be sent again. */
const MAX_KEPT_BYTES = 64 * 1024;

/** Methods that change nothing (RFC 9110, section 9.2.1). */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

export const isSafe = (method: string): boolean => SAFE.has(method);

/** Methods that may be repeated without harm (RFC 9110, section 9.2.2). */
const IDEMPOTENT = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

export const isIdempotent = (method: string): boolean => IDEMPOTENT.has(method);

/**
 * Takes the body of a request: none, kept, or streamed.
 *
 * @throws {@link BodyTooLargeError} when its announced length is above {@link MAX_BODY_BYTES}
 */
export async function requestBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<RequestBody> {
  const { method = 'GET', headers } = request;
  const length = Number(headers['content-length'] ?? (headers['transfer-encoding'] ? Infinity : 0));
  if (headers['content-length'] !== undefined && length > maxBytes) throw new BodyTooLargeError(maxBytes);
  if (length === 0) return kept(undefined);
  if (length <= MAX_KEPT_BYTES && isIdempotent(method)) return kept(await buffer(request));
  return { repeatable: false, sendTo: (target) => stream(request, target, maxBytes) };
}

function kept(bytes: Buffer | undefined): RequestBody {
  return { repeatable: true, sendTo: (target) => target.end(bytes) };
}

/** Streams a body as fast as the upstream takes it. The request itself survives whatever happens to its copy. */
function stream(request: IncomingMessage, target: ClientRequest, maxBytes: number): void {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new BodyTooLargeError(maxBytes));
      else done(null, chunk);
    },
  });
  limit.on('error', (error) => target.destroy(error));
  target.on('close', () => request.unpipe(limit));
  // The upstream may answer before the client sends the first piece.
  target.flushHeaders();
  request.pipe(limit).pipe(target);
}
