import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { LabelGuard, OTHER_VALUE } from '../../src/series/label-guard.ts';

const guard = (
  options: {
    readonly values?: Readonly<Record<string, readonly string[]>>;
    readonly normalize?: Readonly<Record<string, (value: string) => string>>;
    readonly maxLength?: number;
  } = {},
) => new LabelGuard('x', ['a', 'b'], options.values ?? {}, options.normalize ?? {}, options.maxLength ?? 10);

describe('a label guard', () => {
  it('makes texts of texts and numbers', () => {
    expect(guard().admit(['y', 7])).toEqual(['y', '7']);
    expect(guard().admit([-0, 1e21])).toEqual(['0', '1e+21']);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'boolean'],
    [{}, 'object'],
    [Symbol('s'), 'symbol'],
    [7n, 'bigint'],
  ])('refuses %s', (value, kind) => {
    expect(() => guard().admit(['y', value])).toThrow(
      new TypeError(`x: label 'b' must be a string or a number, got ${kind}`),
    );
  });

  it.each([[[]], [['y']], [['y', 'z', 'w']]])('refuses the values %j', (given) => {
    expect(() => guard().admit(given)).toThrow(`x takes 2 label values, got ${given.length}`);
  });

  it('picks values out of an object by name', () => {
    expect(guard().pick({ b: 2, a: 1 })).toEqual([1, 2]);
    expect(guard().pick({ a: 1 })).toEqual([1, undefined]);
    expect(() => guard().pick({ a: 1, c: 3 })).toThrow(new TypeError("x has no label 'c'"));
    expect(() => guard().pick(JSON.parse('{"__proto__":1}') as object)).toThrow("x has no label '__proto__'");
  });

  it('takes only what a closed set has', () => {
    const closed = guard({ values: { a: ['on', 'off'] } });
    expect(closed.admit(['on', 'any'])).toEqual(['on', 'any']);
    expect(closed.admit(['On', 'any'])).toEqual([OTHER_VALUE, 'any']);
    expect(closed.admit(['toString', 'any'])).toEqual([OTHER_VALUE, 'any']);
  });

  it('normalises before it looks at sets and lengths', () => {
    const normalize = { a: (value: string) => value.toLowerCase().slice(0, 2) };
    const strict = guard({ values: { a: ['on'] }, normalize, maxLength: 3 });
    expect(strict.admit(['ONWARD', ''])).toEqual(['on', '']);
    expect(strict.normalizes).toBe(true);
    expect(guard({ values: { a: ['on'] } }).normalizes).toBe(false);
  });

  it('admits values up to the length, and no longer ones', () => {
    expect(guard({ maxLength: 3 }).admit(['abc', ''])).toEqual(['abc', '']);
    expect(guard({ maxLength: 3 }).admit(['abcd', ''])).toBeUndefined();
    expect(guard({ maxLength: 3, values: { a: ['on'] } }).admit(['longer', 'x'])).toBeUndefined();
  });

  property.prop([fc.string({ unit: 'binary' })])('lets through only what UTF-8 can hold', (value) => {
    const [read = ''] = guard({ maxLength: Infinity }).admit([value, '']) ?? [];
    expect(Buffer.from(read).toString()).toBe(read);
    expect(read).not.toContain('\0');
    expect(guard({ maxLength: Infinity }).admit([read, ''])).toEqual([read, '']);
  });
});
