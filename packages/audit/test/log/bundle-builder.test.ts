import { decodeBundle, encodeBundle } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BundleBuilder } from '../../src/log/bundle-builder.ts';

const entries = fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 40 });

test('entries that are pushed one by one make the bundle that they make together', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const builder = new BundleBuilder();
      for (const [at, entry] of list.entries()) {
        builder.push(entry);
        expect(builder.first(at + 1)).toEqual(encodeBundle(list.slice(0, at + 1)));
      }
      expect(builder.length).toBe(encodeBundle(list).length);
      expect(builder.take()).toEqual(encodeBundle(list));
      expect(builder.length).toBe(0);
    }),
  );
});

test('what was given out stays as it is while more is pushed', () => {
  const builder = new BundleBuilder();
  builder.push(Buffer.from('one'));
  const early = builder.first(1);
  for (let more = 0; more < 100; more++) builder.push(Buffer.alloc(1000, more));
  expect(decodeBundle(early)).toEqual([Buffer.from('one')]);
  const whole = builder.take();
  builder.push(Buffer.alloc(5000, 9));
  expect(decodeBundle(whole)).toHaveLength(101);
});
