import { formatNumber } from '../exposition/format-number.ts';
import type { Point } from '../exposition/protobuf/metric-message.ts';
import type { LabelledArgs, LabelNames, Labels, LabelsOf, ValuesOf } from '../series/labels.ts';
import { Series, WRITTEN } from '../series/series.ts';
import { Instrument, type Sample } from './instrument.ts';

/** A gauge with its labels bound: the quickest way to set it. */
export interface BoundGauge {
  /** What it stands at. */
  readonly value: number;
  /** Sets it to any number. */
  set(value: number): void;
  /** Raises it; by 1 unless told otherwise. */
  inc(amount?: number): void;
  /** Lowers it; by 1 unless told otherwise. */
  dec(amount?: number): void;
}

/** Shows how much of something there is right now. Its methods throw a `TypeError` for what is no number. */
export interface Gauge<Names extends LabelNames = readonly [], Sets = unknown> {
  /** The gauge of some labels, in the order of the label names. Hold on to it where it is used often. */
  with(...values: ValuesOf<Names, Sets>): BoundGauge;
  /** Sets it to any number. */
  set(...args: LabelledArgs<Names, Sets, readonly [value: number]>): void;
  /** Raises it; by 1 unless told otherwise. */
  inc(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
  /** Lowers it; by 1 unless told otherwise. */
  dec(...args: LabelledArgs<Names, Sets, readonly [amount?: number]>): void;
  /** Exposes these labels, at 0, before they are first set. */
  init(...combinations: readonly LabelsOf<Names, Sets>[]): void;
  /** Takes out every series that has these labels, and says how many they were. */
  remove(labels: Partial<LabelsOf<Names, Sets>>): number;
  /** Takes out every series. */
  reset(): void;
}

export class GaugeSeries extends Series<GaugeSeries> implements BoundGauge {
  value = 0;

  set(value: number): void {
    if (typeof value !== 'number') refuse(this, value);
    (this.state === WRITTEN ? this : this.touch()).value = value;
  }

  inc(amount = 1): void {
    if (typeof amount !== 'number') refuse(this, amount);
    (this.state === WRITTEN ? this : this.touch()).value += amount;
  }

  dec(amount = 1): void {
    if (typeof amount !== 'number') refuse(this, amount);
    (this.state === WRITTEN ? this : this.touch()).value -= amount;
  }

  zero(): void {
    this.value = 0;
  }

  override takeOver(other: GaugeSeries): void {
    super.takeOver(other);
    this.value = other.value;
  }
}

export class GaugeInstrument extends Instrument<GaugeSeries> {
  protected create(): GaugeSeries {
    return new GaugeSeries(this);
  }

  set(labels: Labels | number, value?: number): void {
    if (typeof labels === 'object') this.at(labels).set(value as number);
    else this.single().set(labels);
  }

  inc(labels?: Labels | number, amount?: number): void {
    if (typeof labels === 'object') this.at(labels).inc(amount);
    else this.single().inc(labels);
  }

  dec(labels?: Labels | number, amount?: number): void {
    if (typeof labels === 'object') this.at(labels).dec(amount);
    else this.single().dec(labels);
  }

  lines(series: GaugeSeries, labels: string): string {
    return `${this.definition.name}${labels}${formatNumber(series.value)}\n`;
  }

  point({ value }: GaugeSeries): Point {
    return { type: 'gauge', value };
  }

  samples(series: GaugeSeries): readonly Sample[] {
    return [{ value: series.value, labels: this.labelsOf(series) }];
  }
}

function refuse({ family }: GaugeSeries, value: unknown): never {
  throw new TypeError(`${family.definition.name} must be given a number, got ${typeof value}`);
}
