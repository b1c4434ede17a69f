import { check, integer, readOptions, type, type Rules } from '@holdfast/pipeline';
import type { Attributes, RetryBudget } from './budget.ts';

/** What {@link keyedBudget} takes. */
export interface KeyedBudgetOptions {
  /** Chooses the key of a call, e.g. its host or tenant. */
  readonly keyBy: (attributes: Attributes) => string | undefined;
  /** Makes the budget of a key. */
  readonly create: () => RetryBudget;
  /** How many keys are remembered; the one unused for longest is forgotten, and starts afresh. At least 1. Default 1000. */
  readonly maxKeys?: number | undefined;
}

const rules: Rules<KeyedBudgetOptions> = {
  keyBy: type('function'),
  create: type('function'),
  maxKeys: integer(1),
};

/**
 * Makes a budget of budgets: one for each key, so that a failing host does not use up the retries of the others.
 * Calls without a key share one.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when `maxKeys` is below 1
 *
 * @example
 * ```ts
 * import { keyedBudget, retry, retryBudget } from '@holdfast/retry';
 *
 * const budget = keyedBudget({ keyBy: ({ host }) => host, create: () => retryBudget() });
 * const strategy = retry({ maxAttempts: 3, budget });
 * ```
 */
export function keyedBudget(options: KeyedBudgetOptions): RetryBudget {
  const { keyBy, create, maxKeys } = readOptions('keyedBudget', options, rules, { maxKeys: 1000 });
  check('keyedBudget: keyBy', keyBy, rules.keyBy);
  check('keyedBudget: create', create, rules.create);
  /** The key unused for longest comes first. */
  const budgets = new Map<string | undefined, RetryBudget>();

  function budgetOf(attributes: Attributes): RetryBudget {
    const key = keyBy(attributes);
    const budget = budgets.get(key) ?? create();
    budgets.delete(key);
    budgets.set(key, budget);
    if (budgets.size > maxKeys) budgets.delete(budgets.keys().next().value);
    return budget;
  }

  return {
    withdraw: (cause, attributes) => budgetOf(attributes).withdraw(cause, attributes),
    record: (ok, price, attributes) => budgetOf(attributes).record(ok, price, attributes),
  };
}
