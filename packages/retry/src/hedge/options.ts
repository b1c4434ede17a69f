import {
  check,
  either,
  having,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { Attributes, RetryBudget } from '../budget/budget.ts';

/** What {@link hedge} takes. */
export interface HedgeOptions {
  /**
   * How long to wait for an answer before another attempt is started beside those that run, in milliseconds: a number
   * of at least 0, or a function, e.g. of the latencies seen so far; `Infinity` starts none. Best is about the 95th
   * percentile of the operation's duration: then one call in twenty is made twice.
   */
  readonly delayMs: number | ((hedge: number, attributes: Attributes) => number);
  /** How many attempts may be started beside the first: 1 to 10. Default 1. */
  readonly maxHedges?: number | undefined;
  /** Limits how much load hedges add; shared by whoever holds it. Default: no limit. */
  readonly budget?: RetryBudget | undefined;
  /** Whether the operation may run twice, or a function of the call's attributes. Default `true`. */
  readonly idempotent?: boolean | ((attributes: Attributes) => boolean) | undefined;
  /** Whether a call of which several attempts failed throws an AggregateError of their errors. Default `false`. */
  readonly collectErrors?: boolean | undefined;
  /** Names the strategy in events. Default `hedge`. */
  readonly name?: string | undefined;
  /** Hears of listeners, functions and budgets that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link hedge} does unless told otherwise. */
export const hedgeDefaults = {
  maxHedges: 1,
  idempotent: true as boolean | ((attributes: Attributes) => boolean),
  collectErrors: false,
  name: 'hedge',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<HedgeOptions>;

const rules: Rules<HedgeOptions> = {
  delayMs: either(number(0), type('function')),
  maxHedges: integer(1, 10),
  budget: having('withdraw', 'record'),
  idempotent: either(type('boolean'), type('function')),
  collectErrors: type('boolean'),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link hedge} works with them. */
export type HedgeSettings = Readonly<HedgeOptions & typeof hedgeDefaults>;

/** Checks options and fills in the defaults. */
export function readHedgeOptions(options: HedgeOptions): HedgeSettings {
  const settings = readOptions('hedge', options, rules, hedgeDefaults);
  check('hedge: delayMs', settings.delayMs, rules.delayMs);
  return settings;
}
