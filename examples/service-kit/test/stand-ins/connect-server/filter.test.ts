import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseFilter } from '../../../src/stand-ins/connect-server/filter.ts';

interface Item {
  readonly title: string;
  readonly tags: readonly string[];
}

const attributes = ({ title, tags }: Item, name: string) =>
  name === 'title' ? [title] : name === 'tag' ? tags : undefined;

interface Term {
  readonly attribute: 'title' | 'tag';
  readonly operator: 'eq' | 'co' | 'sw';
  readonly wanted: string;
}

const word = fc.string({ unit: fc.constantFrom('a', 'B', '"', '\\', ' ', 'é'), maxLength: 4 });
const term: fc.Arbitrary<Term> = fc.record({
  attribute: fc.constantFrom('title', 'tag'),
  operator: fc.constantFrom('eq', 'co', 'sw'),
  wanted: word,
});
const item: fc.Arbitrary<Item> = fc.record({ title: word, tags: fc.array(word, { maxLength: 3 }) });
/** Terms that all must hold, of which one group must. */
const groups = fc.array(fc.array(term, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 });

function holds({ attribute, operator, wanted }: Term, { title, tags }: Item): boolean {
  return (attribute === 'title' ? [title] : tags).some((value) => {
    const [own, other] = [value.toLowerCase(), wanted.toLowerCase()];
    if (operator === 'eq') return own === other;
    return operator === 'co' ? own.includes(other) : own.indexOf(other) === 0;
  });
}

test('a filter finds what its terms say, of which `and` binds closer than `or`', () => {
  fc.assert(
    fc.property(
      groups,
      item,
      fc.constantFrom(' and ', '  AND '),
      fc.constantFrom(' or ', ' OR  '),
      (all, subject, and, or) => {
        const text = all
          .map((terms) =>
            terms
              .map((each) => `${each.attribute} ${each.operator} ${JSON.stringify(each.wanted)}`)
              .join(and),
          )
          .join(or);
        const expected = all.some((terms) => terms.every((each) => holds(each, subject)));
        expect(parseFilter(text, attributes)(subject)).toBe(expected);
      },
    ),
  );
});

const subject = { title: 'a', tags: ['b'] };

test.each(['title eq "A"', '  title   eq   "a"  ', 'TITLE eq "a"', 'title eq "\\u0061"', 'tag sw "B"'])(
  'case and spaces do not count: %s',
  (text) => {
    expect(parseFilter(text, attributes)(subject)).toBe(true);
  },
);

test.each([
  '',
  ' ',
  'title',
  'title eq',
  'title eq a',
  'title eq "a',
  "title eq 'a'",
  'title ne "a"',
  'title EQ "a"',
  'title eq "a" and',
  'title eq "a" and ',
  'and title eq "a"',
  'title eq "a" tag eq "b"',
  'title eq "a" xor tag eq "b"',
  'title eq "a")',
  '(title eq "a")',
  'not title eq "b"',
  'title eq "\\x"',
  'title.length eq "1"',
])('%j is no filter', (text) => {
  expect(() => parseFilter(text, attributes)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});

test('an attribute that cannot be filtered by is told when it is looked at', () => {
  const filter = parseFilter('size eq "1"', attributes);
  expect(() => filter(subject)).toThrow(expect.objectContaining({ status: 400 }) as Error);
});
