import type { PhaseReport } from './shutdown-phase.ts';

/** The process has begun to stop: readiness fails, no phase has run yet. */
export interface ShutdownStarted {
  readonly type: 'shutdown.started';
  /** What stops it: a signal, or what was passed to `shutdown`. */
  readonly cause: string;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A phase has ended. */
export interface PhaseEnded extends PhaseReport {
  readonly type: 'shutdown.phase_ended';
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** All phases have ended. */
export interface ShutdownEnded {
  readonly type: 'shutdown.ended';
  /** The exit code: 0 when every phase has done its work, else 1. */
  readonly code: number;
  readonly durationMs: number;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** A second signal has come; the process ends now, whatever goes on. */
export interface ShutdownForced {
  readonly type: 'shutdown.forced';
  /** The signal. */
  readonly cause: string;
  /** When, in milliseconds since the Unix epoch. */
  readonly atMs: number;
}

/** What a lifecycle tells about itself; told apart by `type`. */
export type LifecycleEvent = ShutdownStarted | PhaseEnded | ShutdownEnded | ShutdownForced;
