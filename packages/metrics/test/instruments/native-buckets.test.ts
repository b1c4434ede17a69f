import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { boundOf, MIN_SCHEMA, NativeBuckets } from '../../src/instruments/native-buckets.ts';

const THRESHOLD = 2 ** -128;
const schemas = fc.integer({ min: -4, max: 8 });
const value = fc.oneof(
  fc.double({ noNaN: true }),
  fc.double({ noNaN: true, min: -100, max: 100 }),
  fc.integer({ min: -1074, max: 1023 }).map((exponent) => 2 ** exponent),
  fc.tuple(schemas, fc.integer({ min: -200, max: 200 })).map(([schema, index]) => boundOf(index, schema)),
  fc.constantFrom(0, -0, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, THRESHOLD, -THRESHOLD),
);
const values = fc.array(value, { maxLength: 200 });

function observed(given: readonly number[], schema: number, zeroThreshold = THRESHOLD): NativeBuckets {
  const buckets = new NativeBuckets(schema, zeroThreshold);
  for (const each of given) buckets.observe(each);
  return buckets;
}

function total({ zeroCount, positive, negative }: NativeBuckets): number {
  return [...positive.values(), ...negative.values()].reduce((sum, count) => sum + count, zeroCount);
}

describe('exponential buckets', () => {
  property.prop([values, schemas])('count every value once', (given, schema) => {
    expect(total(observed(given, schema))).toBe(given.length);
  });

  property.prop([value, schemas])('hold a value within their bounds', (given, schema) => {
    const { zeroCount, positive, negative } = observed([given], schema);
    const magnitude = Math.abs(given);
    expect(zeroCount).toBe(magnitude <= THRESHOLD ? 1 : 0);
    const [index] = given > 0 ? positive.keys() : negative.keys();
    if (index === undefined) return;
    expect(boundOf(index - 1, schema)).toBeLessThanOrEqual(magnitude);
    if (magnitude < Infinity) expect(boundOf(index - 1, schema)).toBeLessThan(magnitude);
    expect(boundOf(index, schema)).toBeGreaterThanOrEqual(magnitude);
  });

  it.each([
    ['a power of two belongs to the bucket that ends with it', 1, 0, 0],
    ['what is above it to the next', 1 + Number.EPSILON, 0, 1],
    ['what is below it to the same', 1 - Number.EPSILON / 2, 3, 0],
    ['a coarse bucket spans 2 ** 16', 65_536, -4, 1],
    ['the next begins there', 65_537, -4, 2],
    ['a fine one a 256th of an octave', 2, 8, 256],
    ['the greatest number has the last bucket', Number.MAX_VALUE, 2, 4096],
    ['and infinity one to itself', Infinity, 2, 4097],
  ])('%s', (_, given, schema, index) => {
    expect([...observed([given], schema).positive.keys()]).toEqual([index]);
    expect([...observed([-given], schema).negative.keys()]).toEqual([index]);
  });

  property.prop([values, fc.integer({ min: -3, max: 8 }), fc.integer({ min: 1, max: 7 })])(
    'that were merged are the same as if they had been coarse from the start',
    (given, fine, steps) => {
      const coarse = Math.max(MIN_SCHEMA, fine - steps);
      const direct = observed(given, coarse);
      const merged = observed(given, fine);
      merged.shrink(Math.max(4, direct.size));
      fc.pre(merged.schema === coarse && merged.zeroThreshold === THRESHOLD);
      expect(merged).toEqual(direct);
    },
  );

  property.prop([values, schemas, fc.integer({ min: 4, max: 40 }), fc.constantFrom(0, THRESHOLD, 1)])(
    'never are more than they may be, and lose no value for it',
    (given, schema, maxBuckets, zeroThreshold) => {
      const buckets = new NativeBuckets(schema, zeroThreshold);
      for (const each of given) {
        buckets.observe(each);
        buckets.shrink(maxBuckets);
        expect(buckets.size).toBeLessThanOrEqual(maxBuckets);
      }
      expect(total(buckets)).toBe(given.length);
      expect(buckets.zeroThreshold).toBeLessThan(Infinity);
      expect(buckets.schema).toBeGreaterThanOrEqual(MIN_SCHEMA);
      const inZero = given.filter((each) => Math.abs(each) <= buckets.zeroThreshold).length;
      expect(buckets.zeroCount).toBe(inZero);
    },
  );

  it('keep their resolution until there are too many', () => {
    const buckets = observed([1, 2, 4, 8], 3);
    buckets.shrink(4);
    expect(buckets.schema).toBe(3);
    buckets.observe(16);
    buckets.shrink(4);
    expect(buckets.schema).toBe(-1);
    expect([...buckets.positive]).toEqual([
      [0, 1],
      [1, 2],
      [2, 2],
    ]);
  });

  it('give up those next to zero where no resolution is coarse enough', () => {
    const buckets = observed([1e-30, 1, 1e10, 1e30, 1e100, 1e200], 0);
    buckets.shrink(4);
    expect([buckets.schema, buckets.zeroThreshold, buckets.zeroCount]).toEqual([-4, 1, 2]);
  });

  property.prop([values, values])('take over all that others have counted', (mine, theirs) => {
    const other = observed(theirs, 2);
    const own = observed(mine, 5);
    own.takeOver(other);
    expect(own).toEqual(other);
    other.observe(3);
    expect(total(own)).toBe(theirs.length);
  });
});
