import type { CheckReport } from './check-report.ts';
import type { HealthState } from './state.ts';

/** What is known about a group of checks. */
export interface HealthReport {
  /** Which group, e.g. `readiness`. */
  readonly group: string;
  readonly state: HealthState;
  /** Why the group is what it is, where its checks do not tell: `starting` before the first run is over, `draining` after `drain`. */
  readonly reason?: 'starting' | 'draining';
  /** When this was put together, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Milliseconds since the health was made. */
  readonly uptimeMs: number;
  readonly checks: readonly CheckReport[];
  /** What an operator should do, most urgent first; one line each. */
  readonly recommendations: readonly string[];
}
