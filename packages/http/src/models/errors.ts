import { HoldfastError, isRejection, type HoldfastErrorOptions } from '@holdfast/pipeline';

/**
 * What calls may cost in a window of time is used up; `retryAfterMs` says when something of it is there again.
 *
 * @example
 * ```ts
 * import { BudgetExhaustedError } from '@holdfast/http/models';
 *
 * console.log(new BudgetExhaustedError({ strategy: 'tokens', retryAfterMs: 5_000 }).message);
 * ```
 */
export class BudgetExhaustedError extends HoldfastError {
  override readonly name = 'BudgetExhaustedError';
  readonly code = 'ERR_BUDGET_EXHAUSTED';

  constructor(options: HoldfastErrorOptions) {
    super(`${options.strategy} refuses the call: the budget is used up`, options);
  }
}

/**
 * Whether a value says that a budget was used up.
 *
 * @example
 * ```ts
 * import { costBudget, isBudgetExhausted } from '@holdfast/http/models';
 *
 * const tokens = costBudget({ limit: 100_000, windowMs: 60_000 });
 * const result = await tokens.try(() => ({ answer: 'yes' }));
 * if (!result.ok && isBudgetExhausted(result.error)) console.log('in', result.error.retryAfterMs, 'ms');
 * ```
 */
export function isBudgetExhausted(value: unknown): value is BudgetExhaustedError {
  return isRejection(value) && value.code === 'ERR_BUDGET_EXHAUSTED';
}

/**
 * A provider ended a stream with an error event. `event` is what it sent, for {@link classifyModelError}.
 *
 * @example
 * ```ts
 * import { classifyModelError, ModelStreamError } from '@holdfast/http/models';
 *
 * const error = new ModelStreamError({ type: 'error', error: { type: 'overloaded_error' } });
 * console.assert(classifyModelError(error).kind === 'overloaded');
 * ```
 */
export class ModelStreamError extends Error {
  override readonly name = 'ModelStreamError';
  readonly code = 'ERR_MODEL_STREAM';
  /** What the provider sent. */
  readonly event: unknown;

  constructor(event: unknown) {
    super('the provider ended the stream with an error');
    this.event = event;
  }
}
