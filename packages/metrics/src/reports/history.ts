import { addUp, quantile } from './quantile.ts';
import type { MetricSnapshot } from './snapshot.ts';
import { keyOf, recentOf } from './window.ts';

/** How a series went on over time; `null` where there was nothing to see. */
export interface HistorySeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** By what is told of it: `value` of a counter or gauge; `count`, `mean`, `p50`, `p95`, `p99` of a histogram. */
  readonly points: Readonly<Record<string, readonly (number | null)[]>>;
}

/** How metrics went on over time. */
export interface HistoryReport {
  readonly intervalMs: number;
  /** When the readings were taken, in milliseconds since the Unix epoch, oldest first. */
  readonly atMs: readonly number[];
  readonly series: readonly HistorySeries[];
}

interface Track {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly fields: Map<string, Float64Array>;
  /** The reading that last told something. */
  lastSeen: number;
}

/** A ring of readings of a fixed size: it never grows, however long the process runs and however many series come. */
export class History {
  private readonly capacity: number;
  private readonly maxSeries: number;
  private readonly instants: Float64Array;
  private readonly tracks = new Map<string, Track>();
  /** How many readings there have been. */
  private readings = 0;
  private before: readonly MetricSnapshot[] = [];

  constructor(capacity: number, maxSeries: number) {
    this.capacity = capacity;
    this.maxSeries = maxSeries;
    this.instants = new Float64Array(capacity);
  }

  add(atMs: number, snapshot: readonly MetricSnapshot[]): void {
    const slot = this.readings % this.capacity;
    this.instants[slot] = atMs;
    this.forget(slot);
    for (const metric of snapshot) {
      if (metric.type === 'histogram') this.addHistogram(slot, metric);
      else for (const { labels, value } of metric.series) this.write(slot, metric.name, labels, { value });
    }
    this.before = snapshot;
    this.readings++;
  }

  private addHistogram(slot: number, metric: Extract<MetricSnapshot, { readonly type: 'histogram' }>): void {
    const { name, bounds } = metric;
    const before = this.before.find((each) => each.name === name);
    for (const each of recentOf(metric, before?.type === 'histogram' ? before : undefined)) {
      const recent = addUp([each], bounds.length + 1);
      this.write(slot, name, each.labels, {
        count: recent.count,
        mean: recent.count === 0 ? undefined : recent.sum / recent.count,
        p50: quantile(0.5, bounds, recent),
        p95: quantile(0.95, bounds, recent),
        p99: quantile(0.99, bounds, recent),
      });
    }
  }

  /** Empties the place of a reading that is overwritten, and drops the series of which nothing is left. */
  private forget(slot: number): void {
    for (const [key, track] of this.tracks) {
      if (this.readings - track.lastSeen >= this.capacity) this.tracks.delete(key);
      else for (const field of track.fields.values()) field[slot] = NaN;
    }
  }

  private write(
    slot: number,
    name: string,
    labels: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number | undefined>>,
  ): void {
    const key = `${name}${keyOf(labels)}`;
    let track = this.tracks.get(key);
    if (track === undefined) {
      if (this.tracks.size >= this.maxSeries) return;
      const fields = new Map(
        Object.keys(values).map((each) => [each, new Float64Array(this.capacity).fill(NaN)]),
      );
      track = { name, labels, fields, lastSeen: 0 };
      this.tracks.set(key, track);
    }
    track.lastSeen = this.readings;
    for (const [field, points] of track.fields) points[slot] = values[field] ?? NaN;
  }

  /** The readings since an instant. */
  report(intervalMs: number, sinceMs: number): HistoryReport {
    const length = Math.min(this.readings, this.capacity);
    const slots = Array.from({ length }, (_, index) => (this.readings - length + index) % this.capacity);
    const wanted = slots.filter((slot) => (this.instants[slot] as number) >= sinceMs);
    const series = [...this.tracks.values()].map(({ name, labels, fields }) => {
      const points = [...fields].map(([field, values]) => {
        return [field, wanted.map((slot) => (Number.isNaN(values[slot]) ? null : (values[slot] as number)))];
      });
      return { name, labels, points: Object.fromEntries(points) as HistorySeries['points'] };
    });
    return { intervalMs, atMs: wanted.map((slot) => this.instants[slot] as number), series };
  }
}
