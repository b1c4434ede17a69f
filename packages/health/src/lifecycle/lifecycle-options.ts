import {
  check,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import { listOf, nameRule, readRequired } from '../rules.ts';
import type { ShutdownPhase } from './shutdown-phase.ts';

/** The signals that a lifecycle can listen to. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGQUIT';

/** What a lifecycle needs of a process. */
export interface ProcessLike {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  exit(code: number): unknown;
}

/** What {@link createLifecycle} takes. */
export interface LifecycleOptions {
  /** Whose readiness fails when the process begins to stop; it is closed at the end. Default: none. */
  readonly health?: { drain(): void; close(): void } | undefined;
  /** What to do in order to stop, in this order. More can be added later. Default: nothing. */
  readonly phases?: readonly ShutdownPhase[] | undefined;
  /**
   * How long to go on serving after readiness has failed, in milliseconds, until load balancers have noticed: the period
   * of the readiness probe times its failure threshold, and a little. At least 0. A `SIGINT`, which comes from a
   * terminal, skips it. Default 5,000.
   */
  readonly drainDelayMs?: number | undefined;
  /**
   * How long everything together may take, in milliseconds, drain delay included. More than `drainDelayMs`, and less
   * than the time after which the process is killed (30 s in Kubernetes). Default 25,000.
   */
  readonly budgetMs?: number | undefined;
  /** The signals that stop the process. Default `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly StopSignal[] | undefined;
  /** The process that gets the signals and is ended. Default `process`. */
  readonly process?: ProcessLike | undefined;
  /** Hears of listeners that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const rules: Rules<LifecycleOptions> = {
  health: type('object'),
  phases: listOf(type('object')),
  drainDelayMs: number(0),
  budgetMs: number(1),
  signals: listOf(oneOf('SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT')),
  process: type('object'),
  onListenerError: type('function'),
  clock: type('object'),
};

const phaseRules: Rules<ShutdownPhase> = {
  name: nameRule,
  run: type('function'),
  budgetMs: number(0),
  onDrain: type('function'),
};

/**
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function readLifecycleOptions(options: LifecycleOptions) {
  const read = readOptions('createLifecycle', options, rules, {
    phases: [] as readonly ShutdownPhase[],
    drainDelayMs: 5_000,
    budgetMs: 25_000,
    signals: ['SIGTERM', 'SIGINT'] as readonly StopSignal[],
    process: process,
    onListenerError: console.error as ListenerErrorHandler,
    clock: systemClock,
  });
  check('createLifecycle: drainDelayMs', read.drainDelayMs, number(0, read.budgetMs));
  return read;
}

/**
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when the budget is out of bounds
 */
export function readPhase(phase: ShutdownPhase): ShutdownPhase & { readonly budgetMs: number } {
  return readRequired('createLifecycle: a phase', phase, phaseRules, { budgetMs: 5_000 }, ['name', 'run']);
}
