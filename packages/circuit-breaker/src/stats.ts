import type { Circuit } from './circuit.ts';
import { withError } from './events.ts';
import type { RuleReading } from './rules/trip-rule.ts';
import type { CircuitState } from './state.ts';

/** What a breaker has counted. Totals only grow, so that metrics can be pulled from them. */
export interface CircuitBreakerStats {
  readonly name: string;
  readonly state: CircuitState;
  /** Since when, in milliseconds since the Unix epoch. */
  readonly changedAtMs: number;
  /** In how many milliseconds an open circuit admits its first probe; `undefined` in every other state, and for ever. */
  readonly retryAfterMs: number | undefined;
  /** Calls that succeeded. */
  readonly successes: number;
  /** Calls that failed. */
  readonly failures: number;
  /** Calls that said nothing about the dependency. */
  readonly ignored: number;
  /** Calls that were refused. */
  readonly rejected: number;
  /** Calls that run now. */
  readonly inFlight: number;
  /** Calls that wait now, with `overflow: 'wait'`. */
  readonly waiting: number;
  /** How many times the circuit has opened. */
  readonly openings: number;
  /** Failures since the last success; 0 after the circuit has closed. */
  readonly consecutiveFailures: number;
  /** When a call last failed, in milliseconds since the Unix epoch; `undefined` after the circuit has closed. */
  readonly lastFailureAtMs: number | undefined;
  /** The error of that call. By reference, and not part of the JSON. */
  readonly lastError?: unknown;
  /** What the trip rule sees. */
  readonly reading: RuleReading;
}

export function statsOf(circuit: Circuit, waiting: number): CircuitBreakerStats {
  const { settings, state, changedAtMs, tally, meter } = circuit;
  const { successes, failures, ignored, rejected, inFlight, openings } = tally;
  const { consecutiveFailures, lastFailureAtMs, lastError } = tally;
  const stats: CircuitBreakerStats = {
    name: settings.name,
    state: state.kind,
    changedAtMs,
    retryAfterMs: retryAfterMs(circuit),
    successes,
    failures,
    ignored,
    rejected,
    inFlight,
    waiting,
    openings,
    consecutiveFailures,
    lastFailureAtMs,
    reading: meter.reading(),
  };
  return withError(stats, 'lastError', lastError);
}

function retryAfterMs({ state, clock }: Circuit): number | undefined {
  if (state.kind !== 'open' || state.openMs === Infinity) return undefined;
  return Math.max(0, state.openMs - state.since.elapsedMs(clock.now()));
}
