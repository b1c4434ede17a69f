import type { RuleReading } from './rules/trip-rule.ts';
import type { CircuitState } from './state.ts';

/**
 * Why a circuit opened: its rule (`failures`, `slow-calls`), a probe (`probe-failed`, `probe-slow`, `probe-timeout`), a
 * call of `trip` (`manual`), a snapshot (`restored`), or the quorum of a store (`store`).
 */
export type OpenCause =
  | 'failures'
  | 'slow-calls'
  | 'probe-failed'
  | 'probe-slow'
  | 'probe-timeout'
  | 'manual'
  | 'restored'
  | 'store';

/** Why a circuit closed: its probes, a call of `reset`, the last holder of an isolation, a change of mode, a
 * snapshot, or a store. */
export type CloseCause = 'probes' | 'reset' | 'released' | 'mode' | 'restored' | 'store';

/** What all events of a circuit tell. */
export interface CircuitEventBase {
  /** The name of the breaker. */
  readonly strategy: string;
  /** When it happened, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The state before. */
  readonly from: CircuitState;
}

/** The circuit refuses calls from now on. */
export interface CircuitOpened extends CircuitEventBase {
  readonly type: 'circuit.opened';
  readonly cause: OpenCause;
  /** What the trip rule saw when it opened. */
  readonly reading: RuleReading;
  /** For how many milliseconds. */
  readonly openMs: number;
  /** How many times it has opened since it was last closed, this time included. */
  readonly openings: number;
  /** The error that tipped the scales, if it was one. By reference, and not part of the event's JSON. */
  readonly error?: unknown;
}

/** The trip rule would have opened the circuit, which is in metrics-only mode. The rule starts afresh. */
export interface CircuitWouldOpen extends CircuitEventBase {
  readonly type: 'circuit.would_open';
  readonly cause: OpenCause;
  readonly reading: RuleReading;
  /** The error that tipped the scales, if it was one. By reference, and not part of the event's JSON. */
  readonly error?: unknown;
}

/** The circuit admits probes from now on. */
export interface CircuitHalfOpened extends CircuitEventBase {
  readonly type: 'circuit.half_opened';
}

/** The circuit admits calls again. */
export interface CircuitClosed extends CircuitEventBase {
  readonly type: 'circuit.closed';
  readonly cause: CloseCause;
}

/** The circuit refuses calls until every holder of the isolation has let go. */
export interface CircuitIsolated extends CircuitEventBase {
  readonly type: 'circuit.isolated';
}

/** The circuit admits all calls and observes none. */
export interface CircuitDisabled extends CircuitEventBase {
  readonly type: 'circuit.disabled';
}

/** The circuit admits all calls, and only tells when it would have opened. */
export interface CircuitMetricsOnly extends CircuitEventBase {
  readonly type: 'circuit.metrics_only';
}

/** What a circuit tells about itself; told apart by `type`. */
export type CircuitEvent =
  | CircuitOpened
  | CircuitWouldOpen
  | CircuitHalfOpened
  | CircuitClosed
  | CircuitIsolated
  | CircuitDisabled
  | CircuitMetricsOnly;

/** What the events of a type tell beyond what all events do. */
export type EventDetails<T extends CircuitEvent['type']> = Omit<
  Extract<CircuitEvent, { readonly type: T }>,
  keyof CircuitEventBase | 'type' | 'error'
>;

/** Hangs an error on an object by reference, where JSON does not see it: it may hold what nobody wants in a log. */
export function withError<T extends object>(target: T, name: 'error' | 'lastError', error: unknown): T {
  return error === undefined ? target : Object.defineProperty(target, name, { value: error });
}
