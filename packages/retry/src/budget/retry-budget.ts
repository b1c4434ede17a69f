import { having, number, readOptions, systemClock, type Clock, type Rules } from '@holdfast/pipeline';
import type { RetryBudget } from './budget.ts';

/** What {@link retryBudget} takes. */
export interface RetryBudgetOptions {
  /** How many retries each call pays for, 0 to 1. Default 0.08: with the burst, an outage adds about a tenth to the load. */
  readonly ratio?: number | undefined;
  /** Retries a second that need no calls to pay for them, for clients with little traffic; at least 0. Default 0.1. */
  readonly minPerSecond?: number | undefined;
  /** How many unused retries are saved up, and are there at the start; at least 1. Default 10. */
  readonly burst?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const defaults = { ratio: 0.08, minPerSecond: 0.1, burst: 10, clock: systemClock };

const rules: Rules<RetryBudgetOptions> = {
  ratio: number(0, 1),
  minPerSecond: number(0, 1_000_000),
  burst: number(1, 1_000_000),
  clock: having('now'),
};

/** What a retry costs: ten times 0.1 is a little less than 1. */
const PRICE = 1 - 1e-9;

/**
 * Makes a budget that lets retries add at most a fixed share to the load: over any time, at most
 * `burst + ratio × calls + minPerSecond × seconds`.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { retry, retryBudget } from '@holdfast/retry';
 *
 * const budget = retryBudget({ ratio: 0.1 });
 * const reads = retry({ maxAttempts: 3, budget });
 * const writes = retry({ maxAttempts: 2, budget });
 * ```
 */
export function retryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { ratio, minPerSecond, burst, clock } = readOptions('retryBudget', options, rules, defaults);
  let saved = burst;
  let countedAtMs = clock.now();

  // Time is only looked at when a retry is asked for, so a call that succeeds reads no clock.
  function countTime(): void {
    const now = clock.now();
    saved = Math.min(burst, saved + (Math.max(0, now - countedAtMs) / 1000) * minPerSecond);
    countedAtMs = now;
  }

  return {
    withdraw() {
      countTime();
      if (saved < PRICE) return 0;
      saved -= PRICE;
      return 1;
    },
    record(_ok, price) {
      if (price === 0) saved = Math.min(burst, saved + ratio);
    },
  };
}
