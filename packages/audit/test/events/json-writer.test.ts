import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditEventError } from '../../src/events/event-error.ts';
import { canonicalJson, JsonWriter } from '../../src/events/json-writer.ts';

const write = (value: unknown, maxLength = 10_000) =>
  new JsonWriter({ name: 'details', maxLength }).write(value);

/** What a refused value is told: the field, and what is wrong with it. */
function refusal(value: unknown, maxLength?: number): string {
  try {
    write(value, maxLength);
  } catch (error) {
    if (error instanceof AuditEventError) return error.message.replace('audit event: ', '');
    throw error;
  }
  return 'was written';
}

const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { maxKeys: 5, noNullPrototype: false }),
  ),
})).value;

describe('canonical JSON', () => {
  it('is what RFC 8785 asks for, whatever the value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
      }),
    );
  });

  it('writes the numbers of RFC 8785, appendix B', () => {
    const numbers = [
      0, -0, 5e-324, -5e-324, 1.7976931348623157e308, 9007199254740992, 1e21, 9.999999999999997e22, 1e23,
    ];
    const texts = ['0', '0', '5e-324', '-5e-324', '1.7976931348623157e+308', '9007199254740992', '1e+21'];
    expect(numbers.map((number) => write(number))).toEqual([...texts, '9.999999999999997e+22', '1e+23']);
  });

  it('sorts however many names there are', () => {
    for (let count = 0; count < 40; count++) {
      const names = Array.from({ length: count }, (_, n) => String.fromCharCode(97 + ((n * 7) % count)) + n);
      const value = Object.fromEntries(names.map((name) => [name, 1]));
      expect(Object.keys(JSON.parse(canonicalJson(value)) as object)).toEqual(names.sort());
    }
  });

  it('sorts names by UTF-16 code units, as the example of RFC 8785, section 3.2.3 does', () => {
    const names = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 };
    expect(write(names)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it('leaves out what is undefined in an object, and writes null for it in an array, as JSON does', () => {
    expect(write({ a: undefined, b: [undefined, 1] })).toBe('{"b":[null,1]}');
  });

  it('asks toJSON, as JSON does', () => {
    expect(write({ at: new Date(0), secret: { toJSON: () => '[secret]' } })).toBe(
      '{"at":"1970-01-01T00:00:00.000Z","secret":"[secret]"}',
    );
  });

  it('writes a name __proto__ as any other, and changes no prototype', () => {
    const hostile: unknown = JSON.parse('{"__proto__":{"admin":true},"constructor":1}');
    expect(write(hostile)).toBe('{"__proto__":{"admin":true},"constructor":1}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('takes an object that is in two places, which is no cycle', () => {
    const shared = { a: 1 };
    expect(write([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  it('reads every property once', () => {
    let reads = 0;
    const shifty = { get a() { return (reads += 1); } }; // prettier-ignore
    expect(write(shifty)).toBe('{"a":1}');
    expect(reads).toBe(1);
  });
});

describe('a value that is not JSON', () => {
  const cycle: { self?: unknown } = {};
  cycle.self = { again: [cycle] };
  const throwing = { get a(): never { throw new Error('no'); } }; // prettier-ignore
  const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 1);

  it.each([
    ['a cycle', cycle, 'details.self.again[0] must be JSON, got a cycle'],
    ['a bigint', { a: { b: [1n] } }, 'details.a.b[0] must be JSON, got a bigint'],
    ['a symbol', { a: Symbol('x') }, 'details.a must be JSON, got a symbol'],
    ['a function', { a: () => 1 }, 'details.a must be JSON, got a function'],
    ['NaN', { a: NaN }, 'details.a must be JSON, got NaN'],
    ['Infinity', { a: -Infinity }, 'details.a must be JSON, got -Infinity'],
    [
      'half a surrogate pair',
      { a: 'x\ud83d' },
      'details.a must be Unicode text, got half of a surrogate pair',
    ],
    [
      'a name with half of one',
      { '\ude00': 1 },
      'details.\ude00 must be Unicode text, got half of a surrogate pair',
    ],
    ['bytes', { a: new Uint8Array(3) }, 'details.a must be JSON, got bytes'],
    ['a Buffer', { a: Buffer.from('secret') }, 'details.a must be JSON, got bytes'],
    ['a Map', { a: new Map([[1, 2]]) }, 'details.a must be a plain object'],
    ['an Error', { a: new Error('x') }, 'details.a must be a plain object'],
    ['a huge depth', deep, `details${'[0]'.repeat(64)} must not be nested deeper than 64`],
    ['a getter that throws', { x: throwing }, 'details.x.a cannot be read'],
    ['undefined as a whole', undefined, 'details must be JSON, got undefined'],
  ])('is refused by the name of the field: %s', (_, value, message) => {
    expect(refusal(value)).toBe(message);
  });

  it('hands on what a getter threw', () => {
    const cause = new Error('no');
    const throwing = { toJSON: () => { throw cause; } }; // prettier-ignore
    expect(() => write(throwing)).toThrow(expect.objectContaining({ code: 'ERR_AUDIT_EVENT', cause }));
  });

  it('is refused when proxies lie', () => {
    const liar = new Proxy({}, { ownKeys: () => { throw new Error('no keys'); } }); // prettier-ignore
    expect(refusal({ liar })).toBe('details.liar cannot be read');
    const endless = new Proxy<unknown[]>([], {
      get: (target, key): unknown => (key === 'length' ? Infinity : Reflect.get(target, key)),
    });
    expect(refusal({ endless })).toMatch('must not be longer than 10000 characters');
  });
});

describe('the length of a value', () => {
  it('is bounded', () => {
    expect(write({ a: 'x'.repeat(90) }, 100)).toHaveLength(98);
    expect(refusal({ a: 'x'.repeat(100) }, 100)).toBe('details.a must not be longer than 100 characters');
  });

  it('is bounded when one object is in exponentially many places', () => {
    let bomb: unknown = 'ha';
    for (let level = 0; level < 60; level++) bomb = [bomb, bomb];
    expect(refusal({ bomb })).toMatch('must not be longer than 10000 characters');
  });

  it('is bounded when it is all names or all brackets', () => {
    expect(refusal({ ['n'.repeat(20_000)]: 1 })).toMatch('must not be longer');
    expect(refusal(Array.from({ length: 6000 }, () => []))).toMatch('must not be longer');
  });
});
