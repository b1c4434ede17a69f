import { integer, readOptions } from '@holdfast/pipeline';
import type { CallWindow, WindowMeter } from './call-window.ts';

/** Options of {@link countWindow}. */
export interface CountWindowOptions {
  /** How many calls to look at. Default 100; 1 to 1,000,000. */
  readonly calls?: number | undefined;
}

/** A ring with one byte a call, and running totals. What is not filled yet is 0, so that nothing needs a branch. */
class CallRing implements WindowMeter {
  private readonly ring: Uint8Array;
  private next = 0;
  calls = 0;
  hits = 0;

  constructor(size: number) {
    this.ring = new Uint8Array(size);
  }

  record(hit: boolean): void {
    const { ring, next } = this;
    const one = hit ? 1 : 0;
    this.hits += one - (ring[next] ?? 0);
    ring[next] = one;
    if (this.calls < ring.length) this.calls++;
    this.next = next + 1 === ring.length ? 0 : next + 1;
  }

  refresh(): void {
    // Calls do not grow old here; only newer ones push them out.
  }

  reset(): void {
    this.ring.fill(0);
    this.next = this.calls = this.hits = 0;
  }

  save(): readonly number[] {
    return [this.calls, this.next, ...this.ring];
  }

  load([calls = 0, next = 0, ...ring]: readonly number[]): void {
    if (ring.length !== this.ring.length || !(calls >= 0 && calls <= ring.length) || ring[next] === undefined)
      return;
    this.calls = calls;
    this.next = next;
    this.ring.set(ring);
    this.hits = ring.filter((hit) => hit === 1).length;
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
  return { maxCalls: calls, start: () => new CallRing(calls) };
}
