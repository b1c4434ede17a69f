import {
  check,
  having,
  integer,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Attributes } from '../keys.ts';
import type { RateRule } from './rate-rule.ts';
import type { RateStore } from './rate-store.ts';
import { tokenBucket } from './token-bucket.ts';

/** What {@link rateLimit} takes. */
export interface RateLimitOptions {
  /** How much may pass: `tokenBucket` or `slidingWindow`. Default: 60 a minute, all of them at once after a pause. */
  readonly rule?: RateRule | undefined;
  /** What is counted: each call as 1, or by the `cost` of its options, such as tokens. Default `calls`. */
  readonly count?: 'calls' | 'cost' | undefined;
  /**
   * What a call turned out to cost, from its result; the difference to what was taken is charged or given back. Default:
   * what was taken.
   */
  readonly actualCost?: ((value: unknown) => number | undefined) | undefined;
  /** How many calls of a key may wait for their turn. A whole number, at least 0; 0 refuses them at once. Default 0. */
  readonly maxQueue?: number | undefined;
  /**
   * How long a call may wait, in milliseconds. A call whose turn comes later, or after its deadline, is refused at once. At
   * least 0. Default 1,000.
   */
  readonly maxQueueMs?: number | undefined;
  /** How important a waiting call is: a whole number from 0 to 9. More important calls go first. Default: all are 0. */
  readonly priorityBy?: ((attributes: Attributes) => number) | undefined;
  /** Chooses the limit of a call, e.g. its client or tenant. Calls without a key share one. Default: one for all. */
  readonly keyBy?: ((attributes: Attributes) => string | undefined) | undefined;
  /** How many keys are counted apart; calls of further keys share the one of calls without a key. At least 1. Default 10,000. */
  readonly maxKeys?: number | undefined;
  /** Where several instances count together. Default: each instance counts for itself. */
  readonly store?: RateStore | undefined;
  /** How long an answer of the store is waited for, in milliseconds. At least 1. Default 100. */
  readonly answerMs?: number | undefined;
  /** For how long the store is left alone after it failed, in milliseconds. At least 0. Default 1,000. */
  readonly storeRetryMs?: number | undefined;
  /** Names the limit in errors, events, headers and keys of a store. Default `rate-limit`. */
  readonly name?: string | undefined;
  /** Whether a `RateLimitedError` carries a stack trace, which costs about 3 µs. Default `false`. */
  readonly captureStack?: boolean | undefined;
  /** Hears of listeners and classifiers that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link rateLimit} does unless told otherwise. */
export const rateLimitDefaults = {
  rule: tokenBucket({ limit: 60, windowMs: 60_000 }),
  count: 'calls' as 'calls' | 'cost',
  maxQueue: 0,
  maxQueueMs: 1_000,
  maxKeys: 10_000,
  answerMs: 100,
  storeRetryMs: 1_000,
  name: 'rate-limit',
  captureStack: false,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<RateLimitOptions>;

/** A string that a header can hold between quotes (RFC 9651, section 3.3.3). */
const printable: Rule = (value) =>
  typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)
    ? undefined
    : 'must be printable ASCII, not empty';

const rules: Rules<RateLimitOptions> = {
  rule: having('start'),
  count: oneOf('calls', 'cost'),
  actualCost: type('function'),
  maxQueue: integer(0),
  maxQueueMs: number(0),
  priorityBy: type('function'),
  keyBy: type('function'),
  maxKeys: integer(1),
  store: having('take', 'charge'),
  answerMs: number(1),
  storeRetryMs: number(0),
  name: printable,
  captureStack: type('boolean'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link rateLimit} works with them. */
export type RateLimitSettings = Readonly<RateLimitOptions & typeof rateLimitDefaults>;

/** Checks options and fills in the defaults. */
export function readRateLimitOptions(options: RateLimitOptions): RateLimitSettings {
  const settings = readOptions('rateLimit', options, rules, rateLimitDefaults);
  check('rateLimit: maxQueueMs', settings.maxQueueMs, number(0, Number.MAX_SAFE_INTEGER));
  return settings;
}
