import type { CircuitBreakerOptions } from '@holdfast/circuit-breaker';
import {
  either,
  having,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { RetryOptions } from '@holdfast/retry';

/** What {@link createFetch} takes. */
export interface FetchOptions {
  /** What makes the requests. Default: the global `fetch`, looked up at each call. */
  readonly fetch?: ((input: RequestInfo | URL, init?: RequestInit) => Promise<Response>) | undefined;
  /** How long a call may take until its response begins, attempts and waits included, in milliseconds. At least 1. Default 30 000. */
  readonly timeoutMs?: number | undefined;
  /** How long one attempt may take until the headers have come, in milliseconds. At least 1. Default 10 000. */
  readonly attemptMs?: number | undefined;
  /** The longest wait for the first bytes of a body, in milliseconds. At least 1. Default 15 000. */
  readonly firstByteMs?: number | undefined;
  /** The longest wait for more of a body, in milliseconds; the reader's own time does not count. At least 1. Default 30 000. */
  readonly idleMs?: number | undefined;
  /** How long a whole body may take from the headers on, the reader's time included, in milliseconds. At least 1. Default: no limit. */
  readonly bodyMs?: number | undefined;
  /** How attempts are repeated, or `false` for never. What may be repeated at all is decided by the request. Default: those of `retry`. */
  readonly retry?:
    Omit<RetryOptions, 'idempotent' | 'retryOnResult' | 'clock' | 'random'> | false | undefined;
  /** How the breaker of each origin works, or `false` for none. Default: those of `circuitBreaker`. */
  readonly breaker?: Omit<CircuitBreakerOptions, 'name' | 'clock'> | false | undefined;
  /**
   * Whether each POST and PATCH gets an `Idempotency-Key`, the same for all its attempts, which makes it repeatable.
   * Only for servers that honour the header. A function makes the keys. Default `false`; `true` takes UUIDs.
   */
  readonly idempotencyKeys?: boolean | (() => string) | undefined;
  /** Whether the server is told how long it is waited for, in `Holdfast-Timeout-Ms`. Default `true`. */
  readonly deadlineHeader?: boolean | undefined;
  /** Names the fetch in errors, events and breakers. Default `fetch`. */
  readonly name?: string | undefined;
  /** Hears of listeners and classifiers that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Where the jitter of retries comes from: numbers from 0 up to 1. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** What a guarded fetch does unless told otherwise. */
export const fetchDefaults = {
  timeoutMs: 30_000,
  attemptMs: 10_000,
  firstByteMs: 15_000,
  idleMs: 30_000,
  bodyMs: Infinity,
  idempotencyKeys: false,
  deadlineHeader: true,
  name: 'fetch',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies Partial<FetchOptions>;

const off: Rule = (value) => (value === false ? undefined : 'must be false');

const rules: Rules<FetchOptions> = {
  fetch: type('function'),
  timeoutMs: number(1),
  attemptMs: number(1),
  firstByteMs: number(1),
  idleMs: number(1),
  bodyMs: number(1),
  retry: either(off, type('object')),
  breaker: either(off, type('object')),
  idempotencyKeys: either(type('boolean'), type('function')),
  deadlineHeader: type('boolean'),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
  random: type('function'),
};

/** Options as {@link createFetch} works with them. */
export type FetchSettings = Readonly<Omit<FetchOptions, keyof typeof fetchDefaults> & Defaulted>;

type Defaulted = { [K in keyof typeof fetchDefaults]: NonNullable<FetchOptions[K]> };

/** Checks options and fills in the defaults. */
export function readFetchOptions(options: FetchOptions): FetchSettings {
  return readOptions<FetchOptions, Defaulted>('createFetch', options, rules, fetchDefaults);
}
