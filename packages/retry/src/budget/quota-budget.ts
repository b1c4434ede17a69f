import { integer, isTimeout, readOptions, type Rules } from '@holdfast/pipeline';
import type { RetryBudget } from './budget.ts';

/** What {@link quotaBudget} takes. */
export interface QuotaBudgetOptions {
  /** How many tokens there are at most, and at the start; at least 1. Default 500. */
  readonly tokens?: number | undefined;
  /** What a retry costs; at least 1. Default 5. */
  readonly retryCost?: number | undefined;
  /** What a retry costs after a timeout; at least 1. Default 10. */
  readonly timeoutCost?: number | undefined;
}

const defaults = { tokens: 500, retryCost: 5, timeoutCost: 10 };

const rules: Rules<QuotaBudgetOptions> = {
  tokens: integer(1),
  retryCost: integer(1),
  timeoutCost: integer(1),
};

/** What a call that succeeds without a retry adds. */
const FIRST_SUCCESS = 1;

/**
 * Makes a budget that works like the retry quota of the AWS SDKs: a retry pays, a retry that succeeds is paid back,
 * and a first attempt that succeeds adds one token.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 *
 * @example
 * ```ts
 * import { awsCall, quotaBudget, retry } from '@holdfast/retry';
 *
 * const strategy = retry({ ...awsCall, budget: quotaBudget() });
 * ```
 */
export function quotaBudget(options: QuotaBudgetOptions = {}): RetryBudget {
  const settings = readOptions('quotaBudget', options, rules, defaults);
  let { tokens } = settings;
  return {
    withdraw(cause) {
      const price = isTimeout(cause) ? settings.timeoutCost : settings.retryCost;
      if (tokens < price) return 0;
      tokens -= price;
      return price;
    },
    record(ok, price) {
      if (ok) tokens = Math.min(settings.tokens, tokens + (price || FIRST_SUCCESS));
    },
  };
}
