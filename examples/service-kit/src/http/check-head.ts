import type { IncomingMessage } from 'node:http';
import { ProblemError } from './problem.ts';

/** Header fields of which two readers might believe different ones, were they there twice. */
const SINGLE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'if-match',
  'origin',
  'traceparent',
  'transfer-encoding',
  'x-api-key',
  'x-request-id',
]);

/**
 * Checks that everybody reads the head of a request alike.
 *
 * @throws {@link ProblemError} when a field is there twice that must not be, no host is named, or something else than
 *   chunks would tell where the body ends
 */
export function checkHead({ rawHeaders, headers, httpVersion }: IncomingMessage): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (SINGLE.has(name) && seen.has(name)) throw new ProblemError('bad-request', `${name} is there twice.`);
    seen.add(name);
  }
  const { host, 'transfer-encoding': coding } = headers;
  if (host === undefined) throw new ProblemError('bad-request', 'host is not there.');
  // HTTP/1.0 has no chunks, and proxies that speak it pass them on as they are (RFC 9112, section 6.1).
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion === '1.0'))
    throw new ProblemError('bad-request', 'transfer-encoding must be chunked, and absent before HTTP/1.1.');
}
