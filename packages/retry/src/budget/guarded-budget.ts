import { reportListenerError, type ListenerErrorHandler } from '@holdfast/pipeline';
import { ask } from '../ask.ts';
import type { RetryBudget } from './budget.ts';

/** Allows everything at no cost. */
const UNLIMITED: RetryBudget = { withdraw: () => 1, record: () => undefined };

/** The options that say which budget to use. */
export interface BudgetOptions {
  readonly budget?: RetryBudget | undefined;
  readonly onListenerError: ListenerErrorHandler;
}

/** A budget that never throws; what it would throw is reported, and no attempt is allowed. */
export function guardedBudget({ budget, onListenerError }: BudgetOptions): RetryBudget {
  if (budget === undefined) return UNLIMITED;
  return {
    withdraw: (cause, attributes) => ask(() => budget.withdraw(cause, attributes), 0, onListenerError),
    record(ok, price, attributes) {
      // In place of `ask`, because calls that succeed come here and a closure would cost them an allocation.
      try {
        const answer: unknown = budget.record(ok, price, attributes);
        // An async one that fails must not end the process either.
        if (answer instanceof Promise) answer.catch((error) => reportListenerError(onListenerError, error));
      } catch (error) {
        reportListenerError(onListenerError, error);
      }
    },
  };
}
