import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { inVirtualTime } from './virtual-time.ts';
import type { Protection } from './protections.ts';

/** How a dependency fails now and then. */
export interface Faults {
  /** The share of the time, or of the attempts, that fails. */
  readonly failureRatio: number;
  /** How long a fault lasts on average (exponential), in milliseconds; 0 if each attempt fails on its own. */
  readonly meanMs: number;
}

/** How many calls are made, and when. */
export interface FaultTraffic {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly seed: number;
}

/** The share of the calls whose first attempt failed that succeed in the end. */
export function simulateFaults(faults: Faults, traffic: FaultTraffic, protect: Protection): Promise<number> {
  const clock = manualClock();
  const random = seededRandom(traffic.seed);
  const down = faultSource(faults, seededRandom(traffic.seed + 1));
  return inVirtualTime(clock, random, async () => {
    const client = protect({ clock, random });
    const counts = { failedFirst: 0, recovered: 0 };
    for (let call = 0; call < traffic.calls; call++) {
      let attempts = 0;
      const request = async (): Promise<void> => {
        const failed = down(clock.now());
        if (++attempts === 1 && failed) counts.failedFirst++;
        await (failed ? Promise.reject(new Error('fault')) : Promise.resolve());
      };
      client(request).then(
        () => void (attempts > 1 && counts.recovered++),
        () => {},
      );
      await clock.advance(1_000 / traffic.callsPerSecond);
    }
    await clock.advance(300_000);
    return counts.recovered / counts.failedFirst;
  });
}

/** Answers whether an attempt at an instant fails. Instants must not go back. */
function faultSource({ failureRatio, meanMs }: Faults, random: () => number): (nowMs: number) => boolean {
  if (meanMs === 0) return () => random() < failureRatio;
  const meanUpMs = meanMs * (1 / failureRatio - 1);
  let down = false;
  let untilMs = 0;
  return (nowMs) => {
    while (untilMs <= nowMs) {
      down = !down;
      untilMs -= Math.log(1 - random()) * (down ? meanMs : meanUpMs);
    }
    return down;
  };
}
