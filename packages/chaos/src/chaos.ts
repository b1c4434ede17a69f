import {
  createEmitter,
  defineStrategy,
  type DriverHook,
  type EventSource,
  type Strategy,
} from '@holdfast/pipeline';
import type { FaultInjectedEvent } from './events.ts';
import type { Fault } from './fault.ts';
import { Injector } from './injector.ts';
import { readChaosOptions, type ChaosOptions } from './options.ts';

/** What a {@link chaos} has done since it was made. */
export interface ChaosStats {
  /** How many calls entered, whether or not it was enabled. */
  readonly calls: number;
  /** How many faults of each kind were injected. */
  readonly injected: Readonly<Record<Fault['kind'], number>>;
}

/** A strategy that does to calls what a failing dependency would. */
export interface Chaos<W = never> extends Strategy<W>, EventSource<FaultInjectedEvent> {
  /** Whether faults are injected. */
  readonly enabled: boolean;
  /** Injects faults from now on; the periods of `during` begin now. Does nothing where it is enabled. */
  enable(): void;
  /** Injects nothing from now on. Calls that already hang or wait go on doing so. */
  disable(): void;
  /** Counts since it was made; a new object at each call. */
  stats(): ChaosStats;
}

/**
 * Makes a strategy that injects faults by ratio, attributes and time: errors, delays, results and hangs. It injects
 * nothing until it is enabled. Put it innermost, where the dependency is.
 *
 * @typeParam W - what faults of the kind `result` answer
 * @throws {@link TypeError} when an option or a field of a fault is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 * @see https://www.pollydocs.org/chaos/
 *
 * @example
 * ```ts
 * import { chaos } from '@holdfast/chaos';
 * import { pipeline } from '@holdfast/pipeline';
 * import { retry } from '@holdfast/retry';
 *
 * const gameDay = chaos({
 *   faults: [
 *     { kind: 'latency', ratio: 0.2, delayMs: [100, 800] },
 *     { kind: 'error', ratio: 0.05, error: () => new Error('injected') },
 *   ],
 * });
 * const guarded = pipeline(retry(), gameDay);
 * gameDay.enable();
 * ```
 */
export function chaos<W = never>(options: ChaosOptions<W>): Chaos<W> {
  const settings = readChaosOptions(options);
  const { name, clock } = settings;
  const emitter = createEmitter<FaultInjectedEvent>(settings.onListenerError);
  const injector = new Injector(settings, emitter);
  let calls = 0;
  let enabledAtMs = settings.enabled ? clock.now() : undefined;

  const hook: DriverHook = {
    kind: 'driver',
    type: 'chaos',
    name,
    clock,
    run(call, start) {
      calls++;
      if (enabledAtMs === undefined) return start(1).result;
      return injector.run(clock.now() - enabledAtMs, call, start);
    },
  };
  const events: EventSource<FaultInjectedEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  const strategy = Object.assign(defineStrategy<W>(name, hook), events, {
    enable: () => void (enabledAtMs ??= clock.now()),
    disable: () => void (enabledAtMs = undefined),
    stats: () => ({ calls, injected: { ...injector.injected } }),
  });
  return Object.defineProperty(strategy, 'enabled', { get: () => enabledAtMs !== undefined }) as Chaos<W>;
}
