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

/** @throws {@link ProblemError} when a field is there twice that must not be */
export function checkSingleHeaders({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    if (SINGLE.has(name) && seen.has(name)) throw new ProblemError('bad-request', `${name} is there twice.`);
    seen.add(name);
  }
}
