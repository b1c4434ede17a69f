import type { Exemplar } from '../../instruments/exemplars.ts';
import type { Output } from '../output.ts';
import { doubleField, openField, uintField } from './fields.ts';
import { histogramField, type HistogramPoint } from './histogram-message.ts';
import { exemplarField, timestampField } from './parts.ts';

const METRIC = { gauge: 2, counter: 3, summary: 4, untyped: 5, histogram: 7 };
/** The value is field 1 of a gauge and an untyped metric, too. */
const COUNTER = { value: 1, exemplar: 2, createdTimestamp: 3 };
const SUMMARY = { sampleCount: 1, sampleSum: 2, quantile: 3 };
const QUANTILE = { quantile: 1, value: 2 };

/** The numbers of one series. */
export type Point =
  | { readonly type: 'gauge' | 'untyped'; readonly value: number }
  | {
      readonly type: 'counter';
      readonly value: number;
      readonly exemplar?: Exemplar | undefined;
      readonly createdAtMs?: number;
    }
  | ({ readonly type: 'histogram' } & HistogramPoint)
  | {
      readonly type: 'summary';
      readonly count: number;
      readonly sum: number;
      readonly quantiles: readonly { readonly quantile: number; readonly value: number }[];
    };

/** Writes the numbers of one series into its message. */
export function pointField(output: Output, point: Point): void {
  if (point.type === 'histogram') return histogramField(output, METRIC.histogram, point);
  const start = openField(output, METRIC[point.type]);
  if (point.type === 'summary') summaryFields(output, point);
  else doubleField(output, COUNTER.value, point.value);
  if (point.type === 'counter') {
    if (point.exemplar !== undefined) exemplarField(output, COUNTER.exemplar, point.exemplar);
    if (point.createdAtMs !== undefined) timestampField(output, COUNTER.createdTimestamp, point.createdAtMs);
  }
  output.close(start);
}

function summaryFields(
  output: Output,
  { count, sum, quantiles }: Point & { readonly type: 'summary' },
): void {
  uintField(output, SUMMARY.sampleCount, count);
  doubleField(output, SUMMARY.sampleSum, sum);
  for (const { quantile, value } of quantiles) {
    const start = openField(output, SUMMARY.quantile);
    doubleField(output, QUANTILE.quantile, quantile);
    doubleField(output, QUANTILE.value, value);
    output.close(start);
  }
}
