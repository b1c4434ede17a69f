import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/** Sends an answer of the proxy itself, as a problem in JSON (RFC 9457). */
export function sendAnswer(response: ServerResponse, answer: Answer, headers: object = {}): void {
  const { status, outcome, proxyError, detail, retryAfterMs } = answer;
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/problem+json');
  response.setHeader('Proxy-Status', `holdfast; error=${proxyError}`);
  // The rest of a request that is refused is not worth reading.
  if (outcome === 'refused') response.setHeader('Connection', 'close');
  if (retryAfterMs !== undefined) {
    // Rounded up, since a client that comes back too early is refused again.
    response.setHeader('Retry-After', Math.max(1, Math.ceil(retryAfterMs / 1_000)));
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  response.end(`${JSON.stringify({ title: STATUS_CODES[status], status, detail })}\n`);
}
