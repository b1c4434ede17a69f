import {
  check,
  either,
  having,
  integer,
  isTimeout,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { AdaptiveLimit } from '../adaptive/adaptive-limit.ts';
import type { Attributes } from '../keys.ts';

/** What {@link bulkhead} takes. */
export interface BulkheadOptions {
  /**
   * How many calls may run at once: a whole number, at least 1, or a limit that adapts itself: `aimd`, `vegas`, `gradient`.
   */
  readonly maxConcurrent: number | AdaptiveLimit;
  /** How many further calls may wait for a place. A whole number, at least 0; 0 refuses them at once. Default 0. */
  readonly maxQueue?: number | undefined;
  /** How long a call may wait for a place, in milliseconds. At least 0; `Infinity` sets no limit. Default 1,000. */
  readonly maxQueueMs?: number | undefined;
  /** Which of the waiting calls goes first: the oldest, or the newest, whose caller has most patience left. Default `fifo`. */
  readonly order?: 'fifo' | 'lifo' | undefined;
  /**
   * How important a call is: a whole number from 0 to 9. More important calls go first, and take the place of less
   * important ones when the queue is full. Default: all are 0.
   */
  readonly priorityBy?: ((attributes: Attributes) => number) | undefined;
  /** Chooses the compartment of a call, e.g. its host or tenant. Calls without a key share one. Default: one for all. */
  readonly keyBy?: ((attributes: Attributes) => string | undefined) | undefined;
  /** How many compartments there may be; calls of further keys share that of calls without a key. At least 1. Default 10,000. */
  readonly maxKeys?: number | undefined;
  /** Whether an error tells an adaptive limit of too much load. Default: a timeout does. */
  readonly isOverload?: ((error: unknown) => boolean) | undefined;
  /** Names the bulkhead in errors, events and statistics. Default `bulkhead`. */
  readonly name?: string | undefined;
  /** Whether a `BulkheadFullError` carries a stack trace, which costs about 3 µs. Default `false`. */
  readonly captureStack?: boolean | undefined;
  /** Hears of listeners and classifiers that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link bulkhead} does unless told otherwise. */
export const bulkheadDefaults = {
  maxQueue: 0,
  maxQueueMs: 1_000,
  order: 'fifo' as 'fifo' | 'lifo',
  maxKeys: 10_000,
  isOverload: isTimeout as (error: unknown) => boolean,
  name: 'bulkhead',
  captureStack: false,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<BulkheadOptions>;

const rules: Rules<BulkheadOptions> = {
  maxConcurrent: either(integer(1), having('start')),
  maxQueue: integer(0),
  maxQueueMs: number(0),
  order: oneOf('fifo', 'lifo'),
  priorityBy: type('function'),
  keyBy: type('function'),
  maxKeys: integer(1),
  isOverload: type('function'),
  name: type('string'),
  captureStack: type('boolean'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link bulkhead} works with them. */
export type BulkheadSettings = Readonly<BulkheadOptions & typeof bulkheadDefaults>;

/** Checks options and fills in the defaults. */
export function readBulkheadOptions(options: BulkheadOptions): BulkheadSettings {
  const settings = readOptions('bulkhead', options, rules, bulkheadDefaults);
  check('bulkhead: maxConcurrent', settings.maxConcurrent, rules.maxConcurrent);
  return settings;
}
