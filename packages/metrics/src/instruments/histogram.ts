import { openLabelText } from '../exposition/escape.ts';
import { formatBound, formatNumber } from '../exposition/format-number.ts';
import type { Point } from '../exposition/protobuf/metric-message.ts';
import { createdText, exemplarText } from '../exposition/sample-text.ts';
import type { Definition, FamilyHost } from '../series/definition.ts';
import type { LabelledArgs, LabelNames, Labels, LabelsOf, ValuesOf } from '../series/labels.ts';
import type { ExemplarSource } from './exemplars.ts';
import { HistogramSeries } from './histogram-series.ts';
import { Instrument, type Sample } from './instrument.ts';
import { NativeBuckets } from './native-buckets.ts';
import { nativeDefaults, type NativeSettings } from './native-options.ts';
import type { Timing } from './timing.ts';

/** A histogram with its labels bound: the quickest way to observe. */
export interface BoundHistogram {
  /** How many values were observed. */
  readonly count: number;
  /** What they add up to. */
  readonly sum: number;
  /**
   * Takes in a value.
   *
   * @throws {@link TypeError} when it is not a number
   */
  observe(value: number): void;
  /** Starts to measure; the seconds until it stops are observed. */
  startTimer(): Timing;
}

/** Shows how values are distributed: durations, sizes. */
export interface Histogram<Names extends LabelNames = readonly [], Sets = unknown> {
  /** The histogram of some labels, in the order of the label names. Hold on to it where it is used often. */
  with(...values: ValuesOf<Names, Sets>): BoundHistogram;
  /**
   * Takes in a value.
   *
   * @throws {@link TypeError} when it is not a number, or a label is missing or unknown
   */
  observe(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
  /** Starts to measure; the seconds until it stops are observed. */
  startTimer(...args: LabelledArgs<Names, Sets, readonly []>): Timing;
  /** Runs a function and observes how many seconds it took, to the end of its promise, whether it fails or not. */
  time<T>(...args: LabelledArgs<Names, Sets, readonly [run: () => T]>): T;
  /** Exposes these labels before their first value. */
  init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
  /** Takes out every series that has these labels, and says how many they were. */
  remove(labels: Partial<LabelsOf<Names, Sets>>): number;
  /** Takes out every series. */
  reset(): void;
}

export class HistogramInstrument extends Instrument<HistogramSeries> {
  readonly bounds: readonly number[];
  readonly exemplar: ExemplarSource | undefined;
  /** What stands before and after the labels on the line of each bucket; the same for all series. */
  private readonly heads: readonly string[];
  private readonly tails: readonly string[];
  private readonly openTails: readonly string[];

  constructor(definition: Definition, host: FamilyHost) {
    super(definition, host);
    const { name, buckets = [], exemplar } = definition;
    this.exemplar =
      exemplar &&
      (() => {
        let labels: ReturnType<ExemplarSource>;
        host.attempt(() => (labels = exemplar()));
        return labels;
      });
    // Made by `map`, it holds plain doubles; a frozen array or a spread of one holds objects, slower by half.
    this.bounds = buckets.map((bound) => bound);
    this.heads = [`${name}_bucket`, ...buckets.map(() => `\n${name}_bucket`)];
    const all = [...buckets, Infinity];
    this.tails = all.map((bound) => `le="${formatNumber(bound)}"} `);
    this.openTails = all.map((bound) => `le="${formatBound(bound)}"} `);
  }

  protected create(): HistogramSeries {
    return new HistogramSeries(this);
  }

  get nativeSettings(): NativeSettings {
    return this.definition.native ?? nativeDefaults;
  }

  newNative(): NativeBuckets | undefined {
    const { native } = this.definition;
    return native && new NativeBuckets(native.schema, native.zeroThreshold);
  }

  observe(labels: Labels | number, value?: number): void {
    if (typeof labels === 'object') this.at(labels).observe(value as number);
    else this.single().observe(labels);
  }

  startTimer(labels?: Labels): Timing {
    return (labels === undefined ? this.single() : this.at(labels)).startTimer();
  }

  time<T>(labels: Labels | (() => T), run?: () => T): T {
    const timing = typeof labels === 'function' ? this.startTimer() : this.startTimer(labels);
    return timing.around(typeof labels === 'function' ? labels : (run as () => T));
  }

  protected override writeLabels(labels: Readonly<Record<string, string>>): string {
    return openLabelText(labels);
  }

  lines(series: HistogramSeries, open: string, openMetrics: boolean): string {
    const { name } = this.definition;
    const { heads } = this;
    const tails = openMetrics ? this.openTails : this.tails;
    const { buckets } = series;
    const exemplars = openMetrics ? series.exemplars : undefined;
    let text = '';
    let count = 0;
    for (let i = 0; i < tails.length; i++) {
      count += buckets[i] as number;
      text += (heads[i] as string) + open + (tails[i] as string) + count;
      if (exemplars !== undefined) text += exemplarText(exemplars.read(i));
    }
    const labels = open === '{' ? ' ' : `${open.slice(0, -1)}} `;
    text += `\n${name}_sum${labels}${formatNumber(series.sum)}\n${name}_count${labels}${count}\n`;
    return openMetrics && this.host.exposeCreated
      ? text + createdText(name, labels, series.createdAtMs)
      : text;
  }

  point(series: HistogramSeries): Point {
    const { sum, native, createdAtMs } = series;
    let count = 0;
    const buckets = series.buckets.map((inBucket, index) => ({
      bound: this.bounds[index] ?? Infinity,
      count: (count += inBucket),
      exemplar: series.exemplars?.read(index),
    }));
    return { type: 'histogram', count, sum, buckets, native, createdAtMs };
  }

  samples(series: HistogramSeries): readonly Sample[] {
    const { name } = this.definition;
    const labels = this.labelsOf(series);
    let cumulative = 0;
    const buckets = series.buckets.map((count, index) => ({
      metricName: `${name}_bucket`,
      labels: { ...labels, le: this.bounds[index] ?? '+Inf' },
      value: (cumulative += count),
    }));
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: series.sum },
      { metricName: `${name}_count`, labels, value: cumulative },
    ];
  }
}
