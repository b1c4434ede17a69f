import { number, readOptions, type Rules } from '@holdfast/pipeline';
import type { RetryBudget } from './budget.ts';

/** What {@link tokenBudget} takes. */
export interface TokenBudgetOptions {
  /** How many tokens there are at most, and at the start; above 0 up to 1000. Default 100. */
  readonly maxTokens?: number | undefined;
  /** What part of a token a success gives back; above 0. Default 0.1. */
  readonly tokenRatio?: number | undefined;
}

const defaults = { maxTokens: 100, tokenRatio: 0.1 };

const rules: Rules<TokenBudgetOptions> = {
  maxTokens: number(Number.MIN_VALUE, 1000),
  tokenRatio: number(Number.MIN_VALUE, 1000),
};

/**
 * Makes a budget that works like the retry throttling of gRPC: every failure takes a token, every success gives a part
 * of one back, and retries need more than half of the tokens.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#throttling-retry-attempts-and-hedged-rpcs
 *
 * @example
 * ```ts
 * import { retry, tokenBudget } from '@holdfast/retry';
 *
 * const strategy = retry({ maxAttempts: 4, budget: tokenBudget({ maxTokens: 10, tokenRatio: 0.1 }) });
 * ```
 */
export function tokenBudget(options: TokenBudgetOptions = {}): RetryBudget {
  const { maxTokens, tokenRatio } = readOptions('tokenBudget', options, rules, defaults);
  let tokens = maxTokens;
  return {
    withdraw: () => (tokens > maxTokens / 2 ? 1 : 0),
    record(ok) {
      tokens = ok ? Math.min(maxTokens, tokens + tokenRatio) : Math.max(0, tokens - 1);
    },
  };
}
