import { formatNumber } from '../exposition/format-number.ts';
import type { Point } from '../exposition/protobuf/metric-message.ts';
import { createdText } from '../exposition/sample-text.ts';
import type { LabelledArgs, LabelNames, Labels, LabelsOf, ValuesOf } from '../series/labels.ts';
import { Series, WRITTEN } from '../series/series.ts';
import { Instrument, type Sample } from './instrument.ts';

/** A counter with its labels bound: the quickest way to count. */
export interface BoundCounter {
  /** What has been counted so far. */
  readonly value: number;
  /**
   * Counts.
   *
   * @param amount - at least 0; default 1
   * @throws {@link RangeError} when `amount` is negative or not a finite number
   */
  inc(amount?: number): void;
}

/** Counts what happens; it only ever rises. */
export interface Counter<Names extends LabelNames = readonly [], Sets = unknown> {
  /** The counter of some labels, in the order of the label names. Hold on to it where it is used often. */
  with(...values: ValuesOf<Names, Sets>): BoundCounter;
  /**
   * Counts.
   *
   * @throws {@link RangeError} when the amount is negative or not a finite number
   * @throws {@link TypeError} when a label is missing or unknown
   */
  inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
  /** Exposes these labels before they are first counted. */
  init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
  /** Takes out every series that has these labels, and says how many they were. */
  remove(labels: Partial<LabelsOf<Names, Sets>>): number;
  /** Takes out every series. */
  reset(): void;
}

export class CounterSeries extends Series<CounterSeries> implements BoundCounter {
  value = 0;

  inc(amount = 1): void {
    if (typeof amount !== 'number' || !(amount >= 0 && amount < Infinity)) refuse(this, amount);
    (this.state === WRITTEN ? this : this.touch()).value += amount;
  }

  zero(): void {
    this.value = 0;
  }

  override takeOver(other: CounterSeries): void {
    super.takeOver(other);
    this.value = other.value;
  }
}

export class CounterInstrument extends Instrument<CounterSeries> {
  protected create(): CounterSeries {
    return new CounterSeries(this);
  }

  inc(labels?: Labels | number, amount?: number): void {
    if (typeof labels === 'object') this.at(labels).inc(amount);
    else this.single().inc(labels);
  }

  lines(series: CounterSeries, labels: string, openMetrics: boolean): string {
    const { name } = this.definition;
    const line = `${name}${labels}${formatNumber(series.value)}\n`;
    if (!openMetrics || !this.host.exposeCreated) return line;
    return line + createdText(name.slice(0, -'_total'.length), labels, series.createdAtMs);
  }

  point({ value, createdAtMs }: CounterSeries): Point {
    return { type: 'counter', value, createdAtMs };
  }

  samples(series: CounterSeries): readonly Sample[] {
    return [{ value: series.value, labels: this.labelsOf(series) }];
  }
}

function refuse({ family }: CounterSeries, amount: unknown): never {
  throw new RangeError(`${family.definition.name}: inc must be given a number >= 0, got ${String(amount)}`);
}
