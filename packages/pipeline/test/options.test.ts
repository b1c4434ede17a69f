import { check, either, having, integer, number, oneOf, readOptions, type } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';

describe('the rules', () => {
  const ok = undefined;
  it.each([
    [
      'integer(1)',
      integer(1),
      [
        [0, 'must be an integer >= 1'],
        [1, ok],
        [1.5, 'must be an integer >= 1'],
        [Infinity, 'must be an integer >= 1'],
        [2 ** 53, 'must be an integer >= 1'],
        ['1', 'must be an integer >= 1'],
      ],
    ],
    [
      'integer(1, 3)',
      integer(1, 3),
      [
        [0, 'must be an integer >= 1 and <= 3'],
        [1, ok],
        [3, ok],
        [4, 'must be an integer >= 1 and <= 3'],
      ],
    ],
    [
      'integer(1, Infinity)',
      integer(1, Infinity),
      [
        [Infinity, ok],
        [NaN, 'must be an integer >= 1 or Infinity'],
        [0, 'must be an integer >= 1 or Infinity'],
      ],
    ],
    [
      'integer(-Infinity)',
      integer(-Infinity),
      [
        [-5, ok],
        [0.5, 'must be an integer'],
      ],
    ],
    [
      'number(0)',
      number(0),
      [
        [-0.1, 'must be a number >= 0'],
        [0, ok],
        [Infinity, ok],
        [NaN, 'must be a number >= 0'],
        [null, 'must be a number >= 0'],
      ],
    ],
    [
      'number(0, 1)',
      number(0, 1),
      [
        [0, ok],
        [1, ok],
        [1.01, 'must be a number >= 0 and <= 1'],
      ],
    ],
    [
      'type(function)',
      type('function'),
      [
        [() => 1, ok],
        [{}, 'must be a function'],
      ],
    ],
    [
      'type(object)',
      type('object'),
      [
        [{}, ok],
        [[], ok],
        [null, 'must be an object'],
        [() => 1, 'must be an object'],
      ],
    ],
    [
      'type(string)',
      type('string'),
      [
        ['', ok],
        [5, 'must be a string'],
      ],
    ],
    [
      'type(boolean)',
      type('boolean'),
      [
        [false, ok],
        [0, 'must be a boolean'],
      ],
    ],
    [
      'oneOf',
      oneOf('a', 'b'),
      [
        ['a', ok],
        ['c', 'must be one of "a", "b"'],
        [undefined, 'must be one of "a", "b"'],
      ],
    ],
    [
      'either',
      either(integer(1), oneOf('auto')),
      [
        [1, ok],
        ['auto', ok],
        [0, 'must be an integer >= 1 or one of "auto"'],
      ],
    ],
  ] as const)('%s', (_, rule, cases) => {
    for (const [value, broken] of cases) expect([value, rule(value)]).toEqual([value, broken]);
  });
});

describe('check', () => {
  it.each([
    [-5, integer(0), RangeError, 'pool: size must be an integer >= 0, got -5'],
    [NaN, number(0), RangeError, 'pool: size must be a number >= 0, got NaN'],
    ['5', integer(0), TypeError, 'pool: size must be an integer >= 0, got "5"'],
    [5, oneOf('a'), TypeError, 'pool: size must be one of "a", got 5'],
    ['b', oneOf('a'), TypeError, 'pool: size must be one of "a", got "b"'],
    ['on', type('boolean'), TypeError, 'pool: size must be a boolean, got "on"'],
    [
      0,
      either(integer(1), oneOf('auto')),
      RangeError,
      'pool: size must be an integer >= 1 or one of "auto", got 0',
    ],
    [null, type('object'), TypeError, 'pool: size must be an object, got null'],
    [[1], integer(0), TypeError, 'pool: size must be an integer >= 0, got an array'],
    [{}, integer(0), TypeError, 'pool: size must be an integer >= 0, got an object'],
    [() => 1, integer(0), TypeError, 'pool: size must be an integer >= 0, got a function'],
    [Symbol('s'), integer(0), TypeError, 'pool: size must be an integer >= 0, got a symbol'],
    [5n, integer(0), TypeError, 'pool: size must be an integer >= 0, got 5'],
    ['a\nb', integer(0), TypeError, 'pool: size must be an integer >= 0, got "a\\nb"'],
    ['x'.repeat(50), integer(0), TypeError, `pool: size must be an integer >= 0, got "${'x'.repeat(40)}…"`],
  ])('of %s names what is checked, the rule and the value', (value, rule, Wrong, message) => {
    expect(() => check('pool: size', value, rule)).toThrow(new Wrong(message));
  });

  it.each([
    ['hunter2', type('object'), 'must be an object, got a string of length 7'],
    ['hunter2', type('function'), 'must be a function, got a string of length 7'],
    ['hunter2', having('query'), 'must be an object with the method query, got a string of length 7'],
    ['hunter2', () => 'must be a URL', 'must be a URL, got a string of length 7'],
    ['', () => 'must be a path', 'must be a path, got a string of length 0'],
    [
      'hunter2',
      () => 'must be a Secret, one of three',
      'must be a Secret, one of three, got a string of length 7',
    ],
    [12345678, type('string'), 'must be a string, got a number'],
    [12345678n, type('string'), 'must be a string, got a bigint'],
    [Symbol('hunter2'), type('string'), 'must be a string, got a symbol'],
    [false, type('string'), 'must be a string, got false'],
    [undefined, type('string'), 'must be a string, got undefined'],
    [null, type('string'), 'must be a string, got null'],
  ])('shows no more of %s than its kind where the rule leaves room for a secret', (value, rule, message) => {
    expect(() => check('pool: key', value, rule)).toThrow(new TypeError(`pool: key ${message}`));
  });

  it('lets pass what follows the rule', () => {
    expect(() => check('pool: size', 0, integer(0))).not.toThrow();
  });
});

describe('readOptions', () => {
  interface PoolOptions {
    readonly size?: number | undefined;
    readonly name?: string | undefined;
    readonly eager?: boolean | undefined;
  }
  const rules = { size: integer(0), name: type('string'), eager: type('boolean') };
  const defaults = { size: 10, name: 'pool', eager: true };
  const read = (options: PoolOptions) => readOptions('pool', options, rules, defaults);

  it('fills in what is not given, or undefined', () => {
    expect(read({})).toEqual(defaults);
    expect(read({ size: undefined, name: 'mine' })).toEqual({ size: 10, name: 'mine', eager: true });
  });

  it('keeps 0, the empty string and false', () => {
    expect(read({ size: 0, name: '', eager: false })).toEqual({ size: 0, name: '', eager: false });
  });

  it('answers a frozen copy, and leaves defaults and options as they are', () => {
    const options = { size: 1 };
    const settings = read(options);
    expect(Object.isFrozen(settings)).toBe(true);
    expect(settings).not.toBe(options);
    expect([options, defaults]).toEqual([{ size: 1 }, { size: 10, name: 'pool', eager: true }]);
  });

  it.each([
    [{ sise: 1 }, 'pool has no option "sise"; it takes size, name, eager'],
    [{ toString: 1 }, 'pool has no option "toString"; it takes size, name, eager'],
    [JSON.parse('{ "__proto__": 1 }'), 'pool has no option "__proto__"; it takes size, name, eager'],
    [{ extra: undefined }, 'pool has no option "extra"; it takes size, name, eager'],
    [null, 'pool: options must be an object, got null'],
    [undefined, 'pool: options must be an object, got undefined'],
    ['fast', 'pool: options must be an object, got a string of length 4'],
    [{ name: 5 }, 'pool: name must be a string, got a number'],
  ])('refuses %j', (options, message) => {
    expect(() => read(options as never)).toThrow(new TypeError(message));
  });

  it('refuses a number out of bounds with a RangeError', () => {
    expect(() => read({ size: -1 })).toThrow(new RangeError('pool: size must be an integer >= 0, got -1'));
  });
});
