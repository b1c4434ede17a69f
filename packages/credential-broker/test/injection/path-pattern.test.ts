import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsPath, isNormalPath, isPathPattern } from '../../src/injection/path-pattern.ts';

describe('isNormalPath', () => {
  it.each([
    '/',
    '/v1',
    '/v1/',
    '/v1/a.b/c~d',
    '/a%20b',
    '/caf%C3%A9',
    '/v1/orders:cancel',
    "/a(b)*'!",
    '/%26',
    '/&',
    '/...x',
  ])('passes %s', (path) => {
    expect(isNormalPath(path)).toBe(true);
    expect(new URL(`https://a.example${path}`).pathname).toBe(path);
  });

  it.each([
    ['', 'no root'],
    ['v1', 'no root'],
    ['//', 'an empty segment'],
    ['/v1//admin', 'an empty segment'],
    ['/v1/..', 'dots'],
    ['/v1/./a', 'dots'],
    ['/v1/...', 'dots that some servers drop'],
    ['/v1/..%20/admin', 'dots and a blank'],
    ['/v1/%2e%2e/admin', 'encoded dots'],
    ['/v1/%2E%2E/admin', 'encoded dots'],
    ['/v1/.%2E/admin', 'an encoded dot'],
    ['/v1/a%2Eb', 'a dot that needs no escape'],
    ['/v1/%61dmin', 'a letter that needs no escape'],
    ['/v1/..;/admin', 'a parameter behind dots'],
    ['/v1/a;b', 'a parameter'],
    ['/v1/a%3Bb', 'an encoded semicolon'],
    ['/v1/a%2Fb', 'an encoded slash'],
    ['/v1/a%2fb', 'an encoded slash'],
    ['/v1/..%2Fadmin', 'an encoded slash'],
    ['/v1/a\\b', 'a backslash'],
    ['/v1/a%5Cb', 'an encoded backslash'],
    ['/v1/%252E%252E', 'an escape of an escape'],
    ['/v1/%C0%AE%C0%AE/admin', 'dots in overlong UTF-8'],
    ['/v1/%FF', 'no UTF-8'],
    ['/v1/%', 'half an escape'],
    ['/v1/%zz', 'no escape'],
    ['/v1/a%00', 'a NUL'],
    ['/v1/a%0D%0Ab', 'a line break'],
    ['/caf%c3%a9', 'small letters in an escape'],
    ['/café', 'what has to be an escape'],
    ['/v1/a b', 'a blank'],
    ['/v1/[a]', 'brackets'],
  ])('refuses %s: %s', (path) => {
    expect(isNormalPath(path)).toBe(false);
  });

  it('passes only what everybody reads in one way: decoded twice, or resolved, it is the same', () => {
    let passed = 0;
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2F',
      '%5C',
      '%25',
      '%20',
      '%C3%A9',
      ';',
      '\\',
      'a',
      'B',
      '%41',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const path = `/${pieces.join('')}`;
        if (!isNormalPath(path)) return;
        passed++;
        expect(new URL(path, 'https://a.example').pathname).toBe(path);
        const decoded = decodeURIComponent(path);
        expect(decoded.split('/')).toHaveLength(path.split('/').length);
        expect(decodeURIComponent(decoded)).toBe(decoded);
        expect(decoded).not.toMatch(/\/\/|\/\.\.?(\/|$)|[\\;]/);
      }),
      { numRuns: 2_000 },
    );
    expect(passed).toBeGreaterThan(100);
  });
});

describe('isPathPattern', () => {
  it.each(['/', '/v1/*', '/v1/**', '/*/x/**', '/**'])('passes %s', (pattern) => {
    expect(isPathPattern(pattern)).toBe(true);
  });

  it.each([
    7,
    '',
    '*',
    '/v1/**/x',
    '/v1/a*',
    '/v1/*.json',
    '/v1/***',
    '/v1/../x',
    '//',
    '/a%2Fb',
    `/${'a'.repeat(1_024)}`,
  ])('refuses %s', (pattern) => {
    expect(isPathPattern(pattern)).toBe(false);
  });
});

/** A pattern as a regular expression. */
const naive = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('**', '\0')
      .replaceAll('*', '[^/]+')
      .replaceAll('\0', '.*')}$`,
  );

describe('fitsPath', () => {
  it.each([
    ['/v1/*', '/v1/a', true],
    ['/v1/*', '/v1/', false],
    ['/v1/*', '/v1/a/b', false],
    ['/v1/**', '/v1/', true],
    ['/v1/**', '/v1/a/b/', true],
    ['/v1/**', '/v1', false],
    ['/v1/**', '/v10', false],
    ['/**', '/', true],
    ['/v1', '/V1', false],
    ['/v1', '/v1/', false],
  ])('%s and %s: %s', (pattern, path, fits) => {
    expect(fitsPath(pattern, path)).toBe(fits);
  });

  it('fits what a regular expression would', () => {
    const segment = fc.constantFrom('a', 'b', 'a.b', '');
    const patternOf = fc
      .tuple(
        fc.array(fc.constantFrom('a', 'b', 'a.b', '*'), { maxLength: 4 }),
        fc.constantFrom('', 'a', '*', '**'),
      )
      .map(([segments, last]) => `/${[...segments, last].join('/')}`);
    const pathOf = fc
      .array(segment, { minLength: 1, maxLength: 5 })
      .map((segments) => `/${segments.join('/')}`);
    let fitted = 0;
    fc.assert(
      fc.property(patternOf, pathOf, (pattern, path) => {
        if (!isPathPattern(pattern) || !isNormalPath(path)) return;
        const fits = fitsPath(pattern, path);
        if (fits) fitted++;
        expect(fits, `${pattern} ${path}`).toBe(naive(pattern).test(path));
      }),
      { numRuns: 3_000 },
    );
    expect(fitted).toBeGreaterThan(50);
  });
});
