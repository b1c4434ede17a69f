import { seededRandom } from '@holdfast/pipeline/testing';
import { Dependency } from './dependency.ts';
import type { Protection } from './protections.ts';
import { Timeline } from './timeline.ts';
import { VirtualClock } from './virtual-clock.ts';
import { inVirtualTime } from './virtual-time.ts';

/** What happens in a simulation. All instants in seconds from its start. */
export interface Storm {
  /** Processes, each with a protection of its own. */
  readonly clients: number;
  /** Calls a second of all clients together; they come at random (Poisson). */
  readonly callsPerSecond: number;
  readonly capacityPerSecond: number;
  readonly outageAt: number;
  readonly outageSeconds: number;
  /** When the last call starts. */
  readonly endAt: number;
  readonly seed: number;
}

/** What became of it. */
export interface StormOutcome {
  /** How many calls were made in the outage. */
  readonly calls: number;
  /** Requests that reached the dependency in the outage, for each call made in it. */
  readonly load: number;
  /** Share of the calls in the minute after the outage that succeeded. */
  readonly goodputAfter: number;
  /** Seconds from the end of the outage until calls succeed again for good; `null` for never. */
  readonly recoveredAfter: number | null;
}

/** Plays a storm with the real code of a protection, in virtual time. */
export function simulateStorm(storm: Storm, protect: Protection): Promise<StormOutcome> {
  const clock = new VirtualClock();
  const random = seededRandom(storm.seed);
  return inVirtualTime(clock, random, () => play(storm, protect, clock, random));
}

async function play(
  storm: Storm,
  protect: Protection,
  clock: VirtualClock,
  random: () => number,
): Promise<StormOutcome> {
  const { capacityPerSecond, outageAt, outageSeconds, endAt } = storm;
  const dependency = new Dependency({ clock, capacityPerSecond, latencyMs: 20, queueMs: 5_000 });
  const timeline = new Timeline();
  const load = { requests: 0, calls: 0 };
  const clients = Array.from({ length: storm.clients }, () => protect({ clock, random }));

  const at = (second: number, action: () => void) => clock.setTimer(action, second * 1_000);
  at(outageAt, () => {
    dependency.fault = { down: true };
    load.requests = -dependency.requests;
  });
  at(outageAt + outageSeconds, () => {
    dependency.fault = {};
    load.requests += dependency.requests;
  });
  const call = () => {
    const client = clients[Math.floor(random() * clients.length)];
    const second = Math.floor(clock.now() / 1_000);
    if (dependency.fault.down) load.calls++;
    client?.(dependency.request).then(
      () => timeline.succeeded(second),
      () => timeline.failed(second),
    );
    const gapSeconds = -Math.log(1 - random()) / storm.callsPerSecond;
    if (clock.now() / 1_000 + gapSeconds < endAt) at(gapSeconds, call);
  };
  call();
  // Long enough for the last retries.
  await clock.run((endAt + 60) * 1_000);

  const upAt = outageAt + outageSeconds;
  return {
    calls: load.calls,
    load: load.requests / load.calls,
    goodputAfter: timeline.successRatio(upAt, upAt + 60),
    recoveredAfter: timeline.steadyFrom(upAt, endAt),
  };
}
