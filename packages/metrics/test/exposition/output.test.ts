import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Output } from '../../src/exposition/output.ts';
import { decodeFields, splitDelimited } from '../decode-protobuf.ts';

describe('an output', () => {
  property.prop([fc.array(fc.string({ unit: 'binary', maxLength: 100 })), fc.nat(50)])(
    'holds text as UTF-8, however little room it began with',
    (texts, capacity) => {
      const output = new Output(capacity);
      for (const text of texts) output.text(text);
      expect(output.written()).toEqual(Buffer.from(texts.join('')));
      expect(output.length).toBe(Buffer.byteLength(texts.join('')));
    },
  );

  property.prop([fc.maxSafeNat(), fc.double()])('holds numbers as protobuf has them', (whole, any) => {
    const output = new Output(0);
    output.varint(1 * 8);
    output.varint(whole);
    output.varint(2 * 8 + 1);
    output.double(any);
    const fields = decodeFields(output.written());
    expect(fields.get(1)).toEqual([BigInt(whole)]);
    expect(fields.get(2)).toEqual([any]);
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152])(
    'puts the length before a part of %i bytes',
    (length) => {
      const output = new Output(0);
      const outer = output.open();
      const inner = output.open();
      const content = Buffer.from(Array.from({ length }, (_, index) => 97 + (index % 23))).toString();
      output.text(content);
      output.close(inner);
      output.text('after');
      output.close(outer);
      const [message = Buffer.alloc(0), ...others] = splitDelimited(output.written());
      expect(others).toEqual([]);
      expect(message.subarray(-5).toString()).toBe('after');
      expect(splitDelimited(message.subarray(0, -5)).map(String)).toEqual([content]);
    },
  );
});
