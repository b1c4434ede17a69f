import { createEmitter, reportListenerError, type Emitter, type Timer } from '@holdfast/pipeline';
import type { Alert } from './alerts/alert.ts';
import { AlertBook } from './alerts/alert-book.ts';
import { readCheck } from './check.ts';
import type { CheckStats } from './check-report.ts';
import { CheckRunner } from './check-runner.ts';
import type { HealthEvent } from './events.ts';
import { aggregate, groupsOf, type Groups } from './groups.ts';
import type { GroupName, Health } from './health.ts';
import type { HealthReport } from './health-report.ts';
import { readHealthOptions, type HealthOptions } from './options.ts';
import { recommendationsFor } from './recommendations.ts';
import type { RequestStats } from './request-stats.ts';
import { Slots } from './slots.ts';
import { passes, type HealthState } from './state.ts';
import type { Transition } from './timeline.ts';
import { waitFor, type WaitOptions } from './wait.ts';

type Settings = ReturnType<typeof readHealthOptions>;

class HealthService implements Health {
  version = 0;
  started = false;
  draining = false;
  private readonly settings: Settings;
  private readonly emitter: Emitter<HealthEvent>;
  private readonly runners: readonly CheckRunner[];
  private readonly members: Groups;
  private readonly alerts: AlertBook;
  private readonly states = new Map<string, HealthState>();
  private readonly madeAt: number;
  private starting: Promise<void> | undefined;
  private cameUp = false;
  private alertTimer: Timer | undefined;
  private closed = false;

  constructor(settings: Settings) {
    this.settings = settings;
    this.emitter = createEmitter(settings.onListenerError);
    const context = {
      ...settings,
      slots: new Slots(settings.maxConcurrent),
      flapping: settings,
      onResult: (runner: CheckRunner, transition: Transition | undefined) => this.hear(runner, transition),
    };
    this.runners = settings.checks.map(
      (each) => new CheckRunner(readCheck(each, settings.defaults), context),
    );
    this.members = groupsOf(this.runners, settings.groups);
    this.alerts = new AlertBook({
      ...settings,
      checks: new Map(this.runners.map(({ check }) => [check.name, check])),
      tell: (event) => this.emitter.emit(event),
    });
    this.madeAt = settings.clock.now();
    this.watchGroups();
  }

  get groups(): readonly string[] {
    return [...this.members.keys()];
  }

  on: Health['on'] = (type, listener) => this.emitter.on(type, listener);

  subscribe: Health['subscribe'] = (listener) => this.emitter.subscribe(listener);

  start(): Promise<void> {
    return (this.starting ??= this.runAll());
  }

  state(group: GroupName = 'overall'): HealthState {
    const members = this.membersOf(group);
    const reason = this.reasonFor(group);
    if (reason !== undefined) return reason === 'draining' ? 'down' : 'unknown';
    return group === 'startup' && this.cameUp ? 'up' : aggregate(members);
  }

  report(group: GroupName = 'overall'): HealthReport {
    const { clock } = this.settings;
    const members = this.membersOf(group);
    const reason = this.reasonFor(group);
    const requests = this.requests();
    return {
      group,
      state: this.state(group),
      ...(reason === undefined ? {} : { reason }),
      detailed: true,
      atMs: clock.wallNow(),
      uptimeMs: clock.now() - this.madeAt,
      checks: members.map((runner) => runner.report()),
      alerts: this.alerts.raised,
      ...(requests === undefined ? {} : { requests }),
      recommendations: recommendationsFor(members, this.alerts.raised),
    };
  }

  refresh(group: GroupName): Promise<void> | undefined {
    const now = this.settings.clock.now();
    let pending: Promise<void>[] | undefined;
    for (const runner of this.membersOf(group)) {
      const freshness = runner.freshness(now);
      if (freshness === 'stale') void runner.refresh(false);
      if (freshness === 'expired') (pending ??= []).push(runner.refresh(true));
    }
    return pending === undefined ? undefined : Promise.all(pending).then(() => undefined);
  }

  async check(group: GroupName = 'overall', options: WaitOptions = {}): Promise<HealthReport> {
    options.signal?.throwIfAborted();
    const pending = this.refresh(group);
    if (pending !== undefined) await waitFor(pending, options, this.settings.clock);
    return this.report(group);
  }

  stats(): readonly CheckStats[] {
    return this.runners.map((runner) => runner.stats());
  }

  alertHistory(): readonly Alert[] {
    return this.alerts.history;
  }

  drain(): void {
    if (this.draining) return;
    this.draining = true;
    this.emitter.emit({ type: 'health.drain_started', atMs: this.settings.clock.wallNow() });
    this.change();
  }

  close(): void {
    this.closed = true;
    this.alertTimer?.cancel();
    for (const runner of this.runners) runner.close(new DOMException('The health is closed', 'AbortError'));
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private async runAll(): Promise<void> {
    await Promise.all(this.runners.map((runner) => runner.refresh(true)));
    this.started = true;
    for (const runner of this.runners) runner.schedule();
    this.watchAlerts();
    this.change();
  }

  private membersOf(group: string): readonly CheckRunner[] {
    const members = this.members.get(group);
    if (members === undefined) {
      throw new TypeError(`there is no group '${group}'; there is ${this.groups.join(', ')}`);
    }
    return members;
  }

  /** What decides about a group besides its checks. Liveness has nothing of the kind: it must stay green in a drain. */
  private reasonFor(group: string): HealthReport['reason'] | undefined {
    if (group === 'liveness') return undefined;
    if (this.draining && (group === 'readiness' || group === 'overall')) return 'draining';
    return this.started ? undefined : 'starting';
  }

  private hear(runner: CheckRunner, transition: Transition | undefined): void {
    if (transition !== undefined) {
      this.emitter.emit({ type: 'health.check_changed', check: runner.check.name, ...transition });
    }
    this.lookAtAlerts();
    this.change();
  }

  private watchAlerts(): void {
    if (this.closed) return;
    if (this.lookAtAlerts()) this.change();
    const { clock, alertIntervalMs } = this.settings;
    this.alertTimer = clock.setTimer(() => this.watchAlerts(), alertIntervalMs);
    this.alertTimer.unref();
  }

  private lookAtAlerts(): boolean {
    const checks = this.runners.map((runner) => runner.report());
    return this.alerts.update({ checks, requests: this.requests() });
  }

  private requests(): RequestStats | undefined {
    try {
      return this.settings.requestStats?.();
    } catch (error) {
      reportListenerError(this.settings.onListenerError, error);
      return undefined;
    }
  }

  private change(): void {
    this.version++;
    if (this.started && passes(aggregate(this.membersOf('startup')))) this.cameUp = true;
    this.watchGroups();
  }

  private watchGroups(): void {
    for (const group of this.members.keys()) {
      const from = this.states.get(group);
      const to = this.state(group);
      if (from === to) continue;
      this.states.set(group, to);
      const atMs = this.settings.clock.wallNow();
      if (from !== undefined) this.emitter.emit({ type: 'health.group_changed', group, from, to, atMs });
    }
  }
}

/**
 * Makes the health of a process. Checks run side by side, each under its own timeout, one run at a time; their results
 * are kept for a while, so that probes cost nothing and a dependency that hangs hangs nobody else.
 *
 * @throws {@link TypeError} when an option is unknown or wrong, names are taken twice, a group names a check that is not
 * there, or a check of a dependency is to decide about liveness
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createHealth, httpCheck } from '@holdfast/health';
 *
 * const health = createHealth({
 *   checks: [
 *     httpCheck({ name: 'users', url: 'http://users.internal/readyz' }),
 *     { name: 'cache', critical: false, run: async ({ signal }) => void (await fetch('http://cache.internal', { signal })) },
 *   ],
 * });
 * await health.start();
 * console.log(health.state('readiness'));
 * ```
 */
export function createHealth(options: HealthOptions = {}): Health {
  return new HealthService(readHealthOptions(options));
}
