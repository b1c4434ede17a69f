import { check, number } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { History, type HistoryReport } from './history.ts';
import { readReportsOptions, type ReportsOptions } from './reports-options.ts';
import { REQUEST_DURATION, requestStatsOf, type RequestStats } from './request-stats.ts';
import { takeSnapshot, type MetricSnapshot } from './snapshot.ts';
import { activityOf, type MetricActivity } from './window.ts';

/** What is going on, in numbers for people and dashboards. */
export interface SummaryReport {
  /** When it was made, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** How far back rates and percentiles look, in milliseconds. */
  readonly windowMs: number;
  /** The requests that the HTTP middleware has counted, if it is used. */
  readonly requests: RequestStats | undefined;
  /** Every metric, by name. */
  readonly metrics: Readonly<Record<string, MetricActivity>>;
}

/** Looks at the metrics now and then, to tell what has changed. */
export interface Reports {
  /** What is going on: rates and percentiles of the window. */
  summary(): SummaryReport;
  /**
   * How the chosen metrics went on.
   *
   * @param hours - how far back, more than 0. Default: as far as there is
   * @throws {@link RangeError} when `hours` is not above 0
   */
  history(hours?: number): HistoryReport;
  /** The requests of the window; `undefined` where the HTTP middleware is not used. */
  requestStats(): RequestStats | undefined;
  /** Takes no more readings. */
  close(): void;
}

interface Reading {
  readonly atMs: number;
  readonly snapshot: readonly MetricSnapshot[];
}

/**
 * Begins to take readings, in the background, until `close`. They keep no process alive, and their memory is bounded.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createMetrics, createReports } from '@holdfast/metrics';
 *
 * const reports = createReports(createMetrics(), { history: ['orders_total'] });
 * console.log(reports.summary().requests?.successRatio, reports.history(24).atMs.length);
 * reports.close();
 * ```
 */
export function createReports(metrics: Metrics, options: ReportsOptions = {}): Reports {
  const { intervalMs, windowMs, history, retentionMs, maxSeries } = readReportsOptions(options);
  const { clock } = metrics;
  const wanted = new Set<string>(history);
  const ring = new History(Math.ceil(retentionMs / intervalMs), maxSeries);
  const readings: Reading[] = [];

  const take = (): void => {
    const snapshot = metrics.snapshot();
    readings.push({ atMs: clock.now(), snapshot });
    while (readings.length > 1 && clock.now() - (readings[1] as Reading).atMs >= windowMs) readings.shift();
    ring.add(
      clock.wallNow(),
      snapshot.filter(({ name }) => wanted.has(name)),
    );
    arm();
  };
  const arm = (): void => {
    timer = clock.setTimer(take, intervalMs);
    timer.unref();
  };
  let timer: ReturnType<typeof clock.setTimer>;
  take();

  const since = () => {
    const [first] = readings as [Reading];
    return { before: first.snapshot, elapsedMs: clock.now() - first.atMs };
  };
  return {
    summary() {
      const { before, elapsedMs } = since();
      const now = metrics.snapshot();
      const earlier = new Map(before.map((each) => [each.name, each]));
      const activity = now.map((each) => [
        each.name,
        activityOf(each, earlier.get(each.name), elapsedMs / 1000),
      ]);
      return {
        atMs: clock.wallNow(),
        windowMs: elapsedMs,
        requests: requestStatsOf(now, before, elapsedMs),
        metrics: Object.fromEntries(activity) as SummaryReport['metrics'],
      };
    },
    history(hours = Infinity) {
      check('history: hours', hours, number(Number.MIN_VALUE));
      return ring.report(intervalMs, clock.wallNow() - hours * 3_600_000);
    },
    requestStats() {
      const { before, elapsedMs } = since();
      // Checks of health ask for it often. A snapshot would run every hook, and what tells of the time since the last scrape
      // would tell of the time since the last check.
      const now = takeSnapshot([metrics.registry.getSingleMetric(REQUEST_DURATION)]);
      return requestStatsOf(now, before, elapsedMs);
    },
    close: () => timer.cancel(),
  };
}
