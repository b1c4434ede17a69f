import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { secretWeakness } from '../../src/secret/secret-weakness.ts';

it.each([
  ['short', undefined, 'must have at least 32 bytes'],
  ['x'.repeat(31), undefined, 'must have at least 32 bytes'],
  ['abcdefg', 8, 'must have at least 8 bytes'],
  ['abcdefg'.repeat(9), undefined, 'must have at least 8 different bytes'],
  ['aab', 3, 'must have at least 3 different bytes'],
  ['dev-Secret-key-9f0a4b7c2d5e8f1a3b6c', undefined, 'must be random, not a placeholder'],
  ['C.H.A.N.G.E-me-9f0a4b7c2d5e8f1a3b6c9d', undefined, 'must be random, not a placeholder'],
  ['abcdefgh'.repeat(4), undefined, undefined],
  ['abc', 3, undefined],
  ['é'.repeat(15) + 'abcdefgh', 38, undefined],
])('what is wrong with %j of at least %j bytes: %s', (secret, minBytes, weakness) => {
  expect(secretWeakness(secret, minBytes)).toBe(weakness);
  expect(secretWeakness(Buffer.from(secret), minBytes)).toBe(weakness);
});

it('finds nothing wrong with what is random', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
      const hex = Buffer.from(bytes).toString('hex');
      fc.pre(new Set(hex).size >= 8 && !hex.includes('1234567890'));
      expect(secretWeakness(hex)).toBeUndefined();
    }),
  );
});

it.each([NaN, 0, -1, 1.5])('refuses to ask for at least %d bytes', (minBytes) => {
  expect(() => secretWeakness('', minBytes)).toThrow(RangeError);
});

it('leaves the bytes as they are', () => {
  const bytes = Buffer.from('A-b'.repeat(20));
  secretWeakness(bytes);
  expect(bytes.toString()).toBe('A-b'.repeat(20));
});
