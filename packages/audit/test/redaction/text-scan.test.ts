import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALWAYS, bucketOf, ENCODED, NEEDS_ESCAPE, SUSPECT, TextScan } from '../../src/redaction/text-scan.ts';

const scan = new TextScan();

describe('a look at a text', () => {
  it('sees exactly what JSON has to escape, and halves of surrogate pairs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = JSON.stringify(text) !== `"${text}"` || /[\ud800-\udfff]/.test(text);
        expect((scan.flags(text) & NEEDS_ESCAPE) !== 0).toBe(escaped);
      }),
    );
  });

  it.each([
    ['', 0],
    ['plain text', 0],
    ['say "x"', NEEDS_ESCAPE],
    ['a\nb', NEEDS_ESCAPE],
    ['100%', ENCODED],
    ['a\\b', NEEDS_ESCAPE | ENCODED],
    ['\ud83d\ude00', NEEDS_ESCAPE],
    ['\u007f\u0080\u20ac', 0],
  ])('of %o', (text, flags) => {
    expect(scan.flags(text)).toBe(flags | ALWAYS);
  });

  it('never misses an anchor, wherever it stands and whatever is around it', () => {
    const anchor = fc.string({ unit: 'binary', minLength: 4, maxLength: 12 });
    const around = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(anchor, { minLength: 1, maxLength: 20 }),
        around,
        around,
        (anchors, before, after) => {
          const marked = new TextScan();
          for (const text of anchors) marked.mark(text);
          for (const text of anchors) expect(marked.flags(before + text + after) & SUSPECT).toBe(SUSPECT);
        },
      ),
    );
  });

  it('suspects little that it has no reason to', () => {
    const marked = new TextScan();
    marked.mark('eyJh');
    const random = fc.sample(fc.string({ minLength: 20, maxLength: 20 }), { numRuns: 2000, seed: 3 });
    const suspected = random.filter((text) => (marked.flags(text) & SUSPECT) !== 0 && !text.includes('eyJh'));
    expect(suspected.length).toBeLessThan(20);
  });

  it('counts the first four characters of an anchor only', () => {
    expect(bucketOf('abcdefgh')).toBe(bucketOf('abcdzzzz'));
    expect(bucketOf('abcd')).not.toBe(bucketOf('abce'));
    const marked = new TextScan();
    marked.mark('abcdefgh');
    expect(marked.flags('abcd') & SUSPECT).toBe(SUSPECT);
    expect(marked.flags('abc') & SUSPECT).toBe(0);
  });
});
