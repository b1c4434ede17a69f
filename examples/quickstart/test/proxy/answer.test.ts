import { CircuitOpenError } from '@holdfast/circuit-breaker';
import { BulkheadFullError, RateLimitedError } from '@holdfast/limiter';
import { TimeoutError } from '@holdfast/timeout';
import { expect, it } from 'vitest';
import { answerTo } from '../../src/proxy/answer.ts';
import {
  BodyTooLargeError,
  UpstreamBrokeOffError,
  UpstreamUnreachableError,
} from '../../src/proxy/errors.ts';

const strategy = 'upstream';
const cause = new Error('ECONNRESET');

it.each([
  [
    'an open circuit',
    new CircuitOpenError('open', { strategy, retryAfterMs: 1_500 }),
    503,
    'rejected',
    'destination_unavailable',
  ],
  [
    'a bulkhead that is full',
    new BulkheadFullError('full', { strategy }),
    503,
    'rejected',
    'connection_limit_reached',
  ],
  [
    'a limit that is used up',
    new RateLimitedError('full', { strategy, retryAfterMs: 900 }),
    429,
    'rejected',
    'http_request_denied',
  ],
  ['a timeout', new TimeoutError(50, { strategy }), 504, 'timeout', 'http_response_timeout'],
  [
    'a refused connection',
    new UpstreamUnreachableError(false, cause),
    502,
    'unreachable',
    'connection_refused',
  ],
  [
    'a lost connection',
    new UpstreamUnreachableError(true, cause),
    502,
    'unreachable',
    'connection_terminated',
  ],
  ['half an answer', new UpstreamBrokeOffError(cause), 502, 'broken', 'http_response_incomplete'],
  ['too much of a body', new BodyTooLargeError(10), 413, 'refused', 'http_request_error'],
  ['a mistake of its own', new TypeError('oops'), 500, 'broken', 'proxy_internal_error'],
])('has an answer to %s', (_what, error, status, outcome, proxyError) => {
  expect(answerTo(error)).toMatchObject({ status, outcome, proxyError });
});

it('never tells a client what a mistake was about', () => {
  expect(JSON.stringify(answerTo(new Error('secret')))).not.toContain('secret');
});

it('tells when the circuit admits calls again, and guesses where nobody knows', () => {
  const known = new CircuitOpenError('open', { strategy, retryAfterMs: 1_500 });
  expect(answerTo(known).retryAfterMs).toBe(1_500);
  expect(answerTo(new CircuitOpenError('half-open', { strategy })).retryAfterMs).toBe(1_000);
});
