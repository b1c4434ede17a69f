import type { ListenerErrorHandler } from '@holdfast/pipeline';
import { ask } from './ask.ts';
import type { Attributes } from './budget/budget.ts';

/** The options that say whether an operation may run twice. */
export interface IdempotencyOptions {
  readonly idempotent: boolean | ((attributes: Attributes) => boolean);
  readonly onListenerError: ListenerErrorHandler;
}

/** Whether an operation may run twice; when asking fails, it may not. */
export function isIdempotent(
  { idempotent, onListenerError }: IdempotencyOptions,
  attributes: Attributes,
): boolean {
  if (typeof idempotent === 'boolean') return idempotent;
  return ask(() => idempotent(attributes), false, onListenerError);
}
