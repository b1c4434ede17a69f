import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterOf } from '../src/index.ts';

const clock = manualClock({ wallStartMs: Date.UTC(1994, 10, 6, 8, 49, 30) });

describe('retryAfterOf', () => {
  it.each<[string, unknown, number | undefined]>([
    ['retryAfterMs', { retryAfterMs: 1_500 }, 1_500],
    ['retryAfterMs of 0', { retryAfterMs: 0 }, 0],
    ['Headers', { headers: new Headers({ 'Retry-After': '3' }) }, 3_000],
    ['a Response', new Response(null, { headers: { 'Retry-After': '3' } }), 3_000],
    ['a record', { headers: { 'retry-after': '3' } }, 3_000],
    ['a record in another spelling', { headers: { 'Retry-After': '3' } }, 3_000],
    ['a number', { headers: { 'retry-after': 3 } }, 3_000],
    ['the headers of a response', { response: { headers: { 'retry-after': '3' } } }, 3_000],
    ['a decimal', { headers: { 'retry-after': '0.25' } }, 250],
    ['blanks around', { headers: { 'retry-after': ' 3 ' } }, 3_000],
    ['retry-after-ms', { headers: { 'retry-after-ms': '120' } }, 120],
    ['retry-after-ms before retry-after', { headers: { 'retry-after': '9', 'retry-after-ms': '120' } }, 120],
    [
      'a malformed retry-after-ms beside retry-after',
      { headers: { 'retry-after': '9', 'retry-after-ms': 'x' } },
      9_000,
    ],
    ['an IMF date', { headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } }, 7_000],
    ['an RFC 850 date', { headers: { 'retry-after': 'Sunday, 06-Nov-94 08:49:37 GMT' } }, 7_000],
    ['an asctime date', { headers: { 'retry-after': 'Sun Nov  6 08:49:37 1994' } }, 7_000],
    ['a date in the past', { headers: { 'retry-after': 'Sun, 06 Nov 1994 08:00:00 GMT' } }, 0],
    ['gRPC pushback', { metadata: new Map([['grpc-retry-pushback-ms', ['40']]]) }, 40],
    ['a negative gRPC pushback', { metadata: new Map([['grpc-retry-pushback-ms', ['-1']]]) }, Infinity],
    ['an unreadable gRPC pushback', { metadata: { 'grpc-retry-pushback-ms': 'never' } }, Infinity],
    ['nothing', {}, undefined],
    ['an Error', new Error('x'), undefined],
    ['undefined', undefined, undefined],
    ['null', null, undefined],
    ['a string', 'retry-after: 5', undefined],
    ['retryAfterMs of a rejection that does not know', { retryAfterMs: undefined }, undefined],
    ['NaN', { retryAfterMs: NaN }, undefined],
    ['headers that are null', { headers: null, response: null, metadata: null }, undefined],
    ['an empty header', { headers: { 'retry-after': '' } }, undefined],
    ['a negative number of seconds', { headers: { 'retry-after': '-5' } }, undefined],
    ['something else', { headers: { 'retry-after': 'soon' } }, undefined],
    ['a date that is none', { headers: { 'retry-after': 'Sunday' } }, undefined],
    ['an ISO date', { headers: { 'retry-after': '1994-11-06T08:49:37Z' } }, undefined],
  ])('reads %s', (_, error, expected) => {
    expect(retryAfterOf(error, clock)).toBe(expected);
  });

  it('follows the wall clock when it is set', () => {
    const wall = manualClock({ wallStartMs: Date.UTC(1994, 10, 6, 8, 49, 30) });
    const error = { headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } };
    wall.jumpWall(-3_000);
    expect(retryAfterOf(error, wall)).toBe(10_000);
    wall.jumpWall(60_000);
    expect(retryAfterOf(error, wall)).toBe(0);
  });

  it('takes every date for one of Greenwich, wherever the process runs', () => {
    const { TZ } = process.env;
    process.env['TZ'] = 'America/New_York';
    try {
      expect(new Date(0).getTimezoneOffset()).toBe(300);
      const error = { headers: { 'retry-after': 'Sun Nov  6 08:49:37 1994' } };
      expect(retryAfterOf(error, clock)).toBe(7_000);
    } finally {
      if (TZ === undefined) delete process.env['TZ'];
      else process.env['TZ'] = TZ;
    }
  });

  it('goes by the system’s clock when given none', () => {
    const error = { headers: { 'retry-after': 'Sun, 06 Nov 1994 08:49:37 GMT' } };
    expect(retryAfterOf(error)).toBe(0);
  });

  it('answers a time or nothing, whatever a header says', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.date().map(String)), (value) => {
        const askedMs = retryAfterOf({ headers: { 'retry-after': value } }, clock);
        expect(askedMs === undefined || askedMs >= 0).toBe(true);
      }),
    );
  });
});
