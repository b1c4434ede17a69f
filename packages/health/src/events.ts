import type { Alert } from './alerts/alert.ts';
import type { HealthState } from './state.ts';
import type { Transition } from './timeline.ts';

/** A check has changed its state. */
export interface CheckChanged extends Transition {
  readonly type: 'health.check_changed';
  /** The name of the check. */
  readonly check: string;
}

/** A group has changed its state. */
export interface GroupChanged {
  readonly type: 'health.group_changed';
  /** The name of the group, e.g. `readiness`. */
  readonly group: string;
  readonly from: HealthState;
  readonly to: HealthState;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** Readiness fails from now on, because the process is about to stop. */
export interface DrainStarted {
  readonly type: 'health.drain_started';
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A condition holds that someone should know about. */
export interface AlertRaised {
  readonly type: 'health.alert_raised';
  readonly alert: Alert;
  /** Whether it lasts since an earlier event, `alertCooldownMs` ago or more, or has become critical. */
  readonly again: boolean;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** The condition of an alert that was told holds no more. */
export interface AlertResolved {
  readonly type: 'health.alert_resolved';
  readonly alert: Alert;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** What a health tells about itself; told apart by `type`. */
export type HealthEvent = CheckChanged | GroupChanged | DrainStarted | AlertRaised | AlertResolved;
