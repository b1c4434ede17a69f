import { CounterInstrument } from '../instruments/counter.ts';
import { GaugeInstrument } from '../instruments/gauge.ts';
import { HistogramInstrument } from '../instruments/histogram.ts';
import type { NativeBuckets } from '../instruments/native-buckets.ts';

/** A series of a counter or a gauge at some moment. */
export interface ValueSnapshot {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A series of a histogram at some moment. */
export interface DistributionSnapshot {
  readonly labels: Readonly<Record<string, string>>;
  readonly count: number;
  readonly sum: number;
  /** How many values fell into each bucket, not cumulative; the last one is unbounded. */
  readonly buckets: readonly number[];
  /** The exponential buckets, where the histogram has them. */
  readonly native?: NativeSnapshot;
}

/**
 * Exponential buckets at some moment: bucket `i` holds magnitudes above `2 ** ((i - 1) / 2 ** schema)` up to
 * `2 ** (i / 2 ** schema)`. Only those are there that hold something.
 */
export interface NativeSnapshot {
  readonly schema: number;
  /** How near to zero a value counts as zero. */
  readonly zeroThreshold: number;
  readonly zeroCount: number;
  readonly positive: readonly (readonly [index: number, count: number])[];
  readonly negative: readonly (readonly [index: number, count: number])[];
}

/** An instrument at some moment. */
export type MetricSnapshot =
  | {
      readonly type: 'counter' | 'gauge';
      readonly name: string;
      readonly help: string;
      readonly series: readonly ValueSnapshot[];
    }
  | {
      readonly type: 'histogram';
      readonly name: string;
      readonly help: string;
      /** The upper bounds of the buckets but the last. */
      readonly bounds: readonly number[];
      readonly series: readonly DistributionSnapshot[];
    };

/** Copies the numbers of our instruments; those of others are left out. */
export function takeSnapshot(metrics: readonly unknown[]): readonly MetricSnapshot[] {
  return metrics.flatMap((metric) => {
    if (metric instanceof HistogramInstrument) return [distribution(metric)];
    return metric instanceof CounterInstrument || metric instanceof GaugeInstrument ? [plain(metric)] : [];
  });
}

function plain(instrument: CounterInstrument | GaugeInstrument): MetricSnapshot {
  const { name, help, type } = instrument.definition;
  const series = instrument instanceof CounterInstrument ? valuesOf(instrument) : valuesOf(instrument);
  return { type: type as 'counter' | 'gauge', name, help, series };
}

function valuesOf<S extends { readonly value: number }>(instrument: {
  groups(): Iterable<Iterable<S>>;
  labelsOf(series: S): Record<string, string>;
}): ValueSnapshot[] {
  return [...instrument.groups()].flatMap((group) =>
    [...group].map((series) => ({ labels: instrument.labelsOf(series), value: series.value })),
  );
}

function distribution(instrument: HistogramInstrument): MetricSnapshot {
  const { name, help } = instrument.definition;
  const series = [...instrument.groups()].flatMap((group) =>
    [...group].map((each) => {
      const { count, sum, native } = each;
      const own = { labels: instrument.labelsOf(each), count, sum, buckets: [...each.buckets] };
      return native === undefined ? own : { ...own, native: nativeOf(native) };
    }),
  );
  return { type: 'histogram', name, help, bounds: [...instrument.bounds], series };
}

function nativeOf({ schema, zeroThreshold, zeroCount, positive, negative }: NativeBuckets): NativeSnapshot {
  return { schema, zeroThreshold, zeroCount, positive: [...positive], negative: [...negative] };
}
