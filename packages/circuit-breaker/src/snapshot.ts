import { check, integer, number, oneOf, readOptions } from '@holdfast/pipeline';
import { circuitOf, type CircuitBreaker } from './breaker.ts';
import type { State } from './state.ts';

/** What a breaker knows about its dependency, as plain JSON for another process. Instants are those of the wall clock. */
export interface CircuitSnapshot {
  readonly version: 1;
  /** When the snapshot was taken, in milliseconds since the Unix epoch. */
  readonly takenAtMs: number;
  readonly state: 'closed' | 'open' | 'half-open';
  /** When an open circuit will admit probes, in milliseconds since the Unix epoch. Left out for never. */
  readonly openUntilAtMs?: number | undefined;
  /** How many times the circuit has opened since it was last closed. */
  readonly openings: number;
  /** How many probes have succeeded. */
  readonly successes: number;
  /** The memory of the trip rule. */
  readonly memory: readonly number[];
}

/**
 * Takes a snapshot, for processes that do not live long, such as functions of a serverless platform. Totals are not part
 * of it. Isolation and mode belong to the process: such a circuit is saved as closed.
 *
 * @throws {@link TypeError} when the breaker is not one of this package
 *
 * @example
 * ```ts
 * import { circuitBreaker, restoreBreaker, snapshotOf } from '@holdfast/circuit-breaker';
 *
 * const before = circuitBreaker({ name: 'stripe' });
 * const saved = JSON.stringify(snapshotOf(before));
 *
 * const after = circuitBreaker({ name: 'stripe' });
 * restoreBreaker(after, JSON.parse(saved));
 * ```
 */
export function snapshotOf(breaker: CircuitBreaker): CircuitSnapshot {
  const { state, meter, clock } = circuitOf(breaker);
  const takenAtMs = clock.wallNow();
  return { version: 1, takenAtMs, ...describe(state, takenAtMs, clock.now()), memory: meter.save() };
}

function describe(state: State, wallMs: number, nowMs: number) {
  switch (state.kind) {
    case 'open': {
      const { openings, openMs, since } = state;
      const open = { state: 'open', openings, successes: 0 } as const;
      const remainingMs = Math.max(0, openMs - since.elapsedMs(nowMs));
      return remainingMs === Infinity ? open : { ...open, openUntilAtMs: wallMs + remainingMs };
    }
    case 'half-open':
      return { state: 'half-open', openings: state.openings, successes: state.successes } as const;
    default:
      return { state: 'closed', openings: 0, successes: 0 } as const;
  }
}

const rules = {
  version: (value: unknown) => (value === 1 ? undefined : 'must be the number 1'),
  takenAtMs: number(0),
  state: oneOf('closed', 'open', 'half-open'),
  openUntilAtMs: number(0),
  openings: integer(0),
  successes: integer(0),
  memory: (value: unknown) =>
    Array.isArray(value) && value.every(Number.isFinite) ? undefined : 'must be an array of numbers',
};

/**
 * Takes a snapshot over. What it has counted ages by the time that has passed since; a wall clock that jumped back does
 * not keep the circuit open for longer than was left. A breaker that is isolated or not in mode `enabled` only takes
 * over what was counted.
 *
 * @throws {@link TypeError} when the snapshot is malformed or of another version, or the breaker not of this package
 * @throws {@link RangeError} when a number in it is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, restoreBreaker, type CircuitSnapshot } from '@holdfast/circuit-breaker';
 *
 * const breakerFrom = (saved: CircuitSnapshot) => {
 *   const breaker = circuitBreaker({ name: 'stripe' });
 *   restoreBreaker(breaker, saved);
 *   return breaker;
 * };
 * ```
 */
export function restoreBreaker(breaker: CircuitBreaker, snapshot: CircuitSnapshot): void {
  const circuit = circuitOf(breaker);
  const { takenAtMs, state, openUntilAtMs, openings, successes, memory } = read(snapshot);
  const ageMs = Math.max(0, circuit.clock.wallNow() - takenAtMs);
  circuit.meter.reset();
  circuit.meter.load(memory, ageMs);
  if (!['closed', 'open', 'half-open'].includes(circuit.state.kind)) return;
  if (state === 'half-open') circuit.halfOpen(openings, successes);
  else if (state === 'open') {
    const remainingMs = Math.max(0, (openUntilAtMs ?? Infinity) - takenAtMs - ageMs);
    circuit.open('restored', openings, undefined, remainingMs, circuit.clock.now());
  } else if (circuit.state.kind !== 'closed') circuit.close('restored');
}

function read(snapshot: CircuitSnapshot): CircuitSnapshot {
  readOptions('restoreBreaker', snapshot, rules, {});
  // An option may be missing; here only the end of an open time may.
  for (const name of ['version', 'takenAtMs', 'state', 'openings', 'successes', 'memory'] as const) {
    check(`restoreBreaker: ${name}`, snapshot[name], rules[name]);
  }
  return snapshot;
}
