import {
  monitorEventLoopDelay,
  performance,
  PerformanceObserver,
  type EventLoopUtilization,
} from 'node:perf_hooks';

/** How late the event loop was between two readings, in seconds. */
export interface EventLoopDelay {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** What the runtime measures about its event loop. */
export interface EventLoopClock {
  /** The delays since the last reading; all 0 where nothing was measured. */
  delay(): EventLoopDelay;
  /** Which share of the time since the last reading the loop was busy, 0 to 1. */
  utilization(): number;
  /** How many seconds ago the process started. */
  uptimeSeconds(): number;
  close(): void;
}

/** How often the delay is sampled, in milliseconds. */
const RESOLUTION_MS = 20;
const NS_PER_SECOND = 1e9;

/** Begins to measure the event loop. */
export function openEventLoopClock(): EventLoopClock {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  return {
    delay() {
      const seconds = (ns: number) => (delays.count === 0 ? 0 : ns / NS_PER_SECOND);
      const { min, mean, max } = delays;
      const at = (percentile: number) => seconds(delays.percentile(percentile));
      const read = {
        min: seconds(min),
        mean: seconds(mean),
        max: seconds(max),
        p50: at(50),
        p90: at(90),
        p99: at(99),
      };
      delays.reset();
      return read;
    },
    utilization() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    uptimeSeconds: () => process.uptime(),
    close: () => void delays.disable(),
  };
}

/** The kinds of collections, by what V8 calls them. */
const GC_KINDS: ReadonlyMap<unknown, string> = new Map([
  [1, 'minor'],
  [2, 'minor'],
  [4, 'major'],
  [8, 'incremental'],
  [16, 'weakcb'],
]);

/**
 * Listens to the garbage collector.
 *
 * @returns a function that ends it
 */
export function observeGc(listener: (kind: string, seconds: number) => void): () => void {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { readonly detail?: { readonly kind?: number } };
      listener(GC_KINDS.get(detail?.kind) ?? 'other', entry.duration / 1000);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}
