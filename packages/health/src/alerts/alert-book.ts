import { reportListenerError, type Clock, type ListenerErrorHandler } from '@holdfast/pipeline';
import type { AlertSeverity, CompleteCheck } from '../check.ts';
import type { CheckReport } from '../check-report.ts';
import type { AlertRaised, AlertResolved } from '../events.ts';
import type { Alert } from './alert.ts';
import type { AlertReading, AlertRule } from './alert-rule.ts';

/** A condition that holds now. */
type Trouble = Pick<Alert, 'name' | 'severity' | 'message' | 'recommendation'>;

/** What a book of alerts takes from its health. */
export interface AlertBookOptions {
  /** The checks whose reports are read, by name. */
  readonly checks: ReadonlyMap<string, CompleteCheck>;
  readonly alerts: readonly AlertRule[];
  readonly alertCooldownMs: number;
  readonly alertHistorySize: number;
  readonly clock: Clock;
  readonly onListenerError: ListenerErrorHandler;
  readonly tell: (event: AlertRaised | AlertResolved) => void;
}

/** Keeps the alerts that are raised, and those that were. */
export class AlertBook {
  private readonly options: AlertBookOptions;
  private readonly active = new Map<string, { readonly alert: Alert; readonly told: boolean }>();
  private readonly resolved: Alert[] = [];
  /** When each alert was last told, and how bad it was; one entry a rule or check, so it does not grow. */
  private readonly told = new Map<string, { at: number; severity: AlertSeverity }>();

  constructor(options: AlertBookOptions) {
    this.options = options;
  }

  /** The alerts that last: critical ones first, and among equals the oldest. */
  get raised(): readonly Alert[] {
    const urgency = ({ severity }: Alert) => (severity === 'critical' ? 0 : 1);
    return [...this.active.values()].map(({ alert }) => alert).sort((a, b) => urgency(a) - urgency(b));
  }

  /** The last alerts that are over, oldest first. */
  get history(): readonly Alert[] {
    return [...this.resolved];
  }

  /** Raises what has gone wrong, and resolves what is well again. */
  update(reading: AlertReading): boolean {
    const troubles = new Map(this.troublesOf(reading).map((trouble) => [trouble.name, trouble]));
    let changed = false;
    for (const trouble of troubles.values()) changed = this.raise(trouble) || changed;
    for (const { alert, told } of this.active.values()) {
      if (troubles.has(alert.name)) continue;
      this.resolve(alert, told);
      changed = true;
    }
    return changed;
  }

  private troublesOf(reading: AlertReading): readonly Trouble[] {
    const { alerts, checks } = this.options;
    const found = alerts.flatMap((rule): readonly Trouble[] => {
      const message = this.judge(rule, reading);
      return message === undefined ? [] : [{ ...rule, message }];
    });
    return [...reading.checks.flatMap((report) => troubleOf(report, checks.get(report.name))), ...found];
  }

  private judge(rule: AlertRule, reading: AlertReading): string | undefined {
    try {
      return rule.condition(reading);
    } catch (error) {
      reportListenerError(this.options.onListenerError, error);
      return this.active.get(rule.name)?.alert.message;
    }
  }

  private raise({ name, severity, message, recommendation }: Trouble): boolean {
    const { clock, tell } = this.options;
    const before = this.active.get(name);
    const alert: Alert = {
      name,
      severity,
      message,
      recommendation,
      raisedAtMs: before?.alert.raisedAtMs ?? clock.wallNow(),
    };
    const due = this.due(name, severity);
    this.active.set(name, { alert, told: due || before?.told === true });
    if (due) {
      this.told.set(name, { at: clock.now(), severity });
      tell({ type: 'health.alert_raised', alert, again: before?.told === true, atMs: clock.wallNow() });
    }
    return before?.alert.message !== message || before.alert.severity !== severity;
  }

  /** Whether an alert was not told for long enough, or is worse than what was told. */
  private due(name: string, severity: AlertSeverity): boolean {
    const told = this.told.get(name);
    if (told === undefined || (told.severity === 'warning' && severity === 'critical')) return true;
    return this.options.clock.now() - told.at >= this.options.alertCooldownMs;
  }

  /** @param told - whether anyone heard that it was raised; who did not need not hear that it is over */
  private resolve(alert: Alert, told: boolean): void {
    const atMs = this.options.clock.wallNow();
    const over: Alert = { ...alert, resolvedAtMs: atMs };
    this.active.delete(alert.name);
    this.resolved.push(over);
    if (this.resolved.length > this.options.alertHistorySize) this.resolved.shift();
    if (told) this.options.tell({ type: 'health.alert_resolved', alert: over, atMs });
  }
}

function troubleOf(
  { name, state, reason = 'no reason given' }: CheckReport,
  check: CompleteCheck | undefined,
): readonly Trouble[] {
  if (check === undefined || check.alert === 'none' || (state !== 'down' && state !== 'degraded')) return [];
  const severity =
    state === 'degraded' ? 'warning' : (check.alert ?? (check.critical ? 'critical' : 'warning'));
  const { recommendation } = check;
  return [{ name: `check:${name}`, severity, message: `${name} is ${state}: ${reason}`, recommendation }];
}
