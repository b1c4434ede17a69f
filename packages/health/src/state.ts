/**
 * How something is. `up`: works; `degraded`: works, but not as it should; `down`: does not work; `unknown`: nobody has
 * looked yet.
 */
export type HealthState = 'up' | 'degraded' | 'down' | 'unknown';

const BADNESS: Readonly<Record<HealthState, number>> = { up: 0, degraded: 1, unknown: 2, down: 3 };

/** The worse of two states: down, then unknown, then degraded, then up. */
export function worse(a: HealthState, b: HealthState): HealthState {
  return BADNESS[a] >= BADNESS[b] ? a : b;
}

/** Whether a probe passes: up and degraded do (Kubernetes must not take a pod away that still works). */
export function passes(state: HealthState): boolean {
  return state === 'up' || state === 'degraded';
}
