import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globCovers, globTest, literalPrefix } from '../../src/policy/glob.ts';
import { toRegExp } from './naive-policy.ts';

const letters = ['a', 'b', '/'];
const text = fc.array(fc.constantFrom(...letters), { maxLength: 10 }).map((parts) => parts.join(''));
const pattern = fc
  .array(fc.constantFrom(...letters, '*', '**'), { maxLength: 8 })
  .map((parts) => parts.join(''))
  .filter((glob) => !glob.includes('***'));

describe('a pattern', () => {
  it.each([
    ['op://prod/*', 'op://prod/orders', true],
    ['op://prod/*', 'op://prod/orders/password', false],
    ['op://prod/**', 'op://prod/orders/password', true],
    ['op://prod/**', 'op://prod', false],
    ['op://*/orders', 'op://prod/orders', true],
    ['op://*/orders', 'op://prod/eu/orders', false],
    ['op://**/orders', 'op://prod/eu/orders', true],
    ['op://prod/orders', 'op://prod/orders2', false],
    ['op://prod/orders', 'OP://prod/orders', false],
    ['*', '', true],
    ['a.b', 'axb', false],
  ])('%s on %s: %s', (glob, ref, expected) => {
    expect(globTest(glob)(ref)).toBe(expected);
  });

  it('fits what the regular expression of the same meaning fits', () => {
    let fitting = 0;
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const expected = toRegExp(glob).test(value);
        if (expected) fitting++;
        expect(globTest(glob)(value)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(fitting).toBeGreaterThan(100);
  });

  it('with many stars does not make a text that nearly fits expensive', () => {
    const steps = { count: 0 };
    const text = new Proxy(Object('a'.repeat(512)) as object, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) steps.count++;
        return Reflect.get(target, key) as unknown;
      },
    }) as unknown as string;
    expect(globTest('a*'.repeat(200) + '**b')(text)).toBe(false);
    expect(steps.count).toBeGreaterThan(0);
    expect(steps.count).toBeLessThan(2 * 512 * 512);
  });

  it('covers another one only if it fits all that the other fits', () => {
    let covering = 0;
    fc.assert(
      fc.property(
        pattern,
        pattern,
        fc.array(text, { minLength: 20, maxLength: 20 }),
        (wide, narrow, texts) => {
          if (!globCovers(wide, narrow)) return;
          covering++;
          for (const value of texts.filter(globTest(narrow))) expect(globTest(wide)(value)).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
    expect(covering).toBeGreaterThan(50);
  });

  it('begins with what stands before its first star', () => {
    expect(literalPrefix('op://prod/or*')).toBe('op://prod/or');
    expect(literalPrefix('op://prod')).toBe('op://prod');
  });
});
