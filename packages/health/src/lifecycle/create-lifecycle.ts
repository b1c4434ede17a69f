import { constants } from 'node:os';
import { createEmitter, reportListenerError, type Emitter, type EventSource } from '@holdfast/pipeline';
import type { LifecycleEvent } from './lifecycle-events.ts';
import {
  readLifecycleOptions,
  readPhase,
  type LifecycleOptions,
  type StopSignal,
} from './lifecycle-options.ts';
import { runPhase, type PhaseReport, type ShutdownPhase } from './shutdown-phase.ts';
import { withError } from '../with-error.ts';

/** What became of a shutdown. */
export interface ShutdownReport {
  /** What stopped the process. */
  readonly cause: string;
  /** The exit code: 0 when every phase has done its work, else 1. */
  readonly code: number;
  readonly durationMs: number;
  readonly phases: readonly PhaseReport[];
}

/** Stops a process in good order. */
export interface Lifecycle extends EventSource<LifecycleEvent> {
  /** `running`, then `draining` (readiness fails, requests are still served), `stopping` (phases run), `stopped`. */
  readonly state: 'running' | 'draining' | 'stopping' | 'stopped';
  /**
   * Adds a phase after those that are there.
   *
   * @throws {@link TypeError} when the phase is not one, or the phases already run
   * @throws {@link RangeError} when its budget is out of bounds
   */
  add(phase: ShutdownPhase): void;
  /** Stops the process on a signal, and ends it with the exit code. A second signal ends it at once. */
  listen(): void;
  /**
   * Stops the process without ending it. A second call does the same as the first.
   *
   * @param cause - shown in events and in the report. Default `shutdown`
   */
  shutdown(cause?: string): Promise<ShutdownReport>;
  /** Listens to signals no more. */
  close(): void;
}

type Settings = ReturnType<typeof readLifecycleOptions>;

class ProcessLifecycle implements Lifecycle {
  state: Lifecycle['state'] = 'running';
  private readonly settings: Settings;
  private readonly emitter: Emitter<LifecycleEvent>;
  private readonly phases: ReturnType<typeof readPhase>[];
  private stopping: Promise<ShutdownReport> | undefined;
  private listening = false;

  constructor(settings: Settings) {
    this.settings = settings;
    this.emitter = createEmitter(settings.onListenerError);
    this.phases = settings.phases.map(readPhase);
  }

  on: Lifecycle['on'] = (type, listener) => this.emitter.on(type, listener);

  subscribe: Lifecycle['subscribe'] = (listener) => this.emitter.subscribe(listener);

  add(phase: ShutdownPhase): void {
    if (this.state === 'stopping' || this.state === 'stopped') {
      throw new TypeError(`phase '${phase.name}' comes too late: the process is ${this.state}`);
    }
    this.phases.push(readPhase(phase));
    if (this.state === 'draining') this.guard(phase.onDrain);
  }

  listen(): void {
    if (this.listening) return;
    this.listening = true;
    for (const signal of this.settings.signals) this.settings.process.on(signal, this.onSignal);
  }

  close(): void {
    this.listening = false;
    for (const signal of this.settings.signals) this.settings.process.off(signal, this.onSignal);
  }

  shutdown(cause = 'shutdown'): Promise<ShutdownReport> {
    return (this.stopping ??= this.stop(cause));
  }

  private readonly onSignal = (signal: StopSignal): void => {
    const { process, clock } = this.settings;
    if (this.stopping === undefined) {
      void this.shutdown(signal).then(({ code }) => process.exit(code));
      return;
    }
    this.emitter.emit({ type: 'shutdown.forced', cause: signal, atMs: clock.wallNow() });
    // What a shell reports of a process that died of a signal.
    process.exit(128 + constants.signals[signal]);
  };

  private async stop(cause: string): Promise<ShutdownReport> {
    const { clock, health, drainDelayMs, budgetMs } = this.settings;
    const startedAt = clock.now();
    this.state = 'draining';
    this.guard(() => health?.drain());
    this.emitter.emit({ type: 'shutdown.started', cause, atMs: clock.wallNow() });
    for (const { onDrain } of this.phases) this.guard(onDrain);
    if (cause !== 'SIGINT' && drainDelayMs > 0) {
      await new Promise<void>((resolve) => clock.setTimer(resolve, drainDelayMs));
    }
    this.state = 'stopping';
    const reports: PhaseReport[] = [];
    for (const phase of this.phases) reports.push(await this.run(phase, startedAt + budgetMs - clock.now()));
    this.guard(() => health?.close());
    this.state = 'stopped';
    const code = reports.every(({ outcome }) => outcome === 'done') ? 0 : 1;
    const durationMs = clock.now() - startedAt;
    this.emitter.emit({ type: 'shutdown.ended', code, durationMs, atMs: clock.wallNow() });
    return { cause, code, durationMs, phases: reports };
  }

  private async run(phase: ReturnType<typeof readPhase>, leftMs: number): Promise<PhaseReport> {
    const { clock } = this.settings;
    const report: PhaseReport =
      leftMs > 0
        ? await runPhase(phase, Math.min(phase.budgetMs, leftMs), clock)
        : { phase: phase.name, outcome: 'skipped', durationMs: 0 };
    const event = { type: 'shutdown.phase_ended', ...report, atMs: clock.wallNow() } as const;
    this.emitter.emit(withError(event, report.error));
    return report;
  }

  private guard(callback: (() => void) | undefined): void {
    try {
      callback?.();
    } catch (error) {
      reportListenerError(this.settings.onListenerError, error);
    }
  }
}

/**
 * Makes the lifecycle of a process. On `SIGTERM` readiness fails while liveness stays green; after the drain delay the
 * phases run in order, each within its budget; then the process ends, with 0 if all went well. Nothing happens before
 * `listen` or `shutdown` is called.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { closeServer, createHealth, createLifecycle } from '@holdfast/health';
 *
 * const health = createHealth();
 * const server = createServer().listen(8080);
 * const pool = { end: () => Promise.resolve() };
 * const lifecycle = createLifecycle({
 *   health,
 *   phases: [closeServer(server), { name: 'database', run: () => pool.end() }],
 * });
 * lifecycle.listen();
 * ```
 */
export function createLifecycle(options: LifecycleOptions = {}): Lifecycle {
  return new ProcessLifecycle(readLifecycleOptions(options));
}
