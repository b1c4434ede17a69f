import {
  check,
  createEmitter,
  defineStrategy,
  either,
  having,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type EventSource,
  type ListenerErrorHandler,
  type Rules,
  type Strategy,
} from '@holdfast/pipeline';
import { CostGate } from './cost-gate.ts';

/** What {@link costBudget} takes. */
export interface CostBudgetOptions {
  /** What calls may cost in a window: tokens, money, whatever `costOf` counts. Above 0. */
  readonly limit: number;
  /** The length of the window, in milliseconds; it slides in steps of a sixtieth. At least 60. */
  readonly windowMs: number;
  /** What a call has cost, by its value or, when it failed, its error. Default: nothing is known. */
  readonly costOf?: ((result: unknown) => number | undefined) | undefined;
  /**
   * What a call is expected to cost, reserved while it runs, and charged when a success does not say: a number, at least 0,
   * or `cost` for the `cost` that each call gives with its options. Default 0.
   */
  readonly estimate?: number | 'cost' | undefined;
  /** Names the budget in errors and events. Default `cost-budget`. */
  readonly name?: string | undefined;
  /** Hears of listeners and of a `costOf` that throws. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** A call was refused because the budget is used up. */
export interface BudgetExhaustedEvent {
  readonly type: 'budget.exhausted';
  readonly strategy: string;
  /** What was spent in the window. */
  readonly spent: number;
  readonly limit: number;
}

/** What a {@link costBudget} has seen. */
export interface CostBudgetStats {
  /** What was spent in the window that ends now. */
  readonly spent: number;
  /** What running calls are expected to cost. */
  readonly reserved: number;
  /** What is left; never below 0. */
  readonly remaining: number;
  /** How many calls were refused since the budget was made. */
  readonly refused: number;
}

/** A strategy that lets calls pass while there is money, or whatever else they cost. */
export interface CostBudget extends Strategy, EventSource<BudgetExhaustedEvent> {
  /** What a value has cost: for the option of this name that rate limits take. */
  readonly actualCost: (value: unknown) => number | undefined;
  /**
   * Charges what was spent outside a call.
   *
   * @throws {@link RangeError} when the amount is below 0 or no number
   */
  spend(amount: number): void;
  /** How things stand now; a new object at each call. */
  stats(): CostBudgetStats;
}

const defaults = {
  estimate: 0 as number | 'cost',
  name: 'cost-budget',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
};

/** Options as a budget works with them. */
export type CostSettings = CostBudgetOptions & typeof defaults;

const rules: Rules<CostBudgetOptions> = {
  limit: number(Number.MIN_VALUE),
  windowMs: number(60, Number.MAX_SAFE_INTEGER),
  costOf: type('function'),
  estimate: either(number(0), oneOf('cost')),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/**
 * Makes a strategy that refuses calls while what they have cost in the last `windowMs` reaches `limit`. What a call
 * costs is known only when it has ended, so that calls under way may exceed the limit by what they cost above their
 * `estimate`.
 *
 * @param options - `limit` in the unit of `costOf`, `windowMs` in milliseconds
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { costBudget } from '@holdfast/http/models';
 *
 * const dollars = costBudget({
 *   limit: 1,
 *   windowMs: 60_000,
 *   costOf: (answer) => (answer as { usage: { tokens: number } }).usage.tokens * 0.000_002,
 * });
 * await dollars.execute(() => ({ usage: { tokens: 1_200 } }));
 * console.log(dollars.stats().remaining);
 * ```
 */
export function costBudget(options: CostBudgetOptions): CostBudget {
  const settings = readOptions('costBudget', options, rules, defaults);
  check('costBudget: limit', settings.limit, rules.limit);
  check('costBudget: windowMs', settings.windowMs, rules.windowMs);
  const emitter = createEmitter<BudgetExhaustedEvent>(settings.onListenerError);
  const gate = new CostGate(settings, emitter);
  const events: EventSource<BudgetExhaustedEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  return Object.assign(defineStrategy(settings.name, gate), events, {
    actualCost: (value: unknown) => gate.actualCost(value),
    spend(amount: number) {
      check('spend: amount', amount, number(0));
      gate.spend(amount);
    },
    stats: () => gate.stats(),
  });
}
