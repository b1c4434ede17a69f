import {
  check,
  either,
  having,
  integer,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { BackoffFunction, BackoffKind } from './backoff.ts';
import type { Attributes, RetryBudget } from './budget/budget.ts';
import { systemRandom } from './clock.ts';
import { isTransient } from './is-transient.ts';

/** What {@link retry} takes. */
export interface RetryOptions {
  /** How many attempts a call has, the first one included: 1 to Infinity. Default 3. */
  readonly maxAttempts?: number | undefined;
  /** What delays grow from, in milliseconds. A whole number, at least 0. Default 200. */
  readonly baseDelayMs?: number | undefined;
  /** The longest delay, in milliseconds, before what the upstream asks for. At least `baseDelayMs`. Default 30 000. */
  readonly maxDelayMs?: number | undefined;
  /**
   * How delays grow: `full-jitter` draws from 0 to base × 2 ^ (retry - 1), `decorrelated-jitter` from base to three
   * times the last delay, `exponential` doubles, `constant` stays; or a function of your own. Default `full-jitter`.
   */
  readonly backoff?: BackoffKind | BackoffFunction | undefined;
  /** Whether another attempt may mend an error. `attempt` is the one that failed. Default {@link isTransient}. */
  readonly retryIf?: ((error: unknown, attempt: number) => boolean) | undefined;
  /** Whether a result is as bad as an error. The last one is returned when attempts run out. Default: no result is. */
  readonly retryOnResult?: ((value: unknown) => boolean) | undefined;
  /**
   * The longest time, in milliseconds, that is waited because the upstream asks for it (Retry-After). It comes on top
   * of the backoff, so that callers who were told the same instant do not return together. At least 0. Default 60 000.
   */
  readonly maxRetryAfterMs?: number | undefined;
  /** No attempt starts with less time than this left before the deadline, in milliseconds. At least 0. Default 0. */
  readonly minAttemptMs?: number | undefined;
  /** Limits how much load retries add; shared by whoever holds it. Default: no limit. */
  readonly budget?: RetryBudget | undefined;
  /**
   * Whether the operation may run twice, or a function of the call's attributes. If not, it is only retried when it
   * surely never started: it was refused admission, or no connection came about. Default `true`.
   */
  readonly idempotent?: boolean | ((attributes: Attributes) => boolean) | undefined;
  /**
   * Whether to wait and try again when something inside refuses admission, such as an open breaker. Otherwise the
   * refusal is rethrown at once and costs no attempt. Default `false`.
   */
  readonly retryRejections?: boolean | undefined;
  /** Whether a call that fails after several attempts throws an AggregateError of the last 100 errors. Default `false`. */
  readonly collectErrors?: boolean | undefined;
  /** Names the strategy in events. Default `retry`. */
  readonly name?: string | undefined;
  /** Hears of listeners, classifiers and budgets that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers from 0 up to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What a {@link retry} does unless told otherwise. */
export const retryDefaults = {
  maxAttempts: 3,
  baseDelayMs: 200,
  maxDelayMs: 30_000,
  backoff: 'full-jitter' as BackoffKind | BackoffFunction,
  retryIf: isTransient as (error: unknown, attempt: number) => boolean,
  maxRetryAfterMs: 60_000,
  minAttemptMs: 0,
  idempotent: true as boolean | ((attributes: Attributes) => boolean),
  retryRejections: false,
  collectErrors: false,
  name: 'retry',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
  random: systemRandom,
} satisfies Partial<RetryOptions>;

const rules: Rules<RetryOptions> = {
  maxAttempts: integer(1, Infinity),
  baseDelayMs: integer(0),
  maxDelayMs: integer(0),
  backoff: either(oneOf('full-jitter', 'decorrelated-jitter', 'exponential', 'constant'), type('function')),
  retryIf: type('function'),
  retryOnResult: type('function'),
  maxRetryAfterMs: number(0),
  minAttemptMs: number(0),
  budget: having('withdraw', 'record'),
  idempotent: either(type('boolean'), type('function')),
  retryRejections: type('boolean'),
  collectErrors: type('boolean'),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

/** Options as {@link retry} works with them. */
export type RetrySettings = Readonly<RetryOptions & typeof retryDefaults>;

/** Checks options and fills in the defaults. */
export function readRetryOptions(options: RetryOptions): RetrySettings {
  const settings = readOptions('retry', options, rules, retryDefaults);
  check('retry: maxDelayMs', settings.maxDelayMs, integer(settings.baseDelayMs));
  return settings;
}
