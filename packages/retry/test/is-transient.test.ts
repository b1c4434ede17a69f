import { TimeoutError } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { isTransient } from '../src/index.ts';

describe('isTransient', () => {
  it.each<[string, unknown]>([
    ['an Error', new Error('reset')],
    ['a TypeError, as fetch throws it', new TypeError('fetch failed')],
    ['a timeout', new TimeoutError(5, { strategy: 'x' })],
    ['a timeout of the platform', new DOMException('late', 'TimeoutError')],
    ['a string', 'boom'],
    ['undefined', undefined],
    ['null', null],
    ['a status that is no error', { status: 200 }],
    ...[408, 425, 429, 500, 502, 503, 504, 599].map((status): [string, unknown] => [
      `status ${status}`,
      { status },
    ]),
    ['a statusCode', { statusCode: 503 }],
    ['the status of a response', { response: { status: 503 } }],
  ])('retries %s', (_, error) => {
    expect(isTransient(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an AbortError', new DOMException('stop', 'AbortError')],
    ...[400, 401, 403, 404, 407, 409, 422, 451, 501, 505].map((status): [string, unknown] => [
      `status ${status}`,
      { status },
    ]),
    ['a statusCode', { statusCode: 404 }],
    ['the status of a response', Object.assign(new Error('HTTP'), { response: { status: 404 } })],
  ])('does not retry %s', (_, error) => {
    expect(isTransient(error)).toBe(false);
  });
});
