import type { EventSource } from '@holdfast/pipeline';
import type { Alert } from './alerts/alert.ts';
import type { CheckStats } from './check-report.ts';
import type { HealthEvent } from './events.ts';
import type { StandardGroup } from './groups.ts';
import type { HealthReport } from './health-report.ts';
import type { HealthState } from './state.ts';
import type { WaitOptions } from './wait.ts';

/** The name of a group: one that every health has, or one of your own. */
export type GroupName = StandardGroup | (string & {});

/** Knows how a process and what it depends on are. */
export interface Health extends EventSource<HealthEvent> {
  /** The names of all groups. */
  readonly groups: readonly string[];
  /** Grows with every change that a report would show. */
  readonly version: number;
  /** Whether every check has been run once after `start`. Readiness is unknown before. */
  readonly started: boolean;
  /** Whether `drain` was called. */
  readonly draining: boolean;
  /**
   * Says that the process is ready to be asked, runs every check once and keeps running them in the background. A second
   * call does the same as the first.
   *
   * @returns settles when every check has been run once; never rejects because of a check
   */
  start(): Promise<void>;
  /**
   * How a group is, from what is known.
   *
   * @param group - default `overall`
   * @throws {@link TypeError} when there is no such group
   */
  state(group?: GroupName): HealthState;
  /**
   * What is known about a group. Runs nothing.
   *
   * @param group - default `overall`
   * @throws {@link TypeError} when there is no such group
   */
  report(group?: GroupName): HealthReport;
  /**
   * Runs those checks of a group whose results are out of date: those that may still be served in the background, the
   * others so that the caller can wait for them.
   *
   * @returns `undefined` where nothing has to be waited for
   * @throws {@link TypeError} when there is no such group
   */
  refresh(group: GroupName): Promise<void> | undefined;
  /**
   * Reports on a group, after running those of its checks whose results are too old.
   *
   * @param group - default `overall`
   * @throws {@link TypeError} when there is no such group
   * @throws the signal's own reason when it aborts
   */
  check(group?: GroupName, options?: WaitOptions): Promise<HealthReport>;
  /** What the checks have counted. */
  stats(): readonly CheckStats[];
  /** The last alerts that are over, oldest first. */
  alertHistory(): readonly Alert[];
  /** Lets readiness fail from now on, so that no new traffic comes. Liveness and the checks go on. */
  drain(): void;
  /** Stops everything that goes on in the background and cancels the checks that run. A second call does nothing. */
  close(): void;
  [Symbol.dispose](): void;
}
