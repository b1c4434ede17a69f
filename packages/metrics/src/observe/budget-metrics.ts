import { check, having, type } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';

/** What limits how many retries and hedges there may be; those of `@holdfast/retry` are some. */
export interface BudgetLike {
  /** Asks for one more attempt: its price, or 0 when there is nothing left. */
  withdraw(cause: unknown, attributes: Readonly<Record<string, string>>): number;
  /** Says how an attempt went. */
  record(ok: boolean, price: number, attributes: Readonly<Record<string, string>>): void;
}

/**
 * Makes a budget that counts what another one grants and refuses. First attempts pay a function call; only further ones
 * are counted.
 *
 * @param name - what the counts are labelled with
 * @throws {@link TypeError} when the name is no string, or the budget is none
 *
 * @example
 * ```ts
 * import { retry, retryBudget } from '@holdfast/retry';
 * import { budgetMetrics, createMetrics } from '@holdfast/metrics';
 *
 * const budget = budgetMetrics(createMetrics(), 'stripe', retryBudget());
 * const patient = retry({ maxAttempts: 3, budget });
 * ```
 */
export function budgetMetrics(metrics: Metrics, name: string, budget: BudgetLike): BudgetLike {
  check('budgetMetrics: name', name, type('string'));
  check('budgetMetrics: budget', budget, having('withdraw', 'record'));
  const withdrawals = metrics.counter({
    name: 'resilience_budget_withdrawals_total',
    help: 'Further attempts that a budget was asked for, by what it said',
    labels: ['name', 'outcome'],
  });
  const granted = withdrawals.with(name, 'granted');
  const refused = withdrawals.with(name, 'refused');
  return {
    withdraw(cause, attributes) {
      const price = budget.withdraw(cause, attributes);
      (price > 0 ? granted : refused).inc();
      return price;
    },
    record: (ok, price, attributes) => budget.record(ok, price, attributes),
  };
}
