export type {
  AlertSeverity,
  CheckContext,
  CheckResult,
  CheckTuning,
  HealthCheck,
  ProbeKind,
} from './check.ts';
export type { CheckReport, CheckStats } from './check-report.ts';
export { createHealth } from './create-health.ts';
export type { CheckChanged, DrainStarted, GroupChanged, HealthEvent } from './events.ts';
export type { StandardGroup } from './groups.ts';
export type { GroupName, Health } from './health.ts';
export type { HealthReport } from './health-report.ts';
export type { HealthOptions } from './options.ts';
export type { HealthState } from './state.ts';
export type { Transition } from './timeline.ts';
export type { WaitOptions } from './wait.ts';
