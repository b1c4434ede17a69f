import type { Settings } from '../command-line.ts';
import type { Target } from '../demo/find-upstream.ts';
import type { Guard } from '../guard.ts';
import { Traffic } from './traffic.ts';

/** The counts of the requests that pass a guard on their way to an upstream. */
export function trafficOf(
  { speed }: Pick<Settings, 'speed'>,
  { breaker }: Pick<Guard, 'breaker'>,
  { schedule }: Pick<Target, 'schedule'>,
): Traffic {
  return new Traffic({
    slotMs: 1_000 / speed,
    now: () => performance.now(),
    surroundings: () => ({ circuit: breaker?.state ?? 'disabled', phase: schedule()?.phase.name }),
  });
}
