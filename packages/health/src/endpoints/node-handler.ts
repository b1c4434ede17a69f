import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf, type HealthRequest } from './health-request.ts';
import type { Responder } from './responder.ts';
import type { HealthAnswer } from './view.ts';

/**
 * Answers a request of `node:http` or Express, or passes it on; without `next`, what is not for it gets a 404.
 */
export type NodeHealthHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => void;

export function nodeHandler(responder: Responder): NodeHealthHandler {
  return (request, response, next) => {
    const answer = responder.answer(readNodeRequest(request));
    if (answer instanceof Promise) void answer.then((each) => send(response, each), next);
    else if (answer !== undefined) send(response, answer);
    else if (next !== undefined) next();
    else response.writeHead(404, { 'Content-Length': '0' }).end();
  };
}

export function readNodeRequest(request: IncomingMessage): HealthRequest {
  return {
    method: request.method ?? 'GET',
    path: pathOf(request.url ?? '/'),
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    raw: request,
  };
}

// Node leaves the body out of the answer to HEAD by itself.
function send(response: ServerResponse, { status, headers, body }: HealthAnswer): void {
  // Something else may have answered meanwhile, such as a limit on how long requests may take.
  if (response.headersSent) return;
  response.writeHead(status, headers);
  response.end(body);
}
