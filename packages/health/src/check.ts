import { check, integer, number, oneOf, type, type Rules } from '@holdfast/pipeline';
import { listOf, nameRule, readRequired } from './rules.ts';
import type { HealthState } from './state.ts';

/**
 * What a probe asks. `liveness`: must the process be restarted? `readiness`: may it get traffic? `startup`: has it come
 * up?
 */
export type ProbeKind = 'liveness' | 'readiness' | 'startup';

/** How bad an alert is. */
export type AlertSeverity = 'warning' | 'critical';

/** What a check hands to its run. */
export interface CheckContext {
  /** Aborts when the check takes longer than `timeoutMs`, or when its health is closed. */
  readonly signal: AbortSignal;
}

/** What a check has found. */
export interface CheckResult {
  readonly state: 'up' | 'degraded' | 'down';
  /** Why it is not up: a short word from a closed set, e.g. `low-space`. Safe to be shown and counted. */
  readonly reason?: string | undefined;
  /** What it has measured, e.g. `1.5`. */
  readonly observedValue?: number | string | undefined;
  /** The unit of `observedValue`, e.g. `ms`. */
  readonly observedUnit?: string | undefined;
  /** More for those who may see details. Must not hold secrets. */
  readonly details?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** When a check runs, and how much it takes to change its state. */
export interface CheckTuning {
  /** How long a run may take, in milliseconds; it then counts as down. At least 1. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** For how many milliseconds a result counts as fresh. At least 0. Default 10,000. */
  readonly ttlMs?: number | undefined;
  /**
   * For how many more milliseconds an old result is served while a new one is being fetched; after that, whoever asks
   * waits. At least 0. Default 30,000.
   */
  readonly staleMs?: number | undefined;
  /**
   * Milliseconds between two runs in the background, jittered by a tenth. At least 1; `Infinity` runs the check only
   * when someone asks. Default 30,000.
   */
  readonly refreshMs?: number | undefined;
  /** How many runs in a row must fail before the check is down. At least 1. Default 1. The first run counts at once. */
  readonly failureThreshold?: number | undefined;
  /** How many runs in a row must not fail before the check is no longer down. At least 1. Default 1. */
  readonly successThreshold?: number | undefined;
}

/** Looks at one thing. */
export interface HealthCheck extends CheckTuning {
  /** Names the check in reports, events and metrics. Unique within a health. */
  readonly name: string;
  /**
   * Looks. Returning nothing means up; throwing or rejecting means down. May ignore the signal: a result that comes too
   * late is dropped.
   */
  readonly run: (context: CheckContext) => CheckResult | void | PromiseLike<CheckResult | void>;
  /** Which probes ask for it. Default `['readiness']`. */
  readonly kinds?: readonly ProbeKind[] | undefined;
  /**
   * Whether it looks at something outside of the process. A liveness probe takes no such check: restarting a process
   * does not repair its database. Default `true`.
   */
  readonly dependency?: boolean | undefined;
  /** Whether the process cannot work without it. When not, it only degrades the whole. Default `true`. */
  readonly critical?: boolean | undefined;
  /** How bad the alert is that is raised when it is down. Default `critical` where the check is, else `warning`. */
  readonly alert?: AlertSeverity | 'none' | undefined;
  /** What it is in `application/health+json`. Default `component`. */
  readonly componentType?: 'component' | 'datastore' | 'system' | undefined;
  /** What an operator should do when it is not up; shown in reports. */
  readonly recommendation?: string | undefined;
  /** Lets go of what the check holds. Called once when its health is closed. */
  readonly close?: (() => void) | undefined;
}

/** A check with everything filled in. */
export type CompleteCheck = HealthCheck & typeof checkDefaults;

/** What a check does unless told otherwise. */
export const checkDefaults = {
  timeoutMs: 5_000,
  ttlMs: 10_000,
  staleMs: 30_000,
  refreshMs: 30_000,
  failureThreshold: 1,
  successThreshold: 1,
  kinds: ['readiness'] as readonly ProbeKind[],
  dependency: true as boolean,
  critical: true as boolean,
  componentType: 'component' as NonNullable<HealthCheck['componentType']>,
};

export const tuningRules: Rules<CheckTuning> = {
  timeoutMs: number(1),
  ttlMs: number(0),
  staleMs: number(0),
  refreshMs: number(1),
  failureThreshold: integer(1),
  successThreshold: integer(1),
};

/** What every check can be told, apart from what it does. */
export type CheckOverrides = Omit<HealthCheck, 'name' | 'run' | 'close'> & {
  /** Names the check. Each kind of check has its own default. */
  readonly name?: string | undefined;
};

export const overrideRules: Rules<CheckOverrides> = {
  ...tuningRules,
  name: nameRule,
  kinds: listOf(oneOf('liveness', 'readiness', 'startup')),
  dependency: type('boolean'),
  critical: type('boolean'),
  alert: oneOf('warning', 'critical', 'none'),
  componentType: oneOf('component', 'datastore', 'system'),
  recommendation: type('string'),
};

const rules: Rules<HealthCheck> = { ...overrideRules, run: type('function'), close: type('function') };

/**
 * Checks a check, and fills in what it leaves out.
 *
 * @throws {@link TypeError} when an option is unknown or wrong, or when a dependency is to decide about liveness
 * @throws {@link RangeError} when a number is out of bounds
 */
export function readCheck(definition: HealthCheck, tuning: CheckTuning): CompleteCheck {
  check('createHealth: checks', definition.name, nameRule);
  const owner = `createHealth: check ${definition.name}`;
  const defaults = { ...checkDefaults, ...tuning } as typeof checkDefaults;
  const complete = readRequired(owner, definition, rules, defaults, ['run']);
  if (complete.dependency && complete.kinds.includes('liveness')) {
    throw new TypeError(
      `${owner} looks at a dependency, which must not decide about liveness: a restart does not repair it`,
    );
  }
  return complete;
}

/** Whether a check's own state reaches the whole, or only degrades it. */
export function contribution(critical: boolean, state: HealthState): HealthState {
  return critical || state === 'up' ? state : 'degraded';
}
