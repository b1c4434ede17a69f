/** Buckets grow by a tenth each, from 0.1 ms to more than a minute. */
const FIRST_MS = 0.1;
const GROWTH = 1.1;
const BUCKETS = 144;

/** In milliseconds, to a tenth; null when nothing was recorded. */
export interface Percentiles {
  readonly p50: number | null;
  readonly p99: number | null;
}

/** Durations in a fixed space; percentiles are right within a tenth. */
export class LatencyHistogram {
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;

  record(durationMs: number): void {
    const index = Math.ceil(Math.log(durationMs / FIRST_MS) / Math.log(GROWTH));
    const bucket = Math.min(BUCKETS - 1, Math.max(0, index));
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.total++;
  }

  add(other: LatencyHistogram): void {
    for (const [bucket, count] of other.counts.entries())
      this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.total += other.total;
  }

  percentiles(): Percentiles {
    return { p50: this.percentile(0.5), p99: this.percentile(0.99) };
  }

  private percentile(share: number): number | null {
    if (this.total === 0) return null;
    let rest = Math.ceil(this.total * share);
    const bucket = this.counts.findIndex((count) => (rest -= count) <= 0);
    return Math.round(FIRST_MS * GROWTH ** bucket * 10) / 10;
  }
}
