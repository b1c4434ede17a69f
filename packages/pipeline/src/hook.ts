import type { Clock } from './clock.ts';
import type { Rejection } from './errors.ts';
import type { ExecutionContext } from './strategy.ts';

/**
 * How a gate counts a call. `ignored` says nothing about the dependency: refused admission, the caller's abort, a
 * deadline outside the gate.
 */
export type Outcome = 'success' | 'failure' | 'ignored';

/** A call on its way through a pipeline, as strategies see it. */
export interface Call extends ExecutionContext {
  /** How much the call weighs in limits that count cost. */
  readonly cost: number;
  /** Whether the call is over before its operation settled: cancelled, or out of time. */
  readonly ended: boolean;
  /** Whether part of the result has reached the caller, so that no further attempt may start. */
  readonly committed: boolean;
  /**
   * Ends the part of the call inside a scope.
   *
   * @param scope - the position that the scope was given on `enter`
   * @param reason - what the operation's signal and the caller receive
   * @param strict - whether the caller settles now, or when the operation does
   */
  end(scope: number, reason: unknown, strict: boolean): void;
  /**
   * Listens for the end of the call; never called after it settled.
   *
   * @returns a function that stops listening
   */
  onEnd(listener: (reason: unknown) => void): () => void;
  /** When a stream delivered its first item, in monotonic milliseconds: where the duration of a streaming call ends. */
  readonly respondedAtMs: number | undefined;
  /**
   * Says that part of the result is about to reach the caller: drivers end the attempts beside this one, and start no
   * further attempt unless the result is resumable.
   */
  commit(resumable: boolean): void;
  /** Marks the result as a substitute. */
  degrade(): void;
}

/** What a gate hands out for an admitted call and gets back with its outcome. */
export type Permit = number | object;

/** Decides whether the inner part may start, and hears how it went. A permit is settled exactly once. */
export interface GateHook {
  readonly kind: 'gate';
  /** What the strategy is called by its user. */
  readonly name: string;
  /** What the strategy is, e.g. `circuit-breaker`; told by `explain`. Default: its name. */
  readonly type?: string;
  /** Measures deadlines. A pipeline uses the clock of its first step that has one. Default: the system's. */
  readonly clock?: Clock;
  /** Answers at once, unless the call has to wait in a queue. A rejection is told apart by its `code`. */
  admit(call: Call): Permit | Rejection | PromiseLike<Permit | Rejection>;
  /** Takes the permit back. `result` is the value after a success, otherwise the error. Must not throw. */
  settle(permit: Permit, outcome: Outcome, result: unknown, call: Call): void;
  /** Makes the error that the caller of `execute` gets for a rejection. Must not throw. */
  toError(rejection: Rejection): Error;
}

/** What a scope returns on entry. */
export interface ScopeHandle {
  /** When the scope will end the call, in monotonic milliseconds; told to the operation as `remainingMs`. */
  readonly dueAtMs?: number;
}

/** Watches over the inner part and may end it early with `call.end`. */
export interface ScopeHook {
  readonly kind: 'scope';
  /** What the strategy is called by its user. */
  readonly name: string;
  /** What the strategy is, e.g. `circuit-breaker`; told by `explain`. Default: its name. */
  readonly type?: string;
  /** Measures deadlines. A pipeline uses the clock of its first step that has one. Default: the system's. */
  readonly clock?: Clock;
  /** Whether this scope ever ends calls strictly. */
  readonly strict: boolean;
  /** @param scope - this scope's position in the call, to be handed to `call.end` */
  enter(call: Call, scope: number): ScopeHandle | undefined;
  /** Called once with what `enter` returned, however the inner part ended. */
  exit(handle: ScopeHandle | undefined): void;
}

/** How the inner part went. */
export type Settled =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

/** A run of the inner part that a driver started. */
export interface Attempt {
  readonly result: Promise<unknown>;
  /** Ends the attempt; inner gates count it as ignored. */
  end(reason: unknown): void;
}

/**
 * Runs the inner part once more. `onCommit` is called when that attempt's result begins to reach the caller, which
 * only streams do before they settle.
 */
export type Start = (attempt: number, onCommit?: () => void) => Attempt;

/** Takes over after the inner part has run once: retry, fallback. A first attempt that succeeds costs nothing. */
export interface RecoveryHook {
  readonly kind: 'recovery';
  /** What the strategy is called by its user. */
  readonly name: string;
  /** What the strategy is, e.g. `circuit-breaker`; told by `explain`. Default: its name. */
  readonly type?: string;
  /** Measures deadlines. A pipeline uses the clock of its first step that has one. Default: the system's. */
  readonly clock?: Clock;
  /** Whether the first attempt's value stands. Must not throw. Default: every value does. */
  accept?(value: unknown, call: Call): boolean;
  /** Continues after a first attempt that failed or was not accepted. */
  recover(settled: Settled, call: Call, start: Start): PromiseLike<unknown>;
}

/** Owns its inner calls from the start: hedging, fault injection, foreign policies. */
export interface DriverHook {
  readonly kind: 'driver';
  /** What the strategy is called by its user. */
  readonly name: string;
  /** What the strategy is, e.g. `circuit-breaker`; told by `explain`. Default: its name. */
  readonly type?: string;
  /** Measures deadlines. A pipeline uses the clock of its first step that has one. Default: the system's. */
  readonly clock?: Clock;
  run(call: Call, start: Start): PromiseLike<unknown>;
}

/** One step of a strategy. */
export type Hook = GateHook | ScopeHook | RecoveryHook | DriverHook;
