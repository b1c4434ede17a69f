import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsReference } from '../../src/policy/fits-reference.ts';
import { globTest } from '../../src/policy/glob.ts';

/** As a request must be: see `readRequest`. */
const REF = /^[a-z][a-z0-9+.-]*:\/(?:\/(?!\.\.?(?:\/|$))[^/\\]+)+$/u;

describe('a pattern of references', () => {
  it.each([
    '**',
    'pg://orders',
    'pg://*',
    'pg**',
    'pg:**',
    'pg:/**',
    '*//x',
    '**/pin',
    'p*://a/*/b',
    'pg://...',
    '**#pin',
    '*:**',
  ])('fits some: %j', (pattern) => {
    expect(fitsReference(pattern)).toBe(true);
  });

  it.each([
    '*',
    'orders',
    'PG://orders',
    'Pg**',
    'pg://orders/',
    'pg://orders//x',
    'pg:orders',
    'pg:/orders',
    'pg:*',
  ])('fits none: %j', (pattern) => {
    expect(fitsReference(pattern)).toBe(false);
  });

  it.each([
    'pg://',
    'pg:///**',
    'pg://a/../x',
    'pg://a/./x',
    'pg://..',
    'pg://*\\**',
    '7g://x',
    '-**',
    '://x',
    '/**',
    'p g://x',
  ])('fits none either: %j', (pattern) => {
    expect(fitsReference(pattern)).toBe(false);
  });

  it('fits some where a reference is found that it fits', () => {
    const part = fc.constantFrom('a', 'B', '.', '..', ':', '/', '//', '://', 'a://b', '\\', '#', '*', '**');
    const pattern = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
    // One star of three is no pattern.
    const right = pattern.filter((text) => !text.includes('***'));
    const star = fc.array(fc.constantFrom('', 'a', '.', ':', '/', 'a:', '//a', 'a://a'), {
      minLength: 6,
      maxLength: 6,
    });
    fc.assert(
      fc.property(right, star, (text, stars) => {
        let at = 0;
        const ref = text.replaceAll(/\*+/g, () => stars[at++ % stars.length] ?? '');
        if (REF.test(ref) && globTest(text)(ref)) expect(fitsReference(text)).toBe(true);
        if (!text.includes('*')) expect(fitsReference(text)).toBe(REF.test(text));
      }),
      { numRuns: 3_000 },
    );
  });
});
