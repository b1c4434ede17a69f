import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/config/parse.ts';

describe('a number', () => {
  test.each<[string, number]>([
    ['0', 0],
    ['-1', -1],
    ['+7', 7],
    ['007', 7],
    ['65535', 65_535],
  ])('%s is read', (text, value) => {
    expect(parse.integer(-1, 65_535)(text)).toBe(value);
  });

  test.each(['65536', '-2', '', '1_000', '1,000', '１', '0b1', '1.', '.5', '1 2', '9'.repeat(400)])(
    '%j is no port',
    (text) => {
      expect(() => parse.integer(-1, 65_535)(text)).toThrow(
        new RangeError('must be an integer >= -1 and <= 65535'),
      );
    },
  );

  test('may have a fraction where it need not be whole', () => {
    expect(parse.number(0, 1)('0.25')).toBe(0.25);
    expect(() => parse.number(0, 1)('1.01')).toThrow('must be a number >= 0 and <= 1');
    expect(() => parse.number(0)('1e3')).toThrow(/^must /);
  });

  test('that is written is read, whichever it is', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect(parse.integer(Number.MIN_SAFE_INTEGER)(String(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

test.each([
  ['true', true],
  ['TRUE', true],
  ['True', true],
  ['1', true],
  ['false', false],
  ['FALSE', false],
  ['0', false],
])('%s is the flag %s', (text, value) => {
  expect(parse.flag()(text)).toBe(value);
});

test.each(['yes', 'no', 'on', 'truefalse', '10', ''])('%j is no flag', (text) => {
  expect(() => parse.flag()(text)).toThrow(new TypeError('must be true or false'));
});

test('a text is as long as it may be, and no longer', () => {
  expect(parse.text(3)('abc')).toBe('abc');
  expect(() => parse.text(3)('abcd')).toThrow(new RangeError('must have at most 3 characters'));
  expect(parse.text()('x'.repeat(1_024))).toHaveLength(1_024);
  expect(() => parse.text()('x'.repeat(1_025))).toThrow('must have at most 1024 characters');
});

test('a choice is one of those that there are, and no property of anything', () => {
  const level = parse.choice('info', 'warn');
  expect(level('warn')).toBe('warn');
  for (const text of ['Info', 'info ', 'constructor', '0', 'length'])
    expect(() => level(text)).toThrow(new TypeError('must be one of "info", "warn"'));
});

test('a list holds as many items as it may, blank ones apart', () => {
  const two = parse.list(parse.integer(0), 2);
  expect(two(' 1 , 2 ')).toEqual([1, 2]);
  expect(two('1,')).toEqual([1]);
  expect(two('')).toEqual([]);
  expect(() => two('1,2,3')).toThrow(new RangeError('must have at most 2 items'));
  expect(() => two('1,x')).toThrow('must be an integer >= 0');
  const many = parse.list(parse.text());
  expect(many(Array.from({ length: 100 }, () => 'a').join())).toHaveLength(100);
  expect(() => many(Array.from({ length: 101 }, () => 'a').join())).toThrow('must have at most 100 items');
});

describe('an address', () => {
  test.each<[readonly string[], string]>([
    [[], 'https://a.example/b?c'],
    [[], 'http://a.example'],
    [['postgres:', 'redis:'], 'redis://a.example/0'],
  ])('with one of %j is read: %s', (protocols, text) => {
    expect(parse.url(...protocols)(text).href).toBe(new URL(text).href);
  });

  test.each<[readonly string[], string, string]>([
    [[], 'ftp://a.example', 'must be a URL with https: or http:'],
    [[], 'a.example', 'must be a URL with https: or http:'],
    [['https:'], 'http://a.example', 'must be a URL with https:'],
    [
      [],
      'https://user@a.example',
      'must be a URL without user and password; declare it a secret to have them',
    ],
    [
      [],
      'https://:word@a.example',
      'must be a URL without user and password; declare it a secret to have them',
    ],
  ])('with one of %j is not %s', (protocols, text, rule) => {
    expect(() => parse.url(...protocols)(text)).toThrow(new TypeError(rule));
  });
});
