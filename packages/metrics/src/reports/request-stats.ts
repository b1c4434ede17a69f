import { addUp, quantile } from './quantile.ts';
import type { MetricSnapshot } from './snapshot.ts';
import { recentOf } from './window.ts';

/** The family that the HTTP middleware counts requests in. */
export const REQUEST_DURATION = 'http_server_request_duration_seconds';

/** Figures about the requests that were served within the window. */
export interface RequestStats {
  /** How many ended. */
  readonly requests: number;
  /** How many of them failed: with a status of 500 or more, or a connection that ended early. */
  readonly failures: number;
  /** 0 to 1; 1 where there were none. */
  readonly successRatio: number;
  /** How long they took on average, in milliseconds. */
  readonly meanMs: number;
  /** How long half of them, 95 and 99 of 100 took at most, in milliseconds. */
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  /** How long the window is, in milliseconds. */
  readonly windowMs: number;
}

/** Sums up what the HTTP middleware has counted between two readings. */
export function requestStatsOf(
  now: readonly MetricSnapshot[],
  before: readonly MetricSnapshot[],
  windowMs: number,
): RequestStats | undefined {
  const find = (all: readonly MetricSnapshot[]) => all.find(({ name }) => name === REQUEST_DURATION);
  const [current, earlier] = [find(now), find(before)];
  if (current?.type !== 'histogram') return undefined;
  const recent = recentOf(current, earlier?.type === 'histogram' ? earlier : undefined);
  const { bounds } = current;
  const all = addUp(recent, bounds.length + 1);
  const failed = addUp(
    recent.filter(({ labels }) => (labels['error_type'] ?? '') !== ''),
    bounds.length + 1,
  );
  const inMs = (ratio: number) => {
    const seconds = quantile(ratio, bounds, all);
    return seconds === undefined ? undefined : seconds * 1000;
  };
  return {
    requests: all.count,
    failures: failed.count,
    successRatio: all.count === 0 ? 1 : 1 - failed.count / all.count,
    meanMs: all.count === 0 ? 0 : (all.sum / all.count) * 1000,
    p50Ms: inMs(0.5),
    p95Ms: inMs(0.95),
    p99Ms: inMs(0.99),
    windowMs,
  };
}
