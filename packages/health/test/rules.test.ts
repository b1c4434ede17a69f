import { integer, type } from '@holdfast/pipeline';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listOf, nameRule, readRequired } from '../src/rules.ts';

describe('a name', () => {
  test.each(['a', 'billing', 'check:a', 'a.b-c_d:9', 'x'.repeat(100)])('can be %j', (name) => {
    expect(nameRule(name)).toBeUndefined();
  });

  test.each([['x'.repeat(101)], [''], [' '], [7], [undefined], [null], [{}]])('cannot be %j', (name) => {
    expect(nameRule(name)).toMatch(/^must be 1 to 100 letters/);
  });

  test('never needs to be escaped: not in a label, a line of text, a path or JSON', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w.:-]{1,20}$/)), (text) => {
        if (nameRule(text) !== undefined) return;
        expect(JSON.stringify(text)).toBe(`"${text}"`);
        expect(encodeURIComponent(text).replaceAll('%3A', ':')).toBe(text);
        expect(text.split('\n')).toHaveLength(1);
      }),
    );
  });
});

describe('a list', () => {
  const rule = listOf(integer(1));

  test('holds what follows the rule of its elements', () => {
    expect(rule([])).toBeUndefined();
    expect(rule([1, 2])).toBeUndefined();
  });

  test('is an array, and says which rule an element breaks', () => {
    expect(rule('12')).toBe('must be an array');
    expect(rule([1, 0])).toBe('must be an array; each element must be an integer >= 1');
  });
});

describe('options of which some must be given', () => {
  const rules = { host: type('string'), port: integer(1) };
  const read = (options: { host?: string; port?: number }) =>
    readRequired('connect', options as { host: string; port?: number }, rules, { port: 80 }, ['host']);

  test('are filled in with defaults', () => {
    expect(read({ host: 'a' })).toEqual({ host: 'a', port: 80 });
  });

  test('are refused where one is missing', () => {
    expect(() => read({})).toThrow(new TypeError('connect: host must be a string, got undefined'));
    expect(() => read({ port: 0 })).toThrow(new RangeError('connect: port must be an integer >= 1, got 0'));
  });
});
