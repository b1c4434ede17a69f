import type { Alert } from './alerts/alert.ts';
import type { CheckReport } from './check-report.ts';
import type { RequestStats } from './request-stats.ts';
import type { HealthState } from './state.ts';

/** What is known about a group of checks. */
export interface HealthReport {
  /** Which group, e.g. `readiness`. */
  readonly group: string;
  readonly state: HealthState;
  /** Why the group is what it is, where its checks do not tell: `starting` before the first run is over, `draining` after `drain`. */
  readonly reason?: 'starting' | 'draining';
  /** Whether what follows the uptime is told; it is kept from strangers. */
  readonly detailed: boolean;
  /** When this was put together, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Milliseconds since the health was made. */
  readonly uptimeMs: number;
  readonly checks: readonly CheckReport[];
  /** The alerts that last, critical ones first. Those of the whole process, whichever the group. */
  readonly alerts: readonly Alert[];
  /** Figures about requests, where someone tells them. */
  readonly requests?: RequestStats;
  /** What an operator should do, most urgent first; one line each. */
  readonly recommendations: readonly string[];
}

/** What strangers may know of a report. */
export function withoutDetails(report: HealthReport): HealthReport {
  const { group, state, reason, atMs, uptimeMs } = report;
  const told = reason === undefined ? {} : { reason };
  return {
    group,
    state,
    ...told,
    detailed: false,
    atMs,
    uptimeMs,
    checks: [],
    alerts: [],
    recommendations: [],
  };
}
