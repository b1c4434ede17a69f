import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/exposition/output.ts';
import {
  doubleField,
  openField,
  sintField,
  sintsField,
  textField,
  uintField,
} from '../../../src/exposition/protobuf/fields.ts';
import { decodeFields, decodeSints, unzigzag } from '../../decode-protobuf.ts';

const fieldNumber = fc.integer({ min: 1, max: 2 ** 29 - 1 });
const sint = fc.integer({ min: -(2 ** 52), max: 2 ** 52 });

function written(write: (output: Output) => void) {
  const output = new Output(0);
  write(output);
  return output.written();
}

describe('a field', () => {
  property.prop([fieldNumber, fc.maxSafeNat()])('holds a whole number', (field, value) => {
    const bytes = written((output) => uintField(output, field, value));
    expect(decodeFields(bytes).get(field)).toEqual([BigInt(value)]);
  });

  property.prop([fieldNumber, sint])('holds a whole number of either sign', (field, value) => {
    const [read] = decodeFields(written((output) => sintField(output, field, value))).get(field) ?? [];
    expect(unzigzag(read as bigint) + 0).toBe(value + 0);
  });

  it.each([
    [0, [0]],
    [-1, [1]],
    [1, [2]],
    [-64, [127]],
    [64, [128, 1]],
  ])('holds %i in as few bytes as it takes', (value, expected) => {
    const [tag, ...bytes] = written((output) => sintField(output, 1, value));
    expect(tag).toBe(8);
    expect(bytes).toEqual(expected);
  });

  property.prop([fieldNumber, fc.double()])('holds a number', (field, value) => {
    expect(decodeFields(written((output) => doubleField(output, field, value))).get(field)).toEqual([value]);
  });

  property.prop([fieldNumber, fc.string({ unit: 'grapheme', maxLength: 300 })])(
    'holds a text',
    (field, text) => {
      const [bytes] = decodeFields(written((output) => textField(output, field, text))).get(field) ?? [];
      expect(String(bytes)).toBe(text);
    },
  );

  property.prop([fieldNumber, fc.array(sint)])('holds many whole numbers', (field, values) => {
    const [bytes] = decodeFields(written((output) => sintsField(output, field, values))).get(field) ?? [];
    expect(decodeSints(bytes as Buffer).map((each) => each + 0)).toEqual(values.map((each) => each + 0));
  });

  property.prop([fc.integer({ min: 0, max: 20 }), fc.string({ unit: 'binary-ascii', maxLength: 200 })])(
    'holds a message within messages',
    (depth, text) => {
      const bytes = written((output) => {
        const starts = Array.from({ length: depth }, () => openField(output, 3));
        textField(output, 7, text);
        for (const start of starts.reverse()) output.close(start);
      });
      let fields = decodeFields(bytes);
      for (let level = 0; level < depth; level++) fields = decodeFields(fields.get(3)?.[0] as Buffer);
      expect(String(fields.get(7)?.[0])).toBe(text);
    },
  );
});
