import { entryBundlePath, tilePath, tileWidth } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test.each([
  { index: 0, width: 256, path: '000' },
  { index: 0, width: 1, path: '000.p/1' },
  { index: 273, width: 112, path: '273.p/112' },
  { index: 999, width: 256, path: '999' },
  { index: 1000, width: 256, path: 'x001/000' },
  { index: 1_234_067, width: 256, path: 'x001/x234/067' },
  { index: 1_234_067, width: 8, path: 'x001/x234/067.p/8' },
])('index $index is served at $path', ({ index, width, path }) => {
  expect(tilePath(0, index, width)).toBe(`tile/0/${path}`);
  expect(tilePath(5, index, width)).toBe(`tile/5/${path}`);
  expect(entryBundlePath(index, width)).toBe(`tile/entries/${path}`);
});

test('a tree of 70,000 leaves has the tiles that the specification lists', () => {
  expect(tileWidth(0, 272, 70_000)).toBe(256);
  expect(tileWidth(0, 273, 70_000)).toBe(112);
  expect(tileWidth(0, 274, 70_000)).toBe(0);
  expect(tileWidth(1, 0, 70_000)).toBe(256);
  expect(tileWidth(1, 1, 70_000)).toBe(17);
  expect(tileWidth(2, 0, 70_000)).toBe(1);
  expect(tileWidth(3, 0, 70_000)).toBe(0);
  expect(tileWidth(0, 0, 256)).toBe(256);
  expect(tileWidth(1, 0, 256)).toBe(1);
});

test('no two indices are served at one path', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
      expect(tilePath(0, a) === tilePath(0, b)).toBe(a === b);
      expect(tilePath(0, a)).toMatch(/^tile\/0(\/x\d{3})*\/\d{3}$/);
    }),
  );
});
