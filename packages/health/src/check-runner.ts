import { reportListenerError, type Clock, type ListenerErrorHandler, type Timer } from '@holdfast/pipeline';
import type { CompleteCheck } from './check.ts';
import type { CheckReport, CheckStats } from './check-report.ts';
import { CheckRun } from './check-run.ts';
import type { Finding } from './finding.ts';
import { Hysteresis } from './hysteresis.ts';
import type { Slots } from './slots.ts';
import type { HealthState } from './state.ts';
import { Timeline, type Flapping, type Transition } from './timeline.ts';
import { withError } from './with-error.ts';

/**
 * How many runs that ignore their signal may hang about. Each may hold a connection of a pool, or one of the four threads
 * that Node has for files: few enough to leave some to the service, and enough to outlast what hangs once.
 */
const MAX_ABANDONED = 3;

/** What the runners of one health share. */
export interface RunnerContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly slots: Slots;
  readonly flapping: Flapping;
  readonly historySize: number;
  readonly onListenerError: ListenerErrorHandler;
  /** Told after each run, with the change of state if there was one. */
  readonly onResult: (runner: CheckRunner, transition: Transition | undefined) => void;
}

/** Runs one check: one run at a time, its result kept until it is too old. */
export class CheckRunner {
  readonly check: CompleteCheck;
  private readonly context: RunnerContext;
  private readonly hysteresis: Hysteresis;
  private readonly timeline: Timeline;
  private last: { finding: Finding; durationMs: number; at: number; atMs: number } | undefined;
  private flight: Promise<void> | undefined;
  private run: CheckRun | undefined;
  private awaited = false;
  private timer: Timer | undefined;
  private closed = false;
  private readonly tally = { runs: 0, failures: 0, timeouts: 0, lateResults: 0 };
  private totalDurationMs = 0;
  private maxDurationMs = 0;

  constructor(check: CompleteCheck, context: RunnerContext) {
    this.check = check;
    this.context = context;
    this.hysteresis = new Hysteresis(check);
    this.timeline = new Timeline(context.clock, context.historySize);
  }

  get state(): HealthState {
    return this.timeline.state;
  }

  /**
   * How the last result may be used: as it is, while a newer one is fetched, or no more.
   *
   * @param now - of the clock; a group reads it once for all of its checks
   */
  freshness(now: number): 'fresh' | 'stale' | 'expired' {
    if (this.last === undefined) return 'expired';
    const ageMs = now - this.last.at;
    if (ageMs < this.check.ttlMs) return 'fresh';
    return ageMs < this.check.ttlMs + this.check.staleMs ? 'stale' : 'expired';
  }

  /**
   * Runs the check, or joins the run that is going on. Never rejects.
   *
   * @param awaited - whether someone waits for it; a run in the background keeps no process alive
   */
  refresh(awaited: boolean): Promise<void> {
    if (this.closed) return Promise.resolve();
    if (awaited && !this.awaited) {
      this.awaited = true;
      this.run?.keepsAlive(true);
    }
    return (this.flight ??= this.fly());
  }

  /** From now on, runs the check from time to time. */
  schedule(): void {
    const { clock, random } = this.context;
    this.timer?.cancel();
    if (this.closed) return;
    // The jitter keeps the replicas of a service from asking their database all at once.
    this.timer = clock.setTimer(
      () => void this.refresh(false).then(() => this.schedule()),
      this.check.refreshMs * (0.9 + 0.2 * random()),
    );
    this.timer.unref();
  }

  close(reason: unknown): void {
    if (this.closed) return;
    this.closed = true;
    this.timer?.cancel();
    this.run?.cancel(reason);
    try {
      this.check.close?.();
    } catch (error) {
      reportListenerError(this.context.onListenerError, error);
    }
  }

  report(): CheckReport {
    const { name, critical, componentType } = this.check;
    const flapping = this.timeline.flapping(this.context.flapping);
    const report: CheckReport = { name, state: this.state, critical, componentType, flapping };
    if (this.last === undefined) return report;
    const { finding, durationMs, atMs } = this.last;
    const { reason, observedValue, observedUnit, details, error } = finding;
    const message = error instanceof Error ? error.message : undefined;
    const told = defined({ reason, observedValue, observedUnit, details, message });
    return withError({ ...report, ...told, durationMs, checkedAtMs: atMs }, error);
  }

  stats(): CheckStats {
    return {
      name: this.check.name,
      state: this.state,
      ...this.tally,
      abandoned: this.abandoned,
      transitions: this.timeline.transitions,
      consecutiveFailures: this.hysteresis.failures,
      totalDurationMs: this.totalDurationMs,
      lastDurationMs: this.last?.durationMs,
      maxDurationMs: this.maxDurationMs,
      availabilityRatio: this.timeline.availabilityRatio(),
      flapping: this.timeline.flapping(this.context.flapping),
      history: this.timeline.history(),
    };
  }

  private get abandoned(): number {
    return this.tally.timeouts - this.tally.lateResults;
  }

  private async fly(): Promise<void> {
    const { clock, slots } = this.context;
    try {
      await slots.acquire();
      try {
        const startedAt = clock.now();
        const finding = await this.look();
        if (finding !== undefined) this.take(finding, clock.now() - startedAt);
      } finally {
        slots.release();
      }
    } finally {
      this.flight = undefined;
      this.run = undefined;
      this.awaited = false;
    }
  }

  private look(): Promise<Finding | undefined> | Finding | undefined {
    if (this.closed) return undefined;
    if (this.abandoned >= MAX_ABANDONED) return { state: 'down', reason: 'stuck' };
    this.run = new CheckRun(this.check, this.context.clock, () => this.tally.lateResults++);
    this.run.keepsAlive(this.awaited);
    return this.run.ended;
  }

  private take(finding: Finding, durationMs: number): void {
    const { clock, onResult } = this.context;
    this.tally.runs++;
    if (finding.state === 'down') this.tally.failures++;
    if (this.run?.timedOut === true) this.tally.timeouts++;
    this.totalDurationMs += durationMs;
    this.maxDurationMs = Math.max(this.maxDurationMs, durationMs);
    this.last = { finding, durationMs, at: clock.now(), atMs: clock.wallNow() };
    const state = this.hysteresis.next(this.state, finding.state);
    onResult(this, state === this.state ? undefined : this.timeline.enter(state, finding.reason));
  }
}

/** The entries that have a value. */
function defined<T extends object>(entries: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
