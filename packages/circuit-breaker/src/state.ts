import type { Probes } from './half-open/probes.ts';
import type { Ramp } from './half-open/ramp.ts';
import type { Stopwatch } from './stopwatch.ts';

/**
 * What a circuit does with calls. `closed` admits them; `open` refuses them; `half-open` admits a few as probes;
 * `isolated` refuses them until every holder lets go; `disabled` admits them unobserved; `metrics-only` admits them and
 * says when it would have opened.
 */
export type CircuitState = State['kind'];

/** A state with the data that only this state has. */
export type State = Closed | Open | HalfOpen | Isolated | Disabled | MetricsOnly;

export interface Closed {
  readonly kind: 'closed';
  /** How many calls run that had been waiting for the circuit to close. */
  guests: number;
  /** Holds back a part of the calls while the dependency warms up. */
  ramp: Ramp | undefined;
}

export interface Open {
  readonly kind: 'open';
  readonly since: Stopwatch;
  readonly openMs: number;
  /** How many times the circuit has opened since it was last closed, this time included. */
  readonly openings: number;
  /** Milliseconds left when last looked at. */
  remainingMs: number;
}

export interface HalfOpen {
  readonly kind: 'half-open';
  readonly probes: Probes;
  readonly openings: number;
  successes: number;
}

export interface Isolated {
  readonly kind: 'isolated';
  holders: number;
}

export interface Disabled {
  readonly kind: 'disabled';
}

export interface MetricsOnly {
  readonly kind: 'metrics-only';
}
