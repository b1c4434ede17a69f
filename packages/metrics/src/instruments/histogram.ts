import { formatNumber } from '../exposition/format-number.ts';
import type { Definition, FamilyHost } from '../series/definition.ts';
import type { LabelledArgs, LabelNames, Labels, LabelsOf, ValuesOf } from '../series/labels.ts';
import { Series, WRITTEN } from '../series/series.ts';
import { Exemplars, type ExemplarSource } from './exemplars.ts';
import { Instrument, type Sample } from './instrument.ts';
import { startTimer, type Timing } from './timing.ts';

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

export class HistogramSeries extends Series<HistogramSeries> implements BoundHistogram {
  sum = 0;
  /** How many values fell into each bucket, not cumulative; the last one is unbounded. */
  buckets: number[];
  private readonly bounds: readonly number[];
  readonly exemplars: Exemplars | undefined;

  constructor(family: HistogramInstrument) {
    super(family);
    const { exemplar } = family;
    this.exemplars = exemplar === undefined ? undefined : new Exemplars(exemplar);
    this.bounds = family.bounds;
    this.buckets = new Array<number>(family.bounds.length + 1).fill(0);
  }

  get count(): number {
    return this.buckets.reduce((total, each) => total + each);
  }

  observe(value: number): void {
    // NaN would make the sum useless for good.
    if (typeof value !== 'number' || value !== value) refuse(this, value);
    const series = this.state === WRITTEN ? this : this.touch();
    const { bounds, buckets } = series;
    let i = 0;
    while (i < bounds.length && value > (bounds[i] as number)) i++;
    (buckets[i] as number)++;
    series.sum += value;
    if (series.exemplars !== undefined) series.exemplars.offer(i, value, series.family.clock);
  }

  startTimer(): Timing {
    return startTimer(this, this.family.clock);
  }

  zero(): void {
    this.sum = 0;
    this.buckets.fill(0);
  }

  takeOver(other: HistogramSeries): void {
    this.sum = other.sum;
    this.buckets = [...other.buckets];
  }
}

export class HistogramInstrument extends Instrument<HistogramSeries> {
  /** A copy, because frozen arrays are slower to read. */
  readonly bounds: readonly number[];
  /** What follows the labels on the line of each bucket; the same for all series. */
  private readonly tails: readonly string[];

  readonly exemplar: ExemplarSource | undefined;

  constructor(definition: Definition, host: FamilyHost) {
    super(definition, host);
    const { buckets = [], exemplar } = definition;
    this.exemplar =
      exemplar &&
      (() => {
        let labels: ReturnType<ExemplarSource>;
        host.attempt(() => (labels = exemplar()));
        return labels;
      });
    this.bounds = [...buckets];
    this.tails = [...buckets, Infinity].map((bound) => `le="${formatNumber(bound)}"} `);
  }

  protected create(): HistogramSeries {
    return new HistogramSeries(this);
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

  lines(series: HistogramSeries, labels: string, openMetrics: boolean): string {
    const { name } = this.definition;
    const head = labels === '' ? `${name}_bucket{` : `${name}_bucket${labels.slice(0, -1)},`;
    let text = '';
    let cumulative = 0;
    for (let i = 0; i < this.tails.length; i++) {
      cumulative += series.buckets[i] as number;
      const example = openMetrics && series.exemplars !== undefined ? series.exemplars.read(i) : '';
      text += `${head}${this.tails[i]}${cumulative}${example}\n`;
    }
    return `${text}${name}_sum${labels} ${formatNumber(series.sum)}\n${name}_count${labels} ${cumulative}\n`;
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

function refuse({ family }: HistogramSeries, value: unknown): never {
  const got = typeof value === 'number' ? 'NaN' : typeof value;
  throw new TypeError(`${family.definition.name} must be given a number, got ${got}`);
}
