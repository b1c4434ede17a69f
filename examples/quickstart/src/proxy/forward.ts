import { once } from 'node:events';
import type { Agent, IncomingMessage, ServerResponse } from 'node:http';
import { deadlineHeaders, readDeadline } from '@holdfast/timeout';
import type { Guard } from '../guard.ts';
import type { Outcome } from '../traffic/outcome.ts';
import { answerTo } from './answer.ts';
import { UpstreamStatusError } from './errors.ts';
import { endToEndHeaders } from './hop-by-hop.ts';
import { isIdempotent, isSafe, requestBody, type RequestBody } from './request-body.ts';
import { sendAnswer } from './send-answer.ts';
import { callUpstream, type Part } from './upstream-call.ts';

/** Where requests go, and what guards them on the way. */
export interface Route {
  readonly guard: Guard;
  readonly url: URL;
  readonly agent: Agent;
  /** Told of each attempt after the first. */
  readonly onRetry: () => void;
}

/** Written anew for each attempt, or done with: Node has answered `Expect` already. */
const REWRITTEN = ['host', 'content-length', 'expect', 'holdfast-timeout-ms'];

/** Passes one request on, and its answer back. Never throws; answers how it ended. */
export async function forward(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Outcome> {
  const client = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) client.abort(new Error('The client has left'));
  });
  try {
    const parts = guarded(route, request, await requestBody(request), client.signal);
    let outcome: Outcome = 'answered';
    for await (const part of parts) {
      if (!Buffer.isBuffer(part) && part.degraded === true) outcome = 'degraded';
      await deliver(part, response, client.signal);
    }
    response.end();
    return outcome;
  } catch (error) {
    if (client.signal.aborted) return 'abandoned';
    if (!response.headersSent) return sendFailure(route.guard, response, error);
    // Half an answer must not look like a whole one.
    response.destroy();
    return 'broken';
  }
}

/** The upstream's answer, behind the guard. */
function guarded(
  { guard, url, agent, onRetry }: Route,
  request: IncomingMessage,
  body: RequestBody,
  signal: AbortSignal,
): AsyncIterable<Part> {
  const { method = 'GET', url: path = '/' } = request;
  const repeatable = isIdempotent(method) && body.repeatable ? 'yes' : 'no';
  const timeoutMs = readDeadline(request.headers);
  const endsAtMs = performance.now() + Math.min(guard.totalMs, timeoutMs ?? Infinity);
  // What the context of a stream tells is the time to its first item, and the upstream may go on after that.
  const remainingMs = () => Math.max(0, endsAtMs - performance.now());
  return guard.strategy.stream(
    (ctx) => {
      if (ctx.attempt > 1) onRetry();
      const own = {
        Host: url.host,
        Via: `${request.httpVersion} holdfast`,
        ...deadlineHeaders({ remainingMs }),
      };
      const headers = [
        ...endToEndHeaders(request.rawHeaders, REWRITTEN),
        ...Object.entries(own).flat(),
        ...framing(request),
      ];
      return callUpstream({ url, agent, method, path, headers, body }, ctx.signal);
    },
    {
      ...guard.limits,
      signal,
      timeoutMs,
      attributes: { method, path, repeatable, access: isSafe(method) ? 'read' : 'write' },
    },
  );
}

/**
 * Says where the body ends. Passed on like other headers, a `Connection: content-length` would drop it, and the upstream
 * would take the body for the next request on the connection.
 */
function framing({ headers }: IncomingMessage): readonly string[] {
  const length = headers['content-length'];
  if (length !== undefined) return ['Content-Length', length];
  return headers['transfer-encoding'] === undefined ? [] : ['Transfer-Encoding', 'chunked'];
}

/** Gives the client a part of the answer, no faster than it reads. */
async function deliver(part: Part, response: ServerResponse, signal: AbortSignal): Promise<void> {
  if (Buffer.isBuffer(part)) {
    if (!response.write(part)) await once(response, 'drain', { signal });
  } else {
    const own = part.degraded === true ? ['Holdfast-Degraded', 'true'] : [];
    response.writeHead(part.status, part.statusText, [...part.headers, ...own]);
  }
}

function sendFailure(guard: Guard, response: ServerResponse, error: unknown): Outcome {
  if (error instanceof UpstreamStatusError) {
    const { status, statusText, headers } = error.head;
    response.writeHead(status, statusText, [...headers]).end(error.body);
    return 'error';
  }
  const answer = answerTo(error);
  if (answer.status === 500) console.error(error);
  sendAnswer(response, answer, guard.refusalHeaders?.(error));
  return answer.outcome;
}
