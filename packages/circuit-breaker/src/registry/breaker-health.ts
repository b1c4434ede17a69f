import type { CircuitBreaker } from '../breaker.ts';
import type { CircuitState } from '../state.ts';

/** How the breakers of a registry are, taken together. */
export interface BreakerHealth {
  /**
   * `healthy` when no circuit is open, half-open or isolated; `unhealthy` when at least half of them are open or
   * isolated; `degraded` otherwise.
   */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly total: number;
  /** How many breakers are in each state. */
  readonly states: Readonly<Record<CircuitState, number>>;
  /** The names of the breakers that refuse calls. */
  readonly refusing: readonly string[];
}

export function healthOf(breakers: Iterable<CircuitBreaker>): BreakerHealth {
  const states = { closed: 0, open: 0, 'half-open': 0, isolated: 0, disabled: 0, 'metrics-only': 0 };
  const refusing: string[] = [];
  let total = 0;
  for (const { state, name } of breakers) {
    states[state]++;
    total++;
    if (state === 'open' || state === 'isolated') refusing.push(name);
  }
  const troubled = refusing.length + states['half-open'];
  const status = troubled === 0 ? 'healthy' : refusing.length * 2 >= total ? 'unhealthy' : 'degraded';
  return { status, total, states, refusing };
}
