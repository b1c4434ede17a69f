import type { CircuitBreaker } from '@holdfast/circuit-breaker';
import { describe, type Journal } from './journal.ts';
import type { Status } from './status.ts';
import type { Traffic } from './traffic/traffic.ts';

/** Counts what the circuit does, and writes it down. Returns what there is to show of it. */
export function observeCircuit(
  breaker: CircuitBreaker,
  traffic: Traffic,
  journal: Journal,
): () => NonNullable<Status['circuit']> {
  let closings = 0;
  let admitsAtMs = 0;
  breaker.subscribe((event) => {
    if (event.type === 'circuit.opened') admitsAtMs = traffic.elapsedMs() + event.openMs;
    if (event.type === 'circuit.closed') closings++;
    traffic.circuitChanged(breaker.state);
    journal.write(describe(event));
  });
  return () => {
    const { state, openings } = breaker.stats();
    const retryAfterMs = state === 'open' ? Math.max(0, admitsAtMs - traffic.elapsedMs()) : 0;
    return { state, retryAfterMs, openings, closings };
  };
}
