import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How busy an event loop was since it was last asked. */
export interface EventLoopReading {
  /** By how much 99 of 100 timers were late at most, in milliseconds. */
  readonly p99DelayMs: number;
  /** The share of the time in which it did something, 0 to 1. */
  readonly utilization: number;
}

/** Watches an event loop. */
export interface EventLoopMonitor {
  read(): EventLoopReading;
  close(): void;
}

const RESOLUTION_MS = 20;

/** Watches the event loop of this thread; its timer keeps no process alive. */
export function monitorEventLoop(): EventLoopMonitor {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = performance.eventLoopUtilization();
  return {
    read: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      // The histogram holds whole intervals: the delay is what is beyond the resolution.
      const p99DelayMs =
        histogram.count === 0 ? 0 : Math.max(0, histogram.percentile(99) / 1e6 - RESOLUTION_MS);
      histogram.reset();
      return { p99DelayMs, utilization };
    },
    close: () => void histogram.disable(),
  };
}
