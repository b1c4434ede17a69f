import { check, integer, number, readOptions, type Rules } from '@holdfast/pipeline';
import type { RateMeter, RateRule } from './rate-rule.ts';

/** What {@link slidingWindow} takes. */
export interface SlidingWindowOptions {
  /** How much may pass within any window. Above 0. */
  readonly limit: number;
  /** How long the window is, in milliseconds. At least `slots`. */
  readonly windowMs: number;
  /**
   * In how many slots the window moves. More use more memory, 8 bytes each, and make more of the limit usable: all but one
   * slot's share. A whole number, 1 to 1,000. Default 10.
   */
  readonly slots?: number | undefined;
}

const rules: Rules<SlidingWindowOptions> = {
  limit: number(Number.MIN_VALUE),
  windowMs: number(Number.MIN_VALUE),
  slots: integer(1, 1_000),
};

/**
 * What passed in each slot of time that a window can still touch. A slot counts in full until the window has left all of
 * it behind, so no window, wherever it begins, ever holds more than the limit.
 */
class SlidingWindow implements RateMeter {
  private readonly limit: number;
  private readonly slotMs: number;
  /** By slot number modulo their count: those of the window, and the one that it is leaving. */
  private readonly used: Float64Array;
  private slot: number;
  private total = 0;

  constructor(limit: number, slotMs: number, slots: number, nowMs: number) {
    this.limit = limit;
    this.slotMs = slotMs;
    this.used = new Float64Array(slots + 1);
    this.slot = Math.floor(nowMs / slotMs);
  }

  take(nowMs: number, cost: number): number {
    if (cost > this.limit) return Infinity;
    const waitMs = this.waitMs(nowMs, cost);
    if (waitMs === 0) this.add(cost);
    return waitMs;
  }

  waitMs(nowMs: number, cost: number): number {
    this.turn(nowMs);
    if (this.total + cost <= this.limit) return 0;
    // What is more than a window's worth has to wait for whole windows.
    const windows = Math.max(0, Math.ceil(cost / this.limit) - 1);
    let excess = this.total + cost - windows * this.limit - this.limit;
    const { length } = this.used;
    let age = length;
    while (excess > 0 && age-- > 0) excess -= this.at(this.slot - age);
    return (this.slot - Math.min(age, length - 1) + (windows + 1) * length) * this.slotMs - nowMs;
  }

  charge(nowMs: number, cost: number): void {
    this.turn(nowMs);
    if (cost >= 0) this.add(cost);
    else this.giveBack(-cost);
  }

  remaining(nowMs: number): number {
    this.turn(nowMs);
    return Math.max(0, this.limit - this.total);
  }

  resetMs(nowMs: number): number {
    this.turn(nowMs);
    const { length } = this.used;
    for (let age = 0; age < length; age++) {
      if (this.at(this.slot - age) !== 0) return (this.slot - age + length) * this.slotMs - nowMs;
    }
    return 0;
  }

  /** The newest first. No slot may hold less than nothing: it would make room for too much when older ones have left. */
  private giveBack(cost: number): void {
    let rest = cost;
    for (let age = 0; age < this.used.length && rest > 0; age++) {
      const index = this.indexOf(this.slot - age);
      const given = Math.min(rest, this.used[index] ?? 0);
      this.used[index] = (this.used[index] ?? 0) - given;
      this.total -= given;
      rest -= given;
    }
  }

  private at(slot: number): number {
    return this.used[this.indexOf(slot)] ?? 0;
  }

  private indexOf(slot: number): number {
    const { length } = this.used;
    return ((slot % length) + length) % length;
  }

  private add(cost: number): void {
    const index = this.indexOf(this.slot);
    this.used[index] = (this.used[index] ?? 0) + cost;
    this.total += cost;
  }

  /** Empties the slots that the window has left. A clock that jumped back stays in its slot until it has caught up. */
  private turn(nowMs: number): void {
    const slot = Math.floor(nowMs / this.slotMs);
    const { length } = this.used;
    if (slot <= this.slot) return;
    for (let left = Math.min(slot - this.slot, length); left > 0; left--)
      this.used[this.indexOf(slot - left + 1)] = 0;
    // Summed anew, so that what rounding adds does not stay.
    this.total = this.used.reduce((sum, used) => sum + used, 0);
    this.slot = slot;
  }
}

/**
 * Makes a rule by which no window of time, wherever it begins, holds more than the limit. What passed counts until its
 * whole slot has left the window, so of `slots` + 1 slots' time one window's worth passes under full load.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { rateLimit, slidingWindow } from '@holdfast/limiter';
 *
 * const perMinute = rateLimit({ rule: slidingWindow({ limit: 60, windowMs: 60_000 }) });
 * ```
 */
export function slidingWindow(options: SlidingWindowOptions): RateRule {
  const { limit, windowMs, slots } = readOptions('slidingWindow', options, rules, { slots: 10 });
  check('slidingWindow: limit', limit, rules.limit);
  check('slidingWindow: windowMs', windowMs, number(slots));
  const slotMs = windowMs / slots;
  return {
    kind: 'sliding-window',
    limit,
    windowMs,
    start: (nowMs) => new SlidingWindow(limit, slotMs, slots, nowMs),
  };
}
