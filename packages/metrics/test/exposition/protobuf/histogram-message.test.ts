import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { Output } from '../../../src/exposition/output.ts';
import { histogramField, type HistogramPoint } from '../../../src/exposition/protobuf/histogram-message.ts';
import { NativeBuckets } from '../../../src/instruments/native-buckets.ts';
import { decodeFields } from '../../decode-protobuf.ts';
import { decodeHistogram, number } from '../../metric-families.ts';

const empty: HistogramPoint = { count: 0, sum: 0, buckets: [] };

function fieldsOf(point: HistogramPoint) {
  const output = new Output(0);
  histogramField(output, 7, point);
  return decodeFields(decodeFields(output.written()).get(7)?.[0] as Buffer);
}

const decode = (point: HistogramPoint) => decodeHistogram({ labels: {}, kind: 7, fields: fieldsOf(point) });

function nativeOf(
  positive: Iterable<[number, number]>,
  negative: Iterable<[number, number]> = [],
): NativeBuckets {
  const native = new NativeBuckets(3, 1e-9);
  native.positive = new Map(positive);
  native.negative = new Map(negative);
  return native;
}

const counts = fc
  .uniqueArray(fc.tuple(fc.integer({ min: -5_000, max: 5_000 }), fc.integer({ min: 1, max: 2 ** 40 })), {
    selector: ([index]) => index,
  })
  .map((entries): [number, number][] => entries);

describe('the message of a histogram', () => {
  it('has no more than it knows', () => {
    expect([...fieldsOf(empty).keys()]).toEqual([1, 2]);
  });

  it('holds counts beyond 32 bits', () => {
    const count = 2 ** 40 + 1;
    const buckets = [{ bound: Infinity, count, exemplar: undefined }];
    const decoded = decode({ count, sum: -1.5, buckets, createdAtMs: 1_700_000_000_123 });
    expect(decoded).toMatchObject({ count, sum: -1.5, createdAtMs: 1_700_000_000_123 });
    expect(decoded.buckets.map((bucket) => [bucket.bound, bucket.count])).toEqual([[Infinity, count]]);
  });

  property.prop([counts, counts])(
    'holds exponential buckets, in whichever order they came',
    (positive, negative) => {
      const decoded = decode({ ...empty, native: nativeOf(positive, negative) });
      const ordered = (entries: readonly [number, number][]) => [...entries].sort(([a], [b]) => a - b);
      expect([...decoded.positive]).toEqual(ordered(positive));
      expect([...decoded.negative]).toEqual(ordered(negative));
      expect([decoded.schema, decoded.zeroThreshold]).toEqual([3, 1e-9]);
    },
  );

  it('tells neighbours as one span, and what is between spans as a gap', () => {
    const fields = fieldsOf({
      ...empty,
      native: nativeOf([
        [-2, 5],
        [-1, 4],
        [3, 4],
      ]),
    });
    const spans = (fields.get(12) ?? []).map((bytes) => decodeFields(bytes as Buffer));
    expect(spans.map((span) => number(span, 2))).toEqual([2, 1]);
    // Zigzag: -2 and the 3 empty buckets between.
    expect(spans.map((span) => number(span, 1))).toEqual([3, 6]);
    expect([...((fields.get(13)?.[0] ?? []) as Buffer)]).toEqual([10, 1, 0]);
  });

  it('of nothing at all is still told from a classic one', () => {
    expect(fieldsOf({ ...empty, native: new NativeBuckets(3, 0) }).get(12)).toHaveLength(1);
    expect(fieldsOf({ ...empty, native: new NativeBuckets(3, 1) }).has(12)).toBe(false);
  });
});
