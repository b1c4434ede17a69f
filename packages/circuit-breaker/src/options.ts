import {
  either,
  having,
  integer,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Outcome,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { DEFAULT_OPEN_MS, type OpenMs } from './opening/opening.ts';
import type { TripRule } from './rules/trip-rule.ts';

/** What a breaker does at all: protect, only tell what it would do, or nothing. */
export type BreakerMode = 'enabled' | 'metrics-only' | 'disabled';

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Names the breaker in errors, events and metrics. Default `circuit-breaker`. */
  readonly name?: string | undefined;
  /** When the circuit opens. Default `consecutiveFailures({ failures: 5 })`. */
  readonly tripRule?: TripRule | undefined;
  /**
   * How many milliseconds the circuit stays open: a whole number, `Infinity` for until `reset`, or a function such as
   * `exponentialOpen()`. Default 30,000; at least 0.
   */
  readonly openMs?: OpenMs | undefined;
  /** How many probes may run at a time while the circuit is half-open. Default 3; 1 to 1,023. */
  readonly maxProbes?: number | undefined;
  /** How many probes have to succeed for the circuit to close. Default 3; at least 1. */
  readonly successesToClose?: number | undefined;
  /** After how many milliseconds a probe that has not settled counts as failed. Default 60,000; 1 to Infinity. */
  readonly probeTimeoutMs?: number | undefined;
  /** What becomes of calls beyond `maxProbes` while the circuit is half-open. Default `reject`. */
  readonly overflow?: 'reject' | 'wait' | undefined;
  /** How many calls may wait, with `overflow: 'wait'`; more are rejected. Default 100; at least 0. */
  readonly maxWaiting?: number | undefined;
  /** How many milliseconds a call may wait, with `overflow: 'wait'`. Default 10,000; at least 0. */
  readonly maxWaitMs?: number | undefined;
  /**
   * For how many milliseconds after closing the circuit admits only a share of the calls, which grows from a tenth to
   * all of them. Default 0.
   */
  readonly rampUpMs?: number | undefined;
  /** Judges an error; `undefined` leaves it a failure. Not asked about calls that say nothing about the dependency. */
  readonly classifyError?: ((error: unknown) => Outcome | undefined) | undefined;
  /** Judges a value; `undefined` leaves it a success. */
  readonly classifyResult?: ((value: unknown) => Outcome | undefined) | undefined;
  /** What the breaker does at all. Default `enabled`. */
  readonly mode?: BreakerMode | undefined;
  /** Whether rejections carry a stack trace, which makes them some three times dearer. Default `false`. */
  readonly captureStack?: boolean | undefined;
  /** Where errors of listeners, classifiers and other functions of yours go. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

type Defaulted =
  | 'name'
  | 'openMs'
  | 'maxProbes'
  | 'successesToClose'
  | 'probeTimeoutMs'
  | 'overflow'
  | 'maxWaiting'
  | 'maxWaitMs'
  | 'rampUpMs'
  | 'mode'
  | 'clock';

const DEFAULTS: { readonly [K in Defaulted]: NonNullable<CircuitBreakerOptions[K]> } = {
  name: 'circuit-breaker',
  openMs: DEFAULT_OPEN_MS,
  maxProbes: 3,
  successesToClose: 3,
  probeTimeoutMs: 60_000,
  overflow: 'reject',
  maxWaiting: 100,
  maxWaitMs: 10_000,
  rampUpMs: 0,
  mode: 'enabled',
  clock: systemClock,
};

/** What a mode may be. */
export const modeRule: Rule = (value) => oneOf('enabled', 'metrics-only', 'disabled')(value);

const rules = (): Rules<CircuitBreakerOptions> => ({
  name: type('string'),
  tripRule: having('start'),
  openMs: either(integer(0, Infinity), type('function')),
  maxProbes: integer(1, 1023),
  successesToClose: integer(1),
  probeTimeoutMs: integer(1, Infinity),
  overflow: oneOf('reject', 'wait'),
  maxWaiting: integer(0),
  maxWaitMs: integer(0, Infinity),
  rampUpMs: integer(0),
  classifyError: type('function'),
  classifyResult: type('function'),
  mode: modeRule,
  captureStack: type('boolean'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
});

/** Lays options over others; one that is `undefined` counts as not given. */
export function overlaid(base: CircuitBreakerOptions, over: CircuitBreakerOptions): CircuitBreakerOptions {
  return { ...base, ...Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined)) };
}

/** Options with their defaults. */
export type Settings = ReturnType<typeof readBreakerOptions>;

export function readBreakerOptions(options: CircuitBreakerOptions) {
  return readOptions('circuitBreaker', options, rules(), DEFAULTS);
}
