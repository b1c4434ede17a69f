import {
  check,
  integer,
  number,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import { alertRuleRules, type AlertRule } from './alerts/alert-rule.ts';
import { standardAlerts } from './alerts/standard-alerts.ts';
import { tuningRules, type CheckTuning, type HealthCheck } from './check.ts';
import { systemRandom } from './clock.ts';
import type { RequestStats } from './request-stats.ts';
import { listOf, readRequired } from './rules.ts';

/** What {@link createHealth} takes. */
export interface HealthOptions {
  /** What to look at. Names are unique. Default: nothing. */
  readonly checks?: readonly HealthCheck[] | undefined;
  /**
   * Groups of your own: names of checks by name of the group. `liveness`, `readiness`, `startup` and `overall` are taken.
   * Default: none.
   */
  readonly groups?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Timing and thresholds for checks that set none of their own. Default: as {@link CheckTuning} says. */
  readonly defaults?: CheckTuning | undefined;
  /** How many checks run at a time. At least 1. Default 16. */
  readonly maxConcurrent?: number | undefined;
  /** How many changes of state a check remembers. At least 1. Default 50. */
  readonly historySize?: number | undefined;
  /** How many changes of state within `flapWindowMs` make a check flap. 2 to `historySize`. Default 5. */
  readonly flapTransitions?: number | undefined;
  /** The window for `flapTransitions`, in milliseconds. At least 1. Default 600,000. */
  readonly flapWindowMs?: number | undefined;
  /** Conditions to be alerted of, besides checks that are down or degraded. Default: those of `standardAlerts()`. */
  readonly alerts?: readonly AlertRule[] | undefined;
  /**
   * Milliseconds until an alert that lasts is told again; one that comes back sooner is not told before. At least 0.
   * Default 300,000.
   */
  readonly alertCooldownMs?: number | undefined;
  /** How many alerts that are over are remembered. At least 0. Default 100. */
  readonly alertHistorySize?: number | undefined;
  /** Milliseconds between two looks at the alerts; the end of each check is one as well. At least 1. Default 30,000. */
  readonly alertIntervalMs?: number | undefined;
  /** Tells figures about requests, e.g. from the metrics of the service. Default: none, and no alerts on them. */
  readonly requestStats?: (() => RequestStats | undefined) | undefined;
  /** Hears of listeners, alert rules and sources of figures that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
  /** Where jitter comes from: numbers in [0, 1). Default: the platform's. */
  readonly random?: (() => number) | undefined;
}

/** What a health does unless told otherwise. */
export const healthDefaults = {
  checks: [] as readonly HealthCheck[],
  groups: {},
  defaults: {},
  maxConcurrent: 16,
  historySize: 50,
  flapTransitions: 5,
  flapWindowMs: 600_000,
  alertCooldownMs: 300_000,
  alertHistorySize: 100,
  alertIntervalMs: 30_000,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
  random: systemRandom,
} as const satisfies Partial<HealthOptions>;

const rules: Rules<HealthOptions> = {
  checks: listOf(type('object')),
  groups: type('object'),
  defaults: type('object'),
  maxConcurrent: integer(1),
  historySize: integer(1),
  flapTransitions: integer(2),
  flapWindowMs: number(1),
  alerts: listOf(type('object')),
  alertCooldownMs: number(0),
  alertHistorySize: integer(0),
  alertIntervalMs: number(1),
  requestStats: type('function'),
  onListenerError: type('function'),
  clock: type('object'),
  random: type('function'),
};

/**
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function readHealthOptions(options: HealthOptions) {
  const read = readOptions('createHealth', options, rules, healthDefaults);
  check('createHealth: flapTransitions', read.flapTransitions, integer(2, Math.max(2, read.historySize)));
  const defaults: CheckTuning = readOptions('createHealth: defaults', read.defaults, tuningRules, {});
  const alerts = read.alerts ?? standardAlerts();
  const names = alerts.map(
    (rule) =>
      readRequired('createHealth: an alert rule', rule, alertRuleRules, {}, ['name', 'severity', 'condition'])
        .name,
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new TypeError(`createHealth: alerts must have different names, got '${twice}' twice`);
  return { ...read, defaults, alerts };
}
