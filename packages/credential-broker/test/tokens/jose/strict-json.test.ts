import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonObject } from '../../../src/tokens/jose/strict-json.ts';

const read = (text: string) => readJsonObject(new TextEncoder().encode(text));

describe('a strict reader of JSON', () => {
  it('reads any object as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['of one object', '{"a":1,"a":2}'],
    ['however they are spelled', '{"a":1,"\\u0061":2}'],
    ['of an inner object', '{"b":[{"c":{"d":1,"d":1}}]}'],
    ['behind an inner object', '{"a":{"x":[1,"y"]},"b":2,"a":3}'],
    ['that look like syntax', '{"{,\\"":1,"{,\\"":2}'],
    ['that are empty', '{"":1,"":2}'],
    ['that are __proto__', '{"__proto__":1,"__proto__":2}'],
  ])('refuses equal keys %s', (_, text) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(read(text)).toBeUndefined();
  });

  it.each(['{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}', '{"a":"b","b":"a"}', '{"a":["a","a"]}', '{}'])(
    'tells keys from values, and one object from another: %s',
    (text) => {
      expect(read(text)).toEqual(JSON.parse(text));
    },
  );

  it.each(['[]', 'null', '1', '"a"', '', '{', '{"a":1}x', '\ufeff{}', "{'a':1}", '{"a":NaN}'])(
    'refuses what is no JSON object: %s',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('refuses bytes that are not UTF-8', () => {
    expect(readJsonObject(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBeUndefined();
  });

  it('finds an equal key wherever it is put', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat(), (value, at) => {
        const entries = Object.entries(value).map(
          ([key, one]) => `${JSON.stringify(key)}:${JSON.stringify(one)}`,
        );
        entries.splice(at % entries.length, 0, entries[at % entries.length] as string);
        expect(read(`{"outer":{${entries.join(', ')}}}`)).toBeUndefined();
      }),
    );
  });
});
