import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAdmissionRejection, isTimeout } from '@holdfast/pipeline';
import { isRateLimited } from '@holdfast/limiter';
import { ProblemError } from './problem.ts';

/** What a route answers. */
export interface Answer {
  /** Default 200, and 204 without a body. */
  readonly status?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Text and bytes are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

/** Sends the answer of a route. */
export function sendAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers = {}, body }: Answer,
): void {
  // The rest of a request that is answered already is not worth reading.
  if (!request.complete) response.setHeader('Connection', 'close');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) return void response.writeHead(status ?? 204).end();
  const isPlain = typeof body === 'string' || body instanceof Uint8Array;
  if (!response.hasHeader('content-type')) response.setHeader('Content-Type', typeOf(body));
  const content = isPlain ? body : JSON.stringify(body);
  response.writeHead(status ?? 200, { 'Content-Length': Buffer.byteLength(content) }).end(content);
}

function typeOf(body: unknown): string {
  if (typeof body === 'string') return 'text/plain; charset=utf-8';
  return body instanceof Uint8Array ? 'application/octet-stream' : 'application/json; charset=utf-8';
}

/** Sends a problem, with the id by which those who run the service find it in their logs. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: ProblemError,
  requestId: string,
): void {
  if (response.writableEnded) return;
  // Half an answer must not look like a whole one.
  if (response.headersSent) return void response.destroy();
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  const body = { ...problem.toJSON(), requestId };
  response.setHeader('Content-Type', 'application/problem+json');
  sendAnswer(request, response, { status: problem.status, body });
}

/** What a client is told of an error. Rejections say when to come again; of anything else it learns nothing. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (isTimeout(error)) return new ProblemError('upstream-timeout', 'No answer in time.', { cause: error });
  if (isAdmissionRejection(error)) {
    const seconds = Math.max(1, Math.ceil((error.retryAfterMs ?? 1_000) / 1_000));
    const headers = { 'Retry-After': String(seconds) };
    const name = isRateLimited(error) ? 'rate-limited' : 'unavailable';
    return new ProblemError(name, 'Come again later.', { headers, cause: error });
  }
  return new ProblemError('internal', 'Something went wrong.', { cause: error });
}
