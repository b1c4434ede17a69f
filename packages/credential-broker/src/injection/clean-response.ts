import { Buffer } from 'node:buffer';
import { boundedBody, type BodyWatch } from '../egress/bounded-body.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { InjectionError } from './injection-error.ts';

/** Fields that describe the answer. None sets a cookie or asks who one is: those are credentials as well. */
const RESPONSE_HEADERS: readonly string[] = [
  'age',
  'allow',
  'cache-control',
  'content-disposition',
  'content-language',
  'content-location',
  'content-type',
  'date',
  'etag',
  'expires',
  'last-modified',
  'link',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-limit',
  'ratelimit-policy',
  'ratelimit-remaining',
  'ratelimit-reset',
  'retry-after',
  'vary',
  'x-request-id',
];

/** What the egress takes off; in any other encoding a secret could not be seen. */
const DECODED: readonly string[] = ['', 'br', 'deflate', 'gzip', 'identity', 'x-gzip'];

/** In these a character of ASCII is the byte that it is in UTF-8; in any other a secret could not be seen. */
const ASCII_BASED = /^(utf-?8|us-ascii|iso-8859-\d{1,2}|windows-125\d)$/;

/**
 * An answer without secrets: in its header fields, of which only some are handed on, and in its body while it is read.
 *
 * @throws {@link InjectionError} `response` when the body is in an encoding, or says to be in a charset, in which a secret
 *   could not be seen
 */
export function cleanResponse(
  response: Response,
  redactor: Redactor,
  more: readonly string[],
  watch: BodyWatch,
): Response {
  if (!isReadable(response.headers)) {
    response.body?.cancel().catch(() => {});
    throw new InjectionError('response', 'the answer is in an encoding that cannot be read');
  }
  const headers = new Headers();
  for (const [name, value] of response.headers) {
    if (RESPONSE_HEADERS.includes(name) || more.includes(name)) headers.append(name, clean(redactor, value));
  }
  const { status, body } = response;
  if (body === null) {
    watch.onEnd();
    return new Response(null, { status, headers });
  }
  return new Response(boundedBody(body.pipeThrough(redactor.stream()), watch), { status, headers });
}

function isReadable(headers: Headers): boolean {
  const encoding = (headers.get('content-encoding') ?? '').trim().toLowerCase();
  const type = (headers.get('content-type') ?? '').toLowerCase();
  const charsets = [...type.matchAll(/charset\s*=\s*["']?([^"';,\s]*)/g)];
  return DECODED.includes(encoding) && charsets.every(([, charset = '']) => ASCII_BASED.test(charset));
}

/** The value of a header field has a character for each byte. */
const clean = (redactor: Redactor, value: string) =>
  Buffer.from(redactor.cleanBytes(Buffer.from(value, 'latin1'))).toString('latin1');
