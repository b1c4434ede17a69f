import type { AlertSeverity } from '../check.ts';

/** A condition that someone should know about. */
export interface Alert {
  /** The name of the rule, or `check:` and the name of the check. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /** What is wrong, in a few words. */
  readonly message: string;
  /** What an operator should do. */
  readonly recommendation?: string | undefined;
  /** Since when, in milliseconds since the Unix epoch. */
  readonly raisedAtMs: number;
  /** Until when, in milliseconds since the Unix epoch; `undefined` while it lasts. */
  readonly resolvedAtMs?: number | undefined;
}
