import type { Exemplar } from '../../instruments/exemplars.ts';
import type { NativeBuckets } from '../../instruments/native-buckets.ts';
import type { Output } from '../output.ts';
import { doubleField, openField, sintField, sintsField, uintField } from './fields.ts';
import { exemplarField, timestampField } from './parts.ts';

const HISTOGRAM = {
  sampleCount: 1,
  sampleSum: 2,
  bucket: 3,
  schema: 5,
  zeroThreshold: 6,
  zeroCount: 7,
  negativeSpan: 9,
  negativeDelta: 10,
  positiveSpan: 12,
  positiveDelta: 13,
  createdTimestamp: 15,
};
const BUCKET = { cumulativeCount: 1, upperBound: 2, exemplar: 3 };
const SPAN = { offset: 1, length: 2 };

/** One series of a histogram. */
export interface HistogramPoint {
  readonly count: number;
  readonly sum: number;
  readonly buckets: readonly CumulativeBucket[];
  readonly native?: NativeBuckets | undefined;
  readonly createdAtMs?: number;
}

/** How many values do not exceed a bound. */
export interface CumulativeBucket {
  readonly bound: number;
  readonly count: number;
  readonly exemplar: Exemplar | undefined;
}

/** Writes one series of a histogram. */
export function histogramField(output: Output, field: number, point: HistogramPoint): void {
  const histogram = openField(output, field);
  uintField(output, HISTOGRAM.sampleCount, point.count);
  doubleField(output, HISTOGRAM.sampleSum, point.sum);
  for (const bucket of point.buckets) bucketField(output, bucket);
  if (point.native !== undefined) nativeFields(output, point.native);
  if (point.createdAtMs !== undefined) timestampField(output, HISTOGRAM.createdTimestamp, point.createdAtMs);
  output.close(histogram);
}

function bucketField(output: Output, { bound, count, exemplar }: CumulativeBucket): void {
  const bucket = openField(output, HISTOGRAM.bucket);
  uintField(output, BUCKET.cumulativeCount, count);
  doubleField(output, BUCKET.upperBound, bound);
  if (exemplar !== undefined) exemplarField(output, BUCKET.exemplar, exemplar);
  output.close(bucket);
}

function nativeFields(output: Output, native: NativeBuckets): void {
  sintField(output, HISTOGRAM.schema, native.schema);
  doubleField(output, HISTOGRAM.zeroThreshold, native.zeroThreshold);
  uintField(output, HISTOGRAM.zeroCount, native.zeroCount);
  sideFields(output, HISTOGRAM.negativeSpan, HISTOGRAM.negativeDelta, native.negative);
  sideFields(output, HISTOGRAM.positiveSpan, HISTOGRAM.positiveDelta, native.positive);
  // A histogram that has nothing to tell it from a classic one is told by a span of no buckets.
  if (native.zeroThreshold === 0 && native.zeroCount === 0 && native.size === 0) {
    spanField(output, HISTOGRAM.positiveSpan, { offset: 0, length: 0 });
  }
}

interface Span {
  readonly offset: number;
  length: number;
}

/** Writes the buckets of one sign: runs of neighbours, then each count as the difference to the one before. */
function sideFields(
  output: Output,
  spanNumber: number,
  deltaNumber: number,
  counts: ReadonlyMap<number, number>,
): void {
  if (counts.size === 0) return;
  const spans: Span[] = [];
  const deltas: number[] = [];
  let next = 0;
  let before = 0;
  for (const index of [...counts.keys()].sort((a, b) => a - b)) {
    const span = spans.at(-1);
    if (span !== undefined && index === next) span.length++;
    else spans.push({ offset: index - next, length: 1 });
    const count = counts.get(index) ?? 0;
    deltas.push(count - before);
    before = count;
    next = index + 1;
  }
  for (const span of spans) spanField(output, spanNumber, span);
  sintsField(output, deltaNumber, deltas);
}

function spanField(output: Output, field: number, { offset, length }: Span): void {
  const span = openField(output, field);
  sintField(output, SPAN.offset, offset);
  uintField(output, SPAN.length, length);
  output.close(span);
}
