export type { BackoffFunction, BackoffKind } from './backoff.ts';
export type { Attributes, RetryBudget } from './budget/budget.ts';
export { keyedBudget, type KeyedBudgetOptions } from './budget/keyed-budget.ts';
export { quotaBudget, type QuotaBudgetOptions } from './budget/quota-budget.ts';
export { retryBudget, type RetryBudgetOptions } from './budget/retry-budget.ts';
export { tokenBudget, type TokenBudgetOptions } from './budget/token-budget.ts';
export type {
  RetryEvent,
  RetryGivenUpEvent,
  RetryLimit,
  RetryRecoveredEvent,
  RetryScheduledEvent,
} from './events.ts';
export type {
  HedgeBudgetExhaustedEvent,
  HedgeEvent,
  HedgeStartedEvent,
  HedgeWonEvent,
} from './hedge/events.ts';
export { hedge, type Hedge, type HedgeStats } from './hedge/hedge.ts';
export { hedgeDefaults, type HedgeOptions } from './hedge/options.ts';
export { isTransient } from './is-transient.ts';
export { retryDefaults, type RetryOptions } from './options.ts';
export { apiCall, awsCall, isAwsTransient, networkOperation } from './presets.ts';
export { retryAfterOf } from './retry-after.ts';
export { retry, type Retry, type RetryStats } from './retry.ts';
