import { TimeoutError, type Clock } from '@holdfast/pipeline';
import { withError } from '../with-error.ts';

/** What a phase of a shutdown is told. */
export interface ShutdownContext {
  /** Aborts when the budget of the phase, or that of the whole shutdown, is used up. */
  readonly signal: AbortSignal;
}

/** One step of a shutdown: closing a server, ending a pool, flushing a log. */
export interface ShutdownPhase {
  /** Names the phase in events and reports. */
  readonly name: string;
  /** Does it. Phases run one after the other; one that throws does not keep the next from running. */
  readonly run: (context: ShutdownContext) => unknown;
  /** How long it may take, in milliseconds; the next one then starts all the same. At least 0. Default 5,000. */
  readonly budgetMs?: number | undefined;
  /** Called when the drain begins, before any phase runs. */
  readonly onDrain?: (() => void) | undefined;
}

/** What became of a phase. */
export interface PhaseReport {
  readonly phase: string;
  /** `skipped`: there was no time left for it. */
  readonly outcome: 'done' | 'failed' | 'timed-out' | 'skipped';
  readonly durationMs: number;
  /** What it threw. By reference, and not part of the JSON. */
  readonly error?: unknown;
}

/** Runs a phase for no longer than it may take. Never rejects. */
export function runPhase(phase: ShutdownPhase, budgetMs: number, clock: Clock): Promise<PhaseReport> {
  const startedAt = clock.now();
  const controller = new AbortController();
  return new Promise((resolve) => {
    const end = (outcome: PhaseReport['outcome'], error?: unknown) => {
      timer.cancel();
      const report = { phase: phase.name, outcome, durationMs: clock.now() - startedAt };
      resolve(withError(report, error));
    };
    const timer = clock.setTimer(() => {
      const error = new TimeoutError(budgetMs, { strategy: phase.name });
      end('timed-out', error);
      controller.abort(error);
    }, budgetMs);
    new Promise((done) => done(phase.run({ signal: controller.signal }))).then(
      () => end('done'),
      (error: unknown) => end('failed', error),
    );
  });
}
