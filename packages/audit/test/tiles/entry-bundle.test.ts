import { decodeBundle, encodeBundle, MAX_ENTRY_BYTES } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('entries stand behind their lengths, big-endian', () => {
  expect(encodeBundle([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258, 7)]).toString('hex')).toBe(
    `00026162${'0000'}0102${'07'.repeat(258)}`,
  );
  expect(encodeBundle([])).toEqual(Buffer.alloc(0));
});

test('what is encoded is decoded, from nothing up to the longest entry', () => {
  const longest = Buffer.alloc(MAX_ENTRY_BYTES, 1);
  expect(decodeBundle(encodeBundle([longest, longest]))).toEqual(
    [longest, longest].map((entry) => Buffer.from(entry)),
  );
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 256 }), (entries) => {
      const decoded = decodeBundle(encodeBundle(entries));
      expect(decoded.map((entry) => Buffer.from(entry))).toEqual(entries.map((entry) => Buffer.from(entry)));
    }),
  );
});

test('a bundle that is cut within an entry is refused', () => {
  const entries = [Buffer.from('one'), Buffer.from('two')];
  const bundle = encodeBundle(entries);
  for (let cut = 0; cut < bundle.length; cut++) {
    if (cut === 0 || cut === 5) expect(decodeBundle(bundle.subarray(0, cut))).toHaveLength(cut / 5);
    else expect(() => decodeBundle(bundle.subarray(0, cut))).toThrow(RangeError);
  }
});

test('a bundle of more entries than a tile has hashes is refused, before they become objects', () => {
  expect(decodeBundle(Buffer.alloc(2 * 256))).toHaveLength(256);
  expect(() => decodeBundle(Buffer.alloc(2 * 257))).toThrow(RangeError);
});
