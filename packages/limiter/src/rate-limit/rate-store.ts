import type { RateRule } from './rate-rule.ts';

/**
 * Where the instances of a service count together. It may fail or take too long: then each instance goes by its own count
 * for a while.
 */
export interface RateStore {
  /**
   * Takes a cost if the rule leaves enough for it.
   *
   * @param key - the limit and the key of the call
   * @returns 0 when it was taken, otherwise in how many milliseconds to ask again; not a promise where the answer is at hand
   */
  take(key: string, cost: number, rule: RateRule): number | PromiseLike<number>;
  /** Takes a cost whether or not there is enough, or gives one back where it is negative. Not waited for. */
  charge(key: string, cost: number, rule: RateRule): void | PromiseLike<void>;
}
