import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import { number, type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';

/** How much memory is used, and how much may be; bytes. */
export interface MemoryReading {
  readonly heapUsed: number;
  /** What V8 may use for its heap. */
  readonly heapLimit: number;
  readonly rss: number;
  /** What the process may use: the limit of its container, or the memory of the machine. */
  readonly memoryLimit: number;
}

/** What {@link memoryCheck} takes. */
export interface MemoryCheckOptions extends CheckOverrides {
  /** Share of the heap limit or the memory limit from which it is degraded; 0 to 1. Default 0.85. */
  readonly degradedRatio?: number | undefined;
  /** Share from which it is down; 0 to 1. Default 0.95. */
  readonly downRatio?: number | undefined;
  /** Tells how much is used. Default: V8, the process and its container. */
  readonly read?: (() => MemoryReading) | undefined;
}

/**
 * Looks at the memory of the process: the heap against V8's limit, and all of it against that of the container. Its name
 * is `memory` unless told otherwise; it looks at no dependency.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { memoryCheck } from '@holdfast/health';
 *
 * const check = memoryCheck({ kinds: ['liveness'], failureThreshold: 5 });
 * ```
 */
export function memoryCheck(options: MemoryCheckOptions = {}): HealthCheck {
  return defineCheck(
    {
      owner: 'memoryCheck',
      options,
      rules: { degradedRatio: number(0, 1), downRatio: number(0, 1), read: type('function') },
      defaults: {
        name: 'memory',
        degradedRatio: 0.85,
        downRatio: 0.95,
        read: readMemory,
        dependency: false,
        componentType: 'system',
        recommendation: 'look for what grows, or raise the limit',
      },
    },
    ({ read, degradedRatio, downRatio }): CheckResult => {
      const { heapUsed, heapLimit, rss, memoryLimit } = read();
      const [heap, memory] = [heapUsed / heapLimit, rss / memoryLimit];
      const ratio = Math.max(heap, memory);
      const state = ratio >= downRatio ? 'down' : ratio >= degradedRatio ? 'degraded' : 'up';
      const reason = state === 'up' ? undefined : heap >= memory ? 'heap' : 'memory';
      return { state, reason, observedValue: Math.round(ratio * 1_000) / 10, observedUnit: '%' };
    },
  );
}

function readMemory(): MemoryReading {
  const { used_heap_size: heapUsed, heap_size_limit: heapLimit } = getHeapStatistics();
  // 0, or more than there is, where no container limits it.
  const constrained = process.constrainedMemory();
  const machine = totalmem();
  const memoryLimit = constrained > 0 && constrained < machine ? constrained : machine;
  return { heapUsed, heapLimit, rss: process.memoryUsage.rss(), memoryLimit };
}
