import { integer, readOptions } from '@holdfast/pipeline';
import type { CallWindow, WindowMeter } from './call-window.ts';

/** Options of {@link countWindow}. */
export interface CountWindowOptions {
  /** How many calls to look at. Default 100; 1 to 1,000,000. */
  readonly calls?: number | undefined;
}

/** A ring with one bit a call, and running totals. */
class BitRing implements WindowMeter {
  private readonly size: number;
  private readonly bits: Int32Array;
  private next = 0;
  calls = 0;
  hits = 0;

  constructor(size: number) {
    this.size = size;
    this.bits = new Int32Array((size + 31) >>> 5);
  }

  record(hit: boolean): void {
    const { next } = this;
    const word = next >>> 5;
    const bit = 1 << (next & 31);
    const bits = this.bits[word] ?? 0;
    if (this.calls < this.size) this.calls++;
    else if ((bits & bit) !== 0) this.hits--;
    if (hit) this.hits++;
    this.bits[word] = hit ? bits | bit : bits & ~bit;
    this.next = next + 1 === this.size ? 0 : next + 1;
  }

  refresh(): void {
    // Calls do not grow old here; only newer ones push them out.
  }

  reset(): void {
    this.next = this.calls = this.hits = 0;
  }

  save(): readonly number[] {
    return [this.size, this.calls, this.hits, this.next, ...this.bits];
  }

  load([size, calls = 0, hits = 0, next = 0, ...bits]: readonly number[]): void {
    if (size !== this.size || bits.length !== this.bits.length) return;
    this.calls = calls;
    this.hits = hits;
    this.next = next;
    this.bits.set(bits);
  }
}

/**
 * Looks at the last calls, however long ago they were.
 *
 * @throws {@link RangeError} when `calls` is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, countWindow, failureRatio } from '@holdfast/circuit-breaker';
 *
 * const tripRule = failureRatio({ failureRatio: 0.5, window: countWindow({ calls: 200 }) });
 * const breaker = circuitBreaker({ name: 'search', tripRule });
 * ```
 */
export function countWindow(options: CountWindowOptions = {}): CallWindow {
  const { calls } = readOptions('countWindow', options, { calls: integer(1, 1_000_000) }, { calls: 100 });
  return { maxCalls: calls, start: () => new BitRing(calls) };
}
