import type { CircuitState } from '@holdfast/circuit-breaker';
import { readStatus, type Status } from '../../src/status.ts';
import { readSchedule } from '../../src/demo/schedule.ts';
import { breaker } from '../../src/scenarios/breaker.ts';
import { Traffic, type Slot } from '../../src/traffic/traffic.ts';

/** A minute of made-up traffic, and what the status says at its end. */
export function sampleMinute(): { readonly status: Status; readonly history: readonly Slot[] } {
  const world = { nowMs: 0, circuit: 'closed' as CircuitState, phase: '' };
  const traffic = new Traffic({ slotMs: 1_000, now: () => world.nowMs, surroundings: () => world });
  for (let second = 0; second < 60; second++) {
    world.phase = readSchedule(world.nowMs).phase.name;
    world.circuit = world.phase === 'outage' ? 'open' : 'closed';
    for (let i = 0; i < 20; i++) {
      traffic.began();
      traffic.ended(world.circuit === 'open' ? 'rejected' : 'answered', 10 + second);
    }
    if (world.phase === 'errors') traffic.retried();
    if (world.phase === 'hanging') traffic.totals.timeout++;
    world.nowMs += 1_000;
  }
  world.nowMs -= 500;
  const status = readStatus({
    proxy: new URL('http://127.0.0.1:8787'),
    upstream: new URL('http://127.0.0.1:9'),
    health: { draining: false, state: (group) => (group === 'readiness' ? 'up' : 'degraded') },
    circuit: { state: 'open', retryAfterMs: 1_234.5, openings: 2, closings: 1 },
    schedule: readSchedule(world.nowMs),
    scenario: breaker,
    guarded: { traffic, reached: null },
    without: undefined,
    parts: [],
    events: {},
    slotMs: 1_000,
  });
  return { status, history: traffic.history() };
}
