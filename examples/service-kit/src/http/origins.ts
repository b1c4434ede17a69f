import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProblemError } from './problem.ts';

/** Under which names a service is reached, and from which pages. */
export interface OriginRules {
  readonly hosts: readonly string[];
  readonly origins: readonly string[];
}

/**
 * Checks that a request asks for this service (a page whose name was made to lead here does not), and that it comes from
 * a page that may. Pages of other origins may nothing unless they are named; there is no wildcard.
 *
 * @throws {@link ProblemError} when it does not
 */
export function checkOrigin(request: IncomingMessage, response: ServerResponse, rules: OriginRules): void {
  const { host = '', origin } = request.headers;
  if (!isOwnHost(request, rules)) throw new ProblemError('misdirected', 'This service has another name.');
  response.setHeader('Vary', 'Origin');
  if (origin === undefined || [`https://${host}`, `http://${host}`].includes(origin)) return;
  if (!rules.origins.includes(origin))
    throw new ProblemError('forbidden', 'Pages of this origin may not use the service.');
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader(
    'Access-Control-Expose-Headers',
    'RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
  );
}

/** Whether a request asks for this service by one of its names. */
export function isOwnHost({ headers }: IncomingMessage, { hosts }: Pick<OriginRules, 'hosts'>): boolean {
  return hosts.includes((headers.host ?? '').toLowerCase().replace(/:\d*$/, ''));
}

/** Whether a browser asks what a page may do, before it does it. */
export const isPreflight = ({ method, headers }: IncomingMessage) =>
  method === 'OPTIONS' && headers.origin !== undefined && 'access-control-request-method' in headers;

/** Answers that question for a path, whose origin was checked. */
export function answerPreflight(response: ServerResponse, methods: readonly string[]): void {
  const headers = {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers':
      'Authorization, Content-Type, Idempotency-Key, If-Match, Traceparent, X-Api-Key, X-Request-Id',
    'Access-Control-Max-Age': '600',
  };
  response.writeHead(204, headers).end();
}

/** What every answer tells browsers; a route that serves a page replaces what it must. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};
