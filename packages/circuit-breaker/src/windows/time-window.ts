import { integer, readOptions, type Clock } from '@holdfast/pipeline';
import type { CallWindow, WindowMeter } from './call-window.ts';

/** Options of {@link timeWindow}. */
export interface TimeWindowOptions {
  /** How far to look back, in milliseconds. Default 10,000; at least 1. */
  readonly windowMs?: number | undefined;
  /** Into how many parts the window is cut; it forgets one part at a time. Default 10; 1 to 1,000. */
  readonly buckets?: number | undefined;
}

/** A ring of buckets with running totals. No timer turns it: each record clears all buckets whose time has passed. */
class BucketRing implements WindowMeter {
  private readonly clock: Clock;
  private readonly bucketMs: number;
  /** The calls and the hits of each bucket in turn: in one array, since an array weighs more than what is in it. */
  private readonly counts: Uint32Array;
  /** Where the current bucket is in it. */
  private current = 0;
  private startedAtMs: number;
  calls = 0;
  hits = 0;

  constructor(clock: Clock, windowMs: number, buckets: number) {
    this.clock = clock;
    this.bucketMs = windowMs / buckets;
    this.counts = new Uint32Array(buckets * 2);
    this.startedAtMs = clock.now();
  }

  record(hit: boolean): void {
    this.refresh();
    this.add(1, hit ? 1 : 0);
  }

  private add(calls: number, hits: number): void {
    const { counts, current } = this;
    counts[current] = (counts[current] ?? 0) + calls;
    counts[current + 1] = (counts[current + 1] ?? 0) + hits;
    this.calls += calls;
    this.hits += hits;
  }

  refresh(): void {
    const elapsedMs = this.clock.now() - this.startedAtMs;
    if (elapsedMs >= this.bucketMs) this.rotate(Math.floor(elapsedMs / this.bucketMs));
    // The clock has jumped back: the current bucket goes on from here.
    else if (elapsedMs < 0) this.startedAtMs += elapsedMs;
  }

  private rotate(steps: number): void {
    const { counts } = this;
    this.startedAtMs += steps * this.bucketMs;
    for (let left = Math.min(steps, counts.length / 2); left > 0; left--) {
      const next = (this.current + 2) % counts.length;
      this.calls -= counts[next] ?? 0;
      this.hits -= counts[next + 1] ?? 0;
      counts[next] = counts[next + 1] = 0;
      this.current = next;
    }
  }

  reset(): void {
    this.counts.fill(0);
    this.calls = this.hits = 0;
  }

  save(): readonly number[] {
    this.refresh();
    const next = this.current + 2;
    const oldestFirst = [...this.counts.subarray(next), ...this.counts.subarray(0, next)];
    return [this.bucketMs, this.clock.now() - this.startedAtMs, ...oldestFirst];
  }

  load([bucketMs, elapsedMs = 0, ...memory]: readonly number[], ageMs: number): void {
    if (bucketMs !== this.bucketMs || memory.length !== this.counts.length) return;
    this.reset();
    for (let i = 0; i < memory.length; i += 2) {
      if (i > 0) this.rotate(1);
      this.add(memory[i] ?? 0, memory[i + 1] ?? 0);
    }
    this.startedAtMs = this.clock.now() - elapsedMs - ageMs;
  }
}

/**
 * Looks at the calls of the last seconds. Costs one look at the clock a call more than {@link countWindow}, and never
 * judges by what happened long ago.
 *
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, failureRatio, timeWindow } from '@holdfast/circuit-breaker';
 *
 * const tripRule = failureRatio({ failureRatio: 0.5, window: timeWindow({ windowMs: 30_000 }) });
 * const breaker = circuitBreaker({ name: 'search', tripRule });
 * ```
 */
export function timeWindow(options: TimeWindowOptions = {}): CallWindow {
  const rules = { windowMs: integer(1), buckets: integer(1, 1_000) };
  const { windowMs, buckets } = readOptions('timeWindow', options, rules, { windowMs: 10_000, buckets: 10 });
  return { start: (clock) => new BucketRing(clock, windowMs, buckets) };
}
