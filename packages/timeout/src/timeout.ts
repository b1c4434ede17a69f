import {
  check,
  createEmitter,
  createExpiryQueue,
  defineStrategy,
  readOptions,
  TimeoutError,
  type EventSource,
  type Expiry,
  type ScopeHook,
  type Strategy,
} from '@holdfast/pipeline';
import { timeoutDefaults, timeoutRules, type TimeoutOptions } from './options.ts';

/** A call ran out of time. */
export interface TimeoutElapsedEvent {
  readonly type: 'timeout.elapsed';
  /** The name of the timeout. */
  readonly strategy: string;
  /** The milliseconds that were given. */
  readonly timeoutMs: number;
}

/** What a {@link timeout} has seen since it was made. */
export interface TimeoutStats {
  /** How many calls entered. */
  readonly calls: number;
  /** How many of them are running now. */
  readonly running: number;
  /** How many ran out of time. */
  readonly timeouts: number;
}

/** A strategy that limits how long calls take. */
export interface Timeout extends Strategy, EventSource<TimeoutElapsedEvent> {
  /** Counts since the timeout was made; a new object at each call. */
  stats(): TimeoutStats;
}

/**
 * Makes a strategy that gives each call a limited time. When it is over, the operation's signal aborts with a
 * {@link TimeoutError}, which the caller receives too: at once, or in cooperative mode when the operation has settled.
 *
 * @param options - `timeoutMs` in milliseconds, at least 1
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when `timeoutMs` is below 1
 *
 * @example
 * ```ts
 * import { timeout } from '@holdfast/timeout';
 *
 * const quick = timeout({ timeoutMs: 2_000 });
 * const response = await quick.execute(({ signal }) => fetch('https://example.com', { signal }));
 * ```
 */
export function timeout(options: TimeoutOptions): Timeout {
  const settings = readOptions('timeout', options, timeoutRules, timeoutDefaults);
  check('timeout: timeoutMs', settings.timeoutMs, timeoutRules.timeoutMs);
  const { timeoutMs, name, captureStack, clock } = settings;
  const strict = settings.mode === 'strict';
  const emitter = createEmitter<TimeoutElapsedEvent>(settings.onListenerError);
  let entered = 0;
  let left = 0;
  let timeouts = 0;

  const queue = createExpiryQueue(clock, timeoutMs, ({ call, scope }) => {
    timeouts++;
    call.end(scope, new TimeoutError(timeoutMs, { strategy: name, captureStack }), strict);
    if (emitter.active) emitter.emit({ type: 'timeout.elapsed', strategy: name, timeoutMs });
  });

  const hook: ScopeHook = {
    kind: 'scope',
    type: 'timeout',
    name,
    clock,
    strict,
    enter(call, scope) {
      entered++;
      return queue.add(call, scope);
    },
    exit(expiry) {
      left++;
      queue.remove(expiry as Expiry);
    },
  };
  const events: EventSource<TimeoutElapsedEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  const stats = (): TimeoutStats => ({ calls: entered, running: entered - left, timeouts });
  return Object.assign(defineStrategy(name, hook), events, { stats });
}
