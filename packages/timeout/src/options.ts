import {
  having,
  number,
  oneOf,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';

/** What {@link timeout} takes. */
export interface TimeoutOptions {
  /** How long a call may take, in milliseconds. At least 1; `Infinity` sets no limit. */
  readonly timeoutMs: number;
  /**
   * What happens then. `strict`: the caller settles at once and a late result is dropped. `cooperative`: the signal
   * aborts, and the caller waits until the operation has settled. Default `strict`.
   */
  readonly mode?: 'strict' | 'cooperative' | undefined;
  /** Names the timeout in errors and events. Default `timeout`. */
  readonly name?: string | undefined;
  /** Whether a {@link TimeoutError} carries a stack trace, which costs about 3 µs. Default `false`. */
  readonly captureStack?: boolean | undefined;
  /** Hears of listeners that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link timeout} does unless told otherwise. */
export const timeoutDefaults = {
  mode: 'strict',
  name: 'timeout',
  captureStack: false,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} as const satisfies Partial<TimeoutOptions>;

export const timeoutRules: Rules<TimeoutOptions> = {
  timeoutMs: number(1),
  mode: oneOf('strict', 'cooperative'),
  name: type('string'),
  captureStack: type('boolean'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};
