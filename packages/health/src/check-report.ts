import type { CheckResult } from './check.ts';
import type { HealthState } from './state.ts';
import type { Transition } from './timeline.ts';

/** What is known about one check. */
export interface CheckReport {
  readonly name: string;
  readonly state: HealthState;
  readonly critical: boolean;
  readonly componentType: 'component' | 'datastore' | 'system';
  /** Why it is not up: a reason of the check, the code or name of the error it threw, `timeout`, or `stuck`. */
  readonly reason?: string;
  readonly observedValue?: number | string;
  readonly observedUnit?: string;
  readonly details?: NonNullable<CheckResult['details']>;
  /** The message of the error that the last run threw. For authorised eyes: it may tell hosts and users. */
  readonly message?: string;
  /** That error itself. By reference, and not part of the JSON. */
  readonly error?: unknown;
  /** How long the last run took, in milliseconds. */
  readonly durationMs?: number;
  /** When the last run ended, in milliseconds since the Unix epoch. */
  readonly checkedAtMs?: number;
  /** Whether its state changes so often that it says little. */
  readonly flapping: boolean;
}

/** What a check has counted since it was made. Totals only grow, so that metrics can be pulled from them. */
export interface CheckStats {
  readonly name: string;
  readonly state: HealthState;
  /** Runs that ended, however; so do those that a stuck check does not begin. */
  readonly runs: number;
  /** Runs that ended down, timeouts included. */
  readonly failures: number;
  /** Runs that took longer than the check's `timeoutMs`. */
  readonly timeouts: number;
  /** Results that came after their timeout, and were dropped. */
  readonly lateResults: number;
  /** Runs that are still going on although nobody waits for them any more. */
  readonly abandoned: number;
  /** Changes of state, not counting the first look. */
  readonly transitions: number;
  /** Failed runs since the last one that did not fail. */
  readonly consecutiveFailures: number;
  /** Milliseconds that all runs took together. */
  readonly totalDurationMs: number;
  readonly lastDurationMs: number | undefined;
  readonly maxDurationMs: number;
  /** The share of the known time that was spent up or degraded, 0 to 1; `undefined` before the first run. */
  readonly availabilityRatio: number | undefined;
  readonly flapping: boolean;
  /** The last changes of state, oldest first. */
  readonly history: readonly Transition[];
}
