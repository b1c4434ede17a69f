import { number, type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { monitorEventLoop, type EventLoopMonitor } from './event-loop-clock.ts';

/** What {@link eventLoopCheck} takes. */
export interface EventLoopCheckOptions extends CheckOverrides {
  /** Delay of the 99th percentile from which it is degraded, in milliseconds. At least 0. Default 200. */
  readonly degradedDelayMs?: number | undefined;
  /** Delay of the 99th percentile from which it is down, in milliseconds. At least 0. Default 2,000. */
  readonly downDelayMs?: number | undefined;
  /** Utilisation from which it is degraded; 0 to 1. Default 0.95. */
  readonly degradedUtilization?: number | undefined;
  /** Watches the event loop; called at the first run. Default: that of this thread. */
  readonly monitor?: (() => EventLoopMonitor) | undefined;
}

/**
 * Looks at the delay and the utilisation of the event loop since the last run. Its name is `event-loop` unless told
 * otherwise; it looks at no dependency.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { eventLoopCheck } from '@holdfast/health';
 *
 * const check = eventLoopCheck({ kinds: ['liveness', 'readiness'], failureThreshold: 3 });
 * ```
 */
export function eventLoopCheck(options: EventLoopCheckOptions = {}): HealthCheck {
  let watching: EventLoopMonitor | undefined;
  const check = defineCheck(
    {
      owner: 'eventLoopCheck',
      options,
      rules: {
        degradedDelayMs: number(0),
        downDelayMs: number(0),
        degradedUtilization: number(0, 1),
        monitor: type('function'),
      },
      defaults: {
        name: 'event-loop',
        degradedDelayMs: 200,
        downDelayMs: 2_000,
        degradedUtilization: 0.95,
        monitor: monitorEventLoop,
        dependency: false,
        componentType: 'system',
        recommendation:
          'look for synchronous work: large JSON, regular expressions, cryptography, file access',
      },
    },
    (settings): CheckResult => {
      const { p99DelayMs, utilization } = (watching ??= settings.monitor()).read();
      const observed = {
        observedValue: Math.round(p99DelayMs * 10) / 10,
        observedUnit: 'ms',
        details: { utilization: Math.round(utilization * 1_000) / 1_000 },
      };
      if (p99DelayMs >= settings.downDelayMs) return { state: 'down', reason: 'delay', ...observed };
      if (p99DelayMs >= settings.degradedDelayMs) return { state: 'degraded', reason: 'delay', ...observed };
      if (utilization >= settings.degradedUtilization)
        return { state: 'degraded', reason: 'utilization', ...observed };
      return { state: 'up', ...observed };
    },
  );
  const close = () => {
    watching?.close();
    watching = undefined;
  };
  return { ...check, close };
}
