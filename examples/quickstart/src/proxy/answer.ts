import { isCircuitOpen } from '@holdfast/circuit-breaker';
import { isBulkheadFull, isRateLimited } from '@holdfast/limiter';
import { isTimeout } from '@holdfast/timeout';
import type { Outcome } from '../traffic/outcome.ts';
import { BodyTooLargeError, UpstreamBrokeOffError, UpstreamUnreachableError } from './errors.ts';

/** What the proxy answers when the upstream has no answer. */
export interface Answer {
  readonly status: number;
  readonly outcome: Outcome;
  /** The error type of the header Proxy-Status (RFC 9209, section 2.3). */
  readonly proxyError: string;
  readonly detail: string;
  /** In how many milliseconds the client may try again. */
  readonly retryAfterMs?: number | undefined;
}

/** Translates what went wrong into an answer. */
export function answerTo(error: unknown): Answer {
  if (isCircuitOpen(error)) {
    return {
      status: 503,
      outcome: 'rejected',
      proxyError: 'destination_unavailable',
      detail: 'The upstream has failed too often of late; the request was not sent.',
      // Where the breaker cannot know, half-open for one, a second is a fair guess.
      retryAfterMs: error.retryAfterMs ?? 1_000,
    };
  }
  if (isBulkheadFull(error)) {
    return {
      status: 503,
      outcome: 'rejected',
      proxyError: 'connection_limit_reached',
      detail: 'As many requests as the upstream bears are under way; this one was not sent.',
      retryAfterMs: error.retryAfterMs ?? 1_000,
    };
  }
  if (isRateLimited(error)) {
    return {
      status: 429,
      outcome: 'rejected',
      proxyError: 'http_request_denied',
      detail: 'The limit is used up; the request was not sent.',
      retryAfterMs: error.retryAfterMs,
    };
  }
  if (isTimeout(error)) {
    const detail = 'The upstream did not answer in time.';
    return { status: 504, outcome: 'timeout', proxyError: 'http_response_timeout', detail };
  }
  if (error instanceof UpstreamUnreachableError) {
    const proxyError = error.code === 'ECONNRESET' ? 'connection_terminated' : 'connection_refused';
    return { status: 502, outcome: 'unreachable', proxyError, detail: `${error.message}.` };
  }
  if (error instanceof UpstreamBrokeOffError) {
    const proxyError = 'http_response_incomplete';
    return { status: 502, outcome: 'broken', proxyError, detail: `${error.message}.` };
  }
  if (error instanceof BodyTooLargeError) {
    return { status: 413, outcome: 'refused', proxyError: 'http_request_error', detail: `${error.message}.` };
  }
  const detail = 'The proxy made a mistake.';
  return { status: 500, outcome: 'broken', proxyError: 'proxy_internal_error', detail };
}
