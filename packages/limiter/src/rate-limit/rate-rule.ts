/** How many calls, or how much cost, a rate limit lets through over time. Made by `tokenBucket` or `slidingWindow`. */
export interface RateRule {
  /** What it is called in statistics. */
  readonly kind: string;
  /** How much may pass at most at once. */
  readonly limit: number;
  /** The time to which the limit refers, in milliseconds. */
  readonly windowMs: number;
  /**
   * Makes the state of one key.
   *
   * @param nowMs - in monotonic milliseconds
   */
  start(nowMs: number): RateMeter;
}

/** What one key has used up. */
export interface RateMeter {
  /**
   * Takes a cost if there is enough left for it.
   *
   * @returns 0 when it was taken, otherwise in how many milliseconds there may be enough; `Infinity` if never
   */
  take(nowMs: number, cost: number): number;
  /** In how many milliseconds a cost can be taken if nothing else is taken before; 0 when it can be now. */
  waitMs(nowMs: number, cost: number): number;
  /** Takes a cost whether or not there is enough, or gives one back where it is negative. */
  charge(nowMs: number, cost: number): void;
  /** How much is left; never below 0. */
  remaining(nowMs: number): number;
  /** In how many milliseconds everything is there again; 0 for a meter that is as good as new. */
  resetMs(nowMs: number): number;
}
