import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NeedleSet } from '../../src/redaction/needle-set.ts';

const setOf = (...needles: readonly string[]) => {
  const set = new NeedleSet();
  for (const needle of needles) set.add(needle);
  return set;
};

describe('a set of needles', () => {
  it('finds the first one, and of those that begin there the longest', () => {
    const set = setOf('abcd', 'abcdef', 'cdef');
    expect(set.find('xxabcdefxx')).toEqual({ start: 2, end: 8 });
    expect(set.find('xxabcdxx')).toEqual({ start: 2, end: 6 });
    expect(set.find('xcdefabcd')).toEqual({ start: 1, end: 5 });
  });

  it('looks from a position on', () => {
    const set = setOf('abcd');
    expect(set.find('abcd abcd', 1)).toEqual({ start: 5, end: 9 });
    expect(set.find('abcd abcd', 6)).toBeUndefined();
  });

  it('finds nothing in what is too short, and nothing when it is empty', () => {
    expect(setOf('abcd').find('abc')).toBeUndefined();
    expect(setOf('abcd').find('')).toBeUndefined();
    expect(setOf().find('abcd')).toBeUndefined();
  });

  it('keeps one of equal needles until each was taken out', () => {
    const set = setOf('abcd', 'abcd', 'abcx');
    set.delete('abcd');
    expect(set.find('abcd')).toBeDefined();
    set.delete('abcd');
    set.delete('abcd');
    set.delete('none');
    expect(set.find('abcd')).toBeUndefined();
    expect(set.find('abcx')).toBeDefined();
  });

  it('is empty again when all were taken out', () => {
    const set = setOf('abcd', 'efgh');
    expect(set.size).toBeGreaterThan(0);
    for (const needle of ['abcd', 'efgh']) set.delete(needle);
    expect(set.size).toBe(0);
  });

  it('finds what a plain search finds', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 40 });
    const needle = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(fc.uniqueArray(needle, { minLength: 1, maxLength: 6 }), text, (needles, hay) => {
        const starts = needles.map((one) => hay.indexOf(one)).filter((at) => at >= 0);
        const start = Math.min(...starts);
        const longest = Math.max(
          ...needles.filter((one) => hay.startsWith(one, start)).map((one) => one.length),
        );
        const expected = starts.length === 0 ? undefined : { start, end: start + longest };
        expect(setOf(...needles).find(hay)).toEqual(expected);
      }),
    );
  });
});
