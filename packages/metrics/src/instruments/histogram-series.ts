import { Series, WRITTEN } from '../series/series.ts';
import { Exemplars } from './exemplars.ts';
import type { BoundHistogram, HistogramInstrument } from './histogram.ts';
import type { NativeBuckets } from './native-buckets.ts';
import { startTimer, type Timing } from './timing.ts';

export class HistogramSeries extends Series<HistogramSeries> implements BoundHistogram {
  declare readonly family: HistogramInstrument;
  sum = 0;
  /** How many values fell into each bucket, not cumulative; the last one is unbounded. */
  buckets: number[];
  private readonly bounds: readonly number[];
  readonly exemplars: Exemplars | undefined;
  native: NativeBuckets | undefined;

  constructor(family: HistogramInstrument) {
    super(family);
    const { exemplar, bounds } = family;
    this.exemplars = exemplar === undefined ? undefined : new Exemplars(exemplar);
    this.bounds = bounds;
    this.buckets = new Array<number>(bounds.length + 1).fill(0);
    this.native = family.newNative();
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
    if (series.native !== undefined) series.observeNative(series.native, value);
  }

  private observeNative(native: NativeBuckets, value: number): void {
    native.observe(value);
    const { family } = this;
    const { maxBuckets, resetMs } = family.nativeSettings;
    if (native.size <= maxBuckets) return;
    if (family.clock.wallNow() - this.createdAtMs < resetMs) return native.shrink(maxBuckets);
    this.begin();
    this.observe(value);
  }

  startTimer(): Timing {
    return startTimer(this, this.family.clock);
  }

  zero(): void {
    this.sum = 0;
    this.buckets.fill(0);
    this.native = this.family.newNative();
  }

  override takeOver(other: HistogramSeries): void {
    super.takeOver(other);
    this.sum = other.sum;
    this.buckets = [...other.buckets];
    if (other.native !== undefined) this.native?.takeOver(other.native);
  }
}

function refuse({ family }: HistogramSeries, value: unknown): never {
  const got = typeof value === 'number' ? 'NaN' : typeof value;
  throw new TypeError(`${family.definition.name} must be given a number, got ${got}`);
}
