import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differences } from '../../src/verify/differences.ts';

/** A row of hashes, one for each letter. */
const row = (letters: string) => Buffer.concat([...letters].map((letter) => Buffer.alloc(32, letter)));
const story = (expected: string, found: string) =>
  differences(row(expected), row(found)).map(({ kind, at, count }) => `${kind} ${at} ${count}`);

describe('differences', () => {
  it.each([
    ['abcdef', 'abcdef', []],
    ['', '', []],
    ['abcdef', 'abXdef', ['entry-changed 2 1']],
    ['abcdef', 'XbcdeY', ['entry-changed 0 1', 'entry-changed 5 1']],
    ['abcdef', 'abdef', ['entry-dropped 2 1']],
    ['abcdef', 'abcde', ['entry-dropped 5 1']],
    ['abcdef', 'cdef', ['entry-dropped 0 2']],
    ['abcdef', '', ['entry-dropped 0 6']],
    ['abcdef', 'abXcdef', ['entry-inserted 2 1']],
    ['abcdef', 'abcdefX', ['entry-inserted 6 1']],
    ['abcdef', 'abcdefXY', ['entry-inserted 6 2']],
    ['abcdef', 'abdcef', ['entries-swapped 2 1', 'entries-swapped 3 1']],
    ['abcdef', 'fbcdea', ['entries-swapped 0 1', 'entries-swapped 5 1']],
    ['abcdef', 'abdefg', ['entry-dropped 2 1', 'entry-inserted 6 1']],
    ['abcdef', 'abXcde', ['entry-inserted 2 1', 'entry-dropped 5 1']],
    ['abcdef', 'abdefX0', ['entry-changed 2 4']],
    ['aaab', 'aab', ['entry-dropped 2 1']],
  ])('tells of %j that became %j: %j', (expected, found, told) => {
    expect(story(expected, found)).toEqual(told);
  });

  it('says nothing about equal rows, and something about all others, within the row', () => {
    const letters = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
      .map((each) => each.join(''));
    fc.assert(
      fc.property(letters, letters, (expected, found) => {
        const told = differences(row(expected), row(found));
        expect(told.length === 0).toBe(expected === found);
        for (const { at, count } of told) {
          expect(count).toBeGreaterThan(0);
          expect(at).toBeLessThanOrEqual(expected.length);
        }
      }),
    );
  });
});
