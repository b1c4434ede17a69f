import { oneOf, type, type Rules } from '@holdfast/pipeline';
import type { AlertSeverity } from '../check.ts';
import type { CheckReport } from '../check-report.ts';
import type { RequestStats } from '../request-stats.ts';
import { nameRule } from '../rules.ts';

/** What the condition of an alert looks at. */
export interface AlertReading {
  readonly checks: readonly CheckReport[];
  /** `undefined` where nobody tells. */
  readonly requests: RequestStats | undefined;
}

/** When to raise an alert. Checks that are down or degraded raise theirs without a rule. */
export interface AlertRule {
  /** Names the alert; unique. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /** Answers what is wrong in a few words, without names or secrets, or `undefined` where all is well. */
  readonly condition: (reading: AlertReading) => string | undefined;
  /** What an operator should do. */
  readonly recommendation?: string | undefined;
}

export const alertRuleRules: Rules<AlertRule> = {
  name: nameRule,
  severity: oneOf('warning', 'critical'),
  condition: type('function'),
  recommendation: type('string'),
};
