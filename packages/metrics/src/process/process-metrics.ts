import type { Metrics } from '../metrics.ts';
import { observeGc, openEventLoopClock, type EventLoopClock } from './clock.ts';
import { maxFileDescriptors, openFileDescriptors, readUsage } from './usage.ts';

/** Bounds for pauses of the garbage collector, in seconds. */
const GC_BUCKETS = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

/**
 * Shows the process and its runtime: CPU, memory, file descriptors, event loop, garbage collector; under the names that
 * Prometheus gives to processes where it gives any. What it measures is read at a scrape and keeps no process alive.
 *
 * @returns a function that ends it
 *
 * @example
 * ```ts
 * import { createMetrics, processMetrics } from '@holdfast/metrics';
 *
 * const stop = processMetrics(createMetrics());
 * stop();
 * ```
 */
export function processMetrics(metrics: Metrics): () => void {
  const loop = openEventLoopClock();
  const updates = [usage(metrics), eventLoop(metrics, loop), resources(metrics)];
  constants(metrics, loop);
  const endGc = garbageCollector(metrics);
  const endCollect = metrics.onCollect(() => {
    for (const update of updates) update();
  });
  return () => {
    endCollect();
    endGc();
    loop.close();
  };
}

function constants(metrics: Metrics, loop: EventLoopClock): void {
  const version = {
    name: 'nodejs_version_info',
    help: 'The version of Node.js',
    labels: ['version'],
  } as const;
  metrics.gauge(version).set({ version: process.version }, 1);
  metrics
    .gauge({
      name: 'process_start_time_seconds',
      help: 'When the process started, in seconds since the epoch',
    })
    .set(metrics.clock.wallNow() / 1000 - loop.uptimeSeconds());
  const maxFds = maxFileDescriptors();
  if (maxFds === undefined) return;
  metrics.gauge({ name: 'process_max_fds', help: 'How many file descriptors may be open' }).set(maxFds);
}

/** What is read from the process and V8. Two who do this on the same registry count once. */
function usage(metrics: Metrics): () => void {
  const totals = readUsage('total').map(({ name, help }) => metrics.counter({ name, help }).with());
  const levels = readUsage('level').map(({ name, help }) => metrics.gauge({ name, help }).with());
  return () => {
    readUsage('total').forEach(({ value }, index) => {
      const counter = totals[index];
      counter?.inc(Math.max(0, value - counter.value));
    });
    readUsage('level').forEach(({ value }, index) => levels[index]?.set(value));
  };
}

function eventLoop(metrics: Metrics, loop: EventLoopClock): () => void {
  const gauge = (name: string, help: string) => metrics.gauge({ name, help });
  const uptime = gauge('process_uptime_seconds', 'How long the process has been running');
  const busy = gauge(
    'nodejs_eventloop_utilization_ratio',
    'Share of the time that the event loop was busy, 0 to 1',
  );
  const delays = {
    min: gauge('nodejs_eventloop_delay_min_seconds', 'Least delay of the event loop since the last scrape'),
    mean: gauge('nodejs_eventloop_delay_mean_seconds', 'Mean delay of the event loop since the last scrape'),
    max: gauge(
      'nodejs_eventloop_delay_max_seconds',
      'Greatest delay of the event loop since the last scrape',
    ),
    p50: gauge('nodejs_eventloop_delay_p50_seconds', 'Median delay of the event loop since the last scrape'),
    p90: gauge('nodejs_eventloop_delay_p90_seconds', '90th percentile of the delay of the event loop'),
    p99: gauge('nodejs_eventloop_delay_p99_seconds', '99th percentile of the delay of the event loop'),
  };
  return () => {
    uptime.set(loop.uptimeSeconds());
    busy.set(loop.utilization());
    const read = loop.delay();
    for (const [name, delay] of Object.entries(delays)) delay.set(read[name as keyof typeof read]);
  };
}

function resources(metrics: Metrics): () => void {
  const active = metrics.gauge({
    name: 'nodejs_active_resources',
    help: 'What keeps the event loop alive, by type',
    labels: ['type'],
  });
  const fds = metrics.gauge({
    name: 'process_open_fds',
    help: 'Open file descriptors; 0 where they cannot be counted',
  });
  return () => {
    fds.set(openFileDescriptors());
    // Types that are gone must not stay at their last value.
    active.reset();
    for (const type of process.getActiveResourcesInfo()) active.inc({ type });
  };
}

function garbageCollector(metrics: Metrics): () => void {
  const pauses = metrics.histogram({
    name: 'nodejs_gc_duration_seconds',
    help: 'Pauses of the garbage collector, by kind',
    labels: ['kind'],
    buckets: GC_BUCKETS,
  });
  return observeGc((kind, seconds) => pauses.observe({ kind }, seconds));
}
